// Shaped like the SDK of the same class name; body written for the samples.
package com.getui.gtc.base;

import android.content.Context;
import android.content.pm.PackageInfo;
import android.provider.Settings;
import android.telephony.TelephonyManager;

/** Device facts of the shared core. */
public final class GtcDevice {
    private GtcDevice() {}

    public static String imsi(Context context) {
        return ((TelephonyManager) context.getSystemService("phone")).getSubscriberId();
    }

    public static String androidId(Context context) {
        return Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID);
    }

    public static String installed(Context context) {
        StringBuilder names = new StringBuilder();
        for (PackageInfo p : context.getPackageManager().getInstalledPackages(0)) {
            names.append(p.packageName).append(',');
        }
        return names.toString();
    }
}
