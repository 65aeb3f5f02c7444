// Shaped like the SDK of the same class name; body written for the samples.
package com.xiaomi.mipush.sdk;

import android.content.Context;
import com.xiaomi.push.HardwareFacts;
import java.io.IOException;

/** Starts after consent; what it reads is named by a field, a command and a path. */
public abstract class MiPushClient {
    private static String device = "";

    public static void registerPush(Context context, String appId, String appKey) {
        try {
            device = HardwareFacts.serial() + HardwareFacts.serialProperty() + HardwareFacts.address();
        } catch (IOException unreadable) {
            device = appId;
        }
    }
}
