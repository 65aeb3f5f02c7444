package com.example.quiet;

import android.content.Context;
import android.content.pm.PackageManager;
import android.os.Build;
import android.provider.Settings;
import android.util.DisplayMetrics;
import java.util.Locale;
import org.json.JSONException;
import org.json.JSONObject;

/** Reads that say nothing about a person, and strings that only look like keys. */
final class Appearance {
    private static String title = "";

    private Appearance() {}

    static void apply(Context context) {
        DisplayMetrics screen = context.getResources().getDisplayMetrics();
        boolean small = screen.widthPixels < 720 || Build.VERSION.SDK_INT < 24;
        title = version(context) + Build.MODEL + Locale.getDefault().getLanguage() + small + inverted(context)
                + ticketOf("{\"android_id\":\"printed\",\"imei\":\"none\"}");
    }

    /** A settings key that is no personal data. */
    private static String inverted(Context context) {
        return Settings.Secure.getString(
                context.getContentResolver(), "accessibility_display_inversion_enabled");
    }

    /** One package, the app's own: no list of apps. */
    private static String version(Context context) {
        try {
            return context.getPackageManager().getPackageInfo(context.getPackageName(), 0).versionName;
        } catch (PackageManager.NameNotFoundException impossible) {
            return "";
        }
    }

    /** "android_id" and "imei" as names in a server's answer: nothing is read from the phone. */
    private static String ticketOf(String answer) {
        try {
            JSONObject json = new JSONObject(answer);
            return json.optString("android_id") + json.optString("imei");
        } catch (JSONException unreadable) {
            return "";
        }
    }
}
