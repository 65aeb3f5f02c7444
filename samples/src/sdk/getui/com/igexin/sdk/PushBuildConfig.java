// Shaped like the SDK of the same class name; body written for the samples.
package com.igexin.sdk;

/** Version marker. */
public class PushBuildConfig {
    public static final String sdk_conf_version = "3.2.12.0";
}
