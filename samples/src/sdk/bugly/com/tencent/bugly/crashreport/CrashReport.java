// Shaped like the SDK of the same class name; body written for the samples.
package com.tencent.bugly.crashreport;

import android.content.Context;
import com.tencent.bugly.crashreport.common.info.DeviceInfo;

/** State "entry point, before consent": the app calls it from Application.onCreate. */
public class CrashReport {
    private static String device = "";

    public static void initCrashReport(Context context, String appId, boolean debug) {
        device = DeviceInfo.androidId(context) + '|' + DeviceInfo.imei(context);
    }
}
