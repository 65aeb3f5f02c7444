// Shaped like the SDK of the same class name; body written for the samples.
package cn.jiguang.net;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;

/** Sends one report to the push service. */
public final class Transport {
    private Transport() {}

    public static void post(String url, String body) throws IOException {
        HttpURLConnection c = (HttpURLConnection) new URL(url).openConnection();
        c.setDoOutput(true);
        OutputStream out = c.getOutputStream();
        out.write(body.getBytes("UTF-8"));
        out.close();
        c.getResponseCode();
    }
}
