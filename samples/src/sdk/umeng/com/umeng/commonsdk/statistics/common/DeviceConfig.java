// Shaped like the SDK of the same class name; body written for the samples.
package com.umeng.commonsdk.statistics.common;

import android.content.Context;
import android.net.ConnectivityManager;
import android.os.Build;
import android.provider.Settings;

/** Device facts for statistics. */
public class DeviceConfig {
    public static String getAndroidId(Context context) {
        return Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID);
    }

    public static String getModel() {
        return Build.BRAND + " " + Build.MODEL;
    }

    public static String getNetworkAccessMode(Context context) {
        ConnectivityManager net = (ConnectivityManager) context.getSystemService("connectivity");
        return net.getActiveNetworkInfo().getTypeName();
    }
}
