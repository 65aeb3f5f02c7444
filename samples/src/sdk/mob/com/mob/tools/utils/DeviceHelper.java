// Shaped like the SDK of the same class name; body written for the samples.
package com.mob.tools.utils;

import android.content.Context;
import android.net.wifi.WifiManager;

/** Reads the address of the wireless interface. */
public final class DeviceHelper {
    private DeviceHelper() {}

    public static String macAddress(Context context) {
        WifiManager wifi = (WifiManager) context.getSystemService("wifi");
        return wifi.getConnectionInfo().getMacAddress();
    }
}
