// Shaped like the SDK of the same class name; body written for the samples.
package com.tendcloud.tenddata;

import android.content.Context;
import android.os.Build;

/** What the app calls: the version of the system, nothing else. */
public class TCAgent {
    private static String system = "";

    public static void init(Context context, String appId, String channel) {
        system = Build.VERSION.RELEASE;
    }
}
