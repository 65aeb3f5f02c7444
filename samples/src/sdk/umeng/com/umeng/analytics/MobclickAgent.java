// Shaped like the SDK of the same class name; body written for the samples.
package com.umeng.analytics;

import android.content.Context;
import com.umeng.commonsdk.UMConfigure;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;

/** Page and event statistics. */
public class MobclickAgent {
    private MobclickAgent() {}

    public static void onEvent(Context context, String event) {
        try {
            HttpURLConnection c = (HttpURLConnection) new URL("https://ulogs.umeng.com/unify_logs").openConnection();
            c.setDoOutput(true);
            OutputStream out = c.getOutputStream();
            out.write((event + "|" + UMConfigure.device()).getBytes("UTF-8"));
            out.close();
            c.getResponseCode();
        } catch (IOException offline) {
            // Dropped: a sample has no queue.
        }
    }
}
