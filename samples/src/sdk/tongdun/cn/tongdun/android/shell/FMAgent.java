// Shaped like the SDK of the same class name; body written for the samples.
package cn.tongdun.android.shell;

import android.content.Context;
import cn.tongdun.android.core.HiddenCalls;

/** Starts after consent; all it reads, it reads by reflection. */
public class FMAgent {
    private static String fingerprint = "";

    public static void init(Context context, String environment) {
        Object phone = context.getSystemService("phone");
        try {
            fingerprint = HiddenCalls.imei(phone) + "|" + HiddenCalls.imsi(phone);
        } catch (ReflectiveOperationException missing) {
            fingerprint = environment;
        }
    }
}
