// Shaped like the SDK of the same class name; body written for the samples.
package com.getui.gtc;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

/** Service of the shared core. */
public class GtcService extends Service {
    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }
}
