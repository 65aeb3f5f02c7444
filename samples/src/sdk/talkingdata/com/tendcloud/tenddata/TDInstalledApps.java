// Shaped like the SDK of the same class name; body written for the samples.
package com.tendcloud.tenddata;

import android.content.Context;
import android.content.pm.PackageManager;

/** State "SDK's API only": public, for apps to call; this app does not. */
public class TDInstalledApps {
    public static int count(Context context) {
        PackageManager packages = context.getPackageManager();
        return packages.getInstalledPackages(0).size();
    }
}
