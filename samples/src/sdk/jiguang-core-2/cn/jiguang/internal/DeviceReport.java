// Shaped like the SDK of the same class name; body written for the samples.
package cn.jiguang.internal;

import android.content.Context;
import android.net.wifi.WifiInfo;
import android.net.wifi.WifiManager;
import android.os.Build;
import android.provider.Settings;
import android.telephony.TelephonyManager;

/** What the older generation of the core reports: it still reads the IMEI and the hotspot. */
public final class DeviceReport {
    private DeviceReport() {}

    public static String collect(Context context) {
        TelephonyManager phone = (TelephonyManager) context.getSystemService("phone");
        WifiInfo wifi = ((WifiManager) context.getSystemService("wifi")).getConnectionInfo();
        return "aid=" + Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID)
                + "&imei=" + phone.getDeviceId()
                + "&ssid=" + wifi.getSSID()
                + "&bssid=" + wifi.getBSSID()
                + "&model=" + Build.MODEL;
    }

    /** Implemented in libjcore270.so. */
    public static native String sign(String body);
}
