// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.net.wifi;

public class WifiManager {
    public WifiInfo getConnectionInfo() { return null; }
}
