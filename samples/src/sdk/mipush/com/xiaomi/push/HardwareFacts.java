// Shaped like the SDK of the same class name; body written for the samples.
package com.xiaomi.push;

import android.os.Build;
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;

/** Access without a method that says so: a field, a command, a file. */
public final class HardwareFacts {
    private HardwareFacts() {}

    public static String serial() {
        return Build.SERIAL;
    }

    public static String serialProperty() throws IOException {
        Process process = Runtime.getRuntime().exec("getprop ro.serialno");
        return firstLine(new InputStreamReader(process.getInputStream()));
    }

    public static String address() throws IOException {
        return firstLine(new FileReader("/sys/class/net/wlan0/address"));
    }

    private static String firstLine(Reader source) throws IOException {
        try (BufferedReader lines = new BufferedReader(source)) {
            return lines.readLine();
        }
    }
}
