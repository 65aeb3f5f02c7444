// Shaped like the SDK of the same class name; body written for the samples.
package com.sensorsdata.analytics.android.sdk.util;

import android.content.Context;
import android.provider.Settings;

/** The reads, each with its key as a parameter, and the methods that make the keys. */
public final class SettingsReader {
    private static final String FIRST;

    static {
        FIRST = "android";
    }

    private SettingsReader() {}

    /** A constant returned by a small method. */
    public static String returnedKey() {
        return "android_id";
    }

    /** A constant put together from a static field and the result of a method. */
    public static String builtKey() {
        return new StringBuilder().append(FIRST).append(second()).toString();
    }

    private static String second() {
        return "_id";
    }

    public static String read(Context context, String key) {
        return Settings.Secure.getString(context.getContentResolver(), key);
    }

    public static String readAgain(Context context, String key) {
        return Settings.System.getString(context.getContentResolver(), key);
    }
}
