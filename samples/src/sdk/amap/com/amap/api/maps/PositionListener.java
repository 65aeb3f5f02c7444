// Shaped like the SDK of the same class name; body written for the samples.
package com.amap.api.maps;

import android.location.Location;
import android.location.LocationListener;
import android.os.Bundle;

/** The callback: the location is a parameter; the latitude is read through a subclass of Location. */
class PositionListener implements LocationListener {
    private String place = "";

    @Override
    public void onLocationChanged(Location location) {
        Position position = new Position(location);
        place = position.getLatitude() + "," + location.getLongitude();
    }

    @Override
    public void onStatusChanged(String provider, int status, Bundle extras) {}

    @Override
    public void onProviderEnabled(String provider) {}

    @Override
    public void onProviderDisabled(String provider) {}
}
