// Shaped like the SDK of the same class name; body written for the samples.
package com.umeng.common;

/** Version marker. */
public class AnalyticsSdkVersion {
    public static final String SDK_VERSION = "9.6.3";
}
