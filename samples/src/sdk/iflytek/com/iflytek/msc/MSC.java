// Shaped like the SDK of the same class name; body written for the samples.
package com.iflytek.msc;

/** State "candidate": its native library names a system property that holds the serial number. */
public final class MSC {
    static {
        System.loadLibrary("msc");
    }

    private MSC() {}

    public static native String deviceTag();
}
