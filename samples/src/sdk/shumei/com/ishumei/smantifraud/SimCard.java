// Shaped like the SDK of the same class name; body written for the samples.
package com.ishumei.smantifraud;

import android.content.Context;
import android.telephony.TelephonyManager;

/** State "unreached": package-private, never instantiated, called by nobody. */
class SimCard {
    private final Context context;

    SimCard(Context context) {
        this.context = context;
    }

    String imsi() {
        return ((TelephonyManager) context.getSystemService("phone")).getSubscriberId();
    }
}
