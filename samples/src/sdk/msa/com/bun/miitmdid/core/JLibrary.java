// Shaped like the SDK of the same class name; body written for the samples.
package com.bun.miitmdid.core;

import android.content.Context;

/** Loads the native part. */
public class JLibrary {
    private JLibrary() {}

    public static void InitEntry(Context context) {
        System.loadLibrary("msaoaidsec");
    }

    /** Implemented in libmsaoaidsec.so. */
    public static native int check(String certificate);
}
