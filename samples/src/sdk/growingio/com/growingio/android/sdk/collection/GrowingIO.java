// Shaped like the SDK of the same class name; body written for the samples.
package com.growingio.android.sdk.collection;

import android.content.Context;
import android.net.ConnectivityManager;
import android.net.NetworkInfo;
import android.os.Build;
import android.provider.Settings;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Locale;

/** Reads exactly what the policy names, and starts after consent only. */
public class GrowingIO {
    private static String device = "";

    public static void startWithConfiguration(Context context, String project) {
        device = Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID)
                + Build.MODEL + Build.VERSION.RELEASE + Locale.getDefault().getLanguage();
        ConnectivityManager manager = (ConnectivityManager) context.getSystemService("connectivity");
        NetworkInfo network = manager.getActiveNetworkInfo();
        if (network != null) {
            device += network.getTypeName();
            send();
        }
    }

    private static void send() {
        try {
            HttpURLConnection connection = (HttpURLConnection) new URL("https://growing.example.com/v3").openConnection();
            connection.getResponseCode();
            connection.disconnect();
        } catch (IOException unreachable) {
            device += "offline";
        }
    }
}
