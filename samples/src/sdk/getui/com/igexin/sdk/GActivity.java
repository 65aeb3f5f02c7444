// Shaped like the SDK of the same class name; body written for the samples.
package com.igexin.sdk;

import android.app.Activity;
import android.os.Bundle;

/** Keeps the service alive. */
public class GActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        finish();
    }
}
