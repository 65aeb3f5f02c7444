// Shaped like the SDK of the same class name; body written for the samples.
package com.bytedance.sdk.openadsdk;

import android.content.Context;
import android.net.wifi.WifiManager;
import android.os.Handler;
import android.os.Looper;
import android.telephony.TelephonyManager;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Work handed over: each read sits in a method that another thread or the message loop calls. */
public class TTAdSdk {
    static volatile String device = "";

    public static void init(final Context context, String appId) {
        new Thread(new SimReader(context)).start();
        new Handler(Looper.getMainLooper()).post(new Runnable() {
            @Override
            public void run() {
                device += ((TelephonyManager) context.getSystemService("phone")).getNetworkOperatorName();
            }
        });
        new ProcessTask().execute(context);
        Executor executor = Executors.newSingleThreadExecutor();
        executor.execute(() -> device += accessPoint(context));
    }

    private static String accessPoint(Context context) {
        return ((WifiManager) context.getSystemService("wifi")).getConnectionInfo().getBSSID();
    }
}
