// Shaped like the SDK of the same class name; body written for the samples.
package com.amap.api.maps;

import android.location.Location;

/** Inherits what it does not override: a call on it is a call of Location. */
class Position extends Location {
    Position(Location other) {
        super(other);
    }
}
