package com.example.clean;

import android.app.Activity;
import android.os.Bundle;
import android.view.View;
import cn.jpush.android.api.JPushInterface;
import com.bun.miitmdid.core.IIdentifierListener;
import com.bun.miitmdid.core.JLibrary;
import com.bun.miitmdid.core.MdidSdkHelper;
import com.umeng.analytics.MobclickAgent;
import com.umeng.commonsdk.UMConfigure;

/** Every SDK starts from the button "agree", and nowhere else. */
public class MainActivity extends Activity implements View.OnClickListener, IIdentifierListener {
    private String oaid = "";

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
    }

    @Override
    public void onClick(View view) {
        requestPermissions(new String[] {"android.permission.POST_NOTIFICATIONS"}, 1);
        JLibrary.InitEntry(this);
        MdidSdkHelper.InitSdk(this, false, this);
        UMConfigure.init(this, "sample", "website", UMConfigure.DEVICE_TYPE_PHONE, "");
        MobclickAgent.onEvent(this, "open");
        JPushInterface.init(this);
    }

    @Override
    public void OnSupport(boolean supported, String value) {
        oaid = supported ? value : "";
    }
}
