// Shaped like the SDK of the same class name; body written for the samples.
package com.baidu.mobstat;

import android.content.Context;
import android.net.ConnectivityManager;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;

/** Hosts: one that is spoken to in the clear, one that is not. Both are invented. */
public class StatService {
    private static final String REPORT = "http://mobstat.example.com/report";
    private static final String SETTINGS = "https://mobstat-settings.example.com/v2";

    public static void start(final Context context) {
        new Thread() {
            @Override
            public void run() {
                ConnectivityManager network = (ConnectivityManager) context.getSystemService("connectivity");
                if (network.getActiveNetworkInfo() != null) {
                    connect(SETTINGS);
                    connect(REPORT);
                }
            }
        }.start();
    }

    private static void connect(String address) {
        try {
            HttpURLConnection connection = (HttpURLConnection) new URL(address).openConnection();
            connection.getResponseCode();
            connection.disconnect();
        } catch (IOException unreachable) {
            // Later.
        }
    }
}
