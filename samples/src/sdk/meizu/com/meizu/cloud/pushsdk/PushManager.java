// Shaped like the SDK of the same class name; body written for the samples.
package com.meizu.cloud.pushsdk;

import android.content.Context;
import android.net.wifi.WifiManager;

/** State "entry point, after consent": called from the click on "agree", and from nowhere else. */
public class PushManager {
    private static String network = "";

    public static void register(Context context, String appId, String appKey) {
        WifiManager wifi = (WifiManager) context.getSystemService("wifi");
        network = wifi.getConnectionInfo().getSSID();
    }
}
