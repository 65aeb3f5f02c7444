package com.example.shop;

import android.app.Activity;
import android.content.SharedPreferences;
import android.os.Bundle;
import android.view.View;
import com.igexin.sdk.PushManager;
import com.umeng.analytics.MobclickAgent;
import com.umeng.commonsdk.UMConfigure;

/** Shop window; the analytics and the second push client start after the agreement. */
public class MainActivity extends Activity implements View.OnClickListener {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        SharedPreferences settings = getSharedPreferences("privacy", 0);
        if (settings.getBoolean("agreed", false)) {
            startSdks();
        }
    }

    /** The button "agree" of the privacy dialog. */
    @Override
    public void onClick(View view) {
        getSharedPreferences("privacy", 0).edit().putBoolean("agreed", true).apply();
        startSdks();
    }

    private void startSdks() {
        UMConfigure.init(this, "sample", "website", UMConfigure.DEVICE_TYPE_PHONE, "");
        PushManager.getInstance().initialize(this);
        MobclickAgent.onEvent(this, "open");
    }
}
