package com.example.nested;

import android.app.Activity;
import android.os.Bundle;
import dalvik.system.DexClassLoader;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Copies an asset to the cache and runs it: the code of an SDK that classes.dex does not show. */
public class MainActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        File plugin = new File(getCacheDir(), "plugin.dex");
        try {
            copy(getAssets().open("plugin.dat"), plugin);
            new DexClassLoader(plugin.getPath(), getCacheDir().getPath(), null, getClassLoader())
                    .loadClass("com.example.nested.plugin.Plugin");
        } catch (IOException | ClassNotFoundException broken) {
            finish();
        }
    }

    private static void copy(InputStream in, File to) throws IOException {
        FileOutputStream out = new FileOutputStream(to);
        byte[] block = new byte[4096];
        for (int n = in.read(block); n > 0; n = in.read(block)) {
            out.write(block, 0, n);
        }
        out.close();
        in.close();
    }
}
