// Shaped like the SDK of the same class name; body written for the samples.
package com.bytedance.sdk.openadsdk;

import android.content.Context;
import android.telephony.TelephonyManager;

/** Runs on a Thread. */
class SimReader implements Runnable {
    private final Context context;

    SimReader(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        TTAdSdk.device += ((TelephonyManager) context.getSystemService("phone")).getSimSerialNumber();
    }
}
