// Shaped like the SDK of the same class name; body written for the samples.
package com.umeng.commonsdk;

import android.content.Context;
import com.umeng.commonsdk.statistics.common.DeviceConfig;

/** Shared initialisation of the family. */
public class UMConfigure {
    public static final int DEVICE_TYPE_PHONE = 1;
    private static String device;

    private UMConfigure() {}

    /** Before consent: remembers nothing but the fact. */
    public static void preInit(Context context, String appKey, String channel) {}

    public static void init(Context context, String appKey, String channel, int deviceType, String pushSecret) {
        device = DeviceConfig.getAndroidId(context) + "|" + DeviceConfig.getModel()
                + "|" + DeviceConfig.getNetworkAccessMode(context);
    }

    public static String device() {
        return device;
    }
}
