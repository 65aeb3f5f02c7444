// Shaped like the SDK of the same class name; body written for the samples.
package cn.jpush.android.service;

import android.app.Activity;
import android.os.Bundle;

/** Opens what a notification points to. */
public class JNotifyActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        finish();
    }
}
