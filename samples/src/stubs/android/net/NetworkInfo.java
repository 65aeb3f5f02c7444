// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.net;

public class NetworkInfo {
    public String getTypeName() { return null; }
}
