// Shaped like the library of the same class name; body written for the samples.
package com.lidroid.xutils.util;

import android.content.Context;
import android.provider.Settings;

/** Shared helper code of a plain library: the read belongs to whoever calls it, here GeeTest alone. */
public class OtherUtils {
    private OtherUtils() {}

    public static String deviceId(Context context) {
        return Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID);
    }
}
