// Shaped like the library of the same class name; body written for the samples.
package android.support.v4.net;

import android.net.ConnectivityManager;

/** Platform code that no owner calls: the read belongs to nobody. */
public final class ConnectivityManagerCompat {
    private ConnectivityManagerCompat() {}

    public static boolean isConnected(ConnectivityManager network) {
        return network.getActiveNetworkInfo() != null;
    }
}
