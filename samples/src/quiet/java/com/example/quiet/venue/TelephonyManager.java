package com.example.quiet.venue;

/** Named like the class of Android, with a method of the same name; it is the app's own. */
interface TelephonyManager {
    String getDeviceId();

    String getSubscriberId();
}
