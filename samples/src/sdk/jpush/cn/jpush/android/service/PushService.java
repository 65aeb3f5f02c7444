// Shaped like the SDK of the same class name; body written for the samples.
package cn.jpush.android.service;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

/** Keeps the long connection. */
public class PushService extends Service {
    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }
}
