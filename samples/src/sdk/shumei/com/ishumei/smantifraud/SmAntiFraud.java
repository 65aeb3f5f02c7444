// Shaped like the SDK of the same class name; body written for the samples.
package com.ishumei.smantifraud;

import android.content.Context;
import android.os.Build;

/** What the app calls: the model of the phone, nothing else. */
public class SmAntiFraud {
    private static String device = "";

    public static boolean create(Context context, String organization) {
        device = organization + Build.MODEL;
        return true;
    }
}
