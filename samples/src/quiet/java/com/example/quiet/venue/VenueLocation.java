package com.example.quiet.venue;

import android.location.Location;

/** Where the theatre stands: overrides the methods of Android, so that no call reaches them. */
public final class VenueLocation extends Location {
    public VenueLocation() {
        super("venue");
    }

    @Override
    public double getLatitude() {
        return 31.23;
    }

    @Override
    public double getLongitude() {
        return 121.47;
    }
}
