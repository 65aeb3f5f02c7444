// Shaped like the SDK of the same class name; body written for the samples.
package com.amap.api.maps;

import android.content.Context;
import android.location.LocationManager;

/** Asks the system for locations, which come to the SDK's own listener. */
public class AMap {
    private final Context context;

    public AMap(Context context) {
        this.context = context;
    }

    public void setMyLocationEnabled(boolean enabled) {
        if (enabled) {
            LocationManager manager = (LocationManager) context.getSystemService("location");
            manager.requestLocationUpdates("gps", 1000L, 1f, new PositionListener());
        }
    }
}
