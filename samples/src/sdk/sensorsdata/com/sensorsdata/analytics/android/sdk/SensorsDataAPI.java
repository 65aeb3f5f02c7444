// Shaped like the SDK of the same class name; body written for the samples.
package com.sensorsdata.analytics.android.sdk;

import android.content.Context;
import com.sensorsdata.analytics.android.sdk.util.SettingsReader;

/** Keyed constants: both keys are "android_id", and neither stands at the call that reads. */
public class SensorsDataAPI {
    private static String distinctId = "";

    public static void startWithConfigOptions(Context context, String serverUrl) {
        distinctId = SettingsReader.read(context, SettingsReader.returnedKey());
        if (distinctId == null) {
            distinctId = SettingsReader.readAgain(context, SettingsReader.builtKey());
        }
    }
}
