// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.location;

public class Location {
    public Location(String provider) {}
    public Location(Location other) {}
    public double getLatitude() { return 0; }
    public double getLongitude() { return 0; }
}
