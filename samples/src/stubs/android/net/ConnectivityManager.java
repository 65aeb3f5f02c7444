// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.net;

public class ConnectivityManager {
    public NetworkInfo getActiveNetworkInfo() { return null; }
}
