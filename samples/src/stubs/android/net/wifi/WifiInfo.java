// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.net.wifi;

public class WifiInfo {
    public String getSSID() { return null; }
    public String getBSSID() { return null; }
    public String getMacAddress() { return null; }
}
