// Shaped like the SDK of the same class name; body written for the samples.
package com.igexin.sdk;

import android.app.Service;
import android.content.Context;
import android.content.Intent;
import android.os.IBinder;

/** Base class of the service through which an app gets its messages. */
public abstract class GTIntentService extends Service {
    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }

    public abstract void onReceiveClientId(Context context, String clientId);
}
