// Shaped like the SDK of the same class name; body written for the samples.
package com.tencent.bugly.crashreport.common.info;

import android.content.Context;
import android.provider.Settings;
import android.telephony.TelephonyManager;

/** Reads what the crash report carries. */
public final class DeviceInfo {
    private DeviceInfo() {}

    public static String androidId(Context context) {
        return Settings.Secure.getString(context.getContentResolver(), "android_id");
    }

    public static String imei(Context context) {
        return ((TelephonyManager) context.getSystemService("phone")).getDeviceId();
    }
}
