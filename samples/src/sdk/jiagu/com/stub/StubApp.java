// Shaped like the SDK of the same class name; body written for the samples.
package com.stub;

import android.app.Application;
import android.content.Context;

/** The packer's Application: loads the native part, which would unpack the real code. */
public final class StubApp extends Application {
    @Override
    protected void attachBaseContext(Context base) {
        super.attachBaseContext(base);
        System.loadLibrary("jiagu");
        interface5(this);
    }

    public static native void interface5(Application app);
}
