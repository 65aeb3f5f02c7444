// Shaped like the SDK of the same class name; body written for the samples.
package cn.jiguang.internal;

import android.content.Context;
import android.net.ConnectivityManager;
import android.os.Build;
import android.provider.Settings;

/** What the newer generation of the core reports: no hardware identifier. */
public final class DeviceReport {
    private DeviceReport() {}

    public static String collect(Context context) {
        ConnectivityManager net = (ConnectivityManager) context.getSystemService("connectivity");
        return "aid=" + Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID)
                + "&net=" + net.getActiveNetworkInfo().getTypeName()
                + "&model=" + Build.MODEL
                + "&os=" + Build.VERSION.RELEASE;
    }
}
