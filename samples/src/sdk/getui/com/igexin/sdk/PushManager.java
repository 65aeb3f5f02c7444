// Shaped like the SDK of the same class name; body written for the samples.
package com.igexin.sdk;

import android.content.Context;
import com.getui.gtc.base.GtcDevice;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;

/** Entry point of the push client. */
public class PushManager {
    private static final PushManager INSTANCE = new PushManager();

    private PushManager() {}

    public static PushManager getInstance() {
        return INSTANCE;
    }

    public void initialize(Context context) {
        String body = GtcDevice.imsi(context) + "|" + GtcDevice.androidId(context) + "|" + GtcDevice.installed(context);
        try {
            HttpURLConnection c = (HttpURLConnection) new URL("https://sdk-open-phone.getui.com/api.php").openConnection();
            c.setDoOutput(true);
            OutputStream out = c.getOutputStream();
            out.write(body.getBytes("UTF-8"));
            out.close();
            c.getResponseCode();
        } catch (IOException offline) {
            // Dropped: a sample has no queue.
        }
    }
}
