// Shaped like the SDK of the same class name; body written for the samples.
package com.geetest.sdk;

import android.content.Context;
import com.lidroid.xutils.util.OtherUtils;

/** Reads nothing itself: it has a library read for it. */
public class GT3GeetestUtils {
    private final Context context;
    private String device = "";

    public GT3GeetestUtils(Context context) {
        this.context = context;
    }

    public void startCustomFlow() {
        device = OtherUtils.deviceId(context);
    }
}
