// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.location;

public class LocationManager {
    public void requestLocationUpdates(String provider, long time, float distance, LocationListener l) {}
}
