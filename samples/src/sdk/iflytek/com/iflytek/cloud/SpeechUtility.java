// Shaped like the SDK of the same class name; body written for the samples.
package com.iflytek.cloud;

import android.content.Context;
import com.iflytek.msc.MSC;

/** Starts after consent; the Java part reads nothing. */
public class SpeechUtility {
    private static String tag = "";

    public static void createUtility(Context context, String parameters) {
        tag = MSC.deviceTag();
    }
}
