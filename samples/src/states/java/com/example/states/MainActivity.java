package com.example.states;

import android.app.Activity;
import android.database.Cursor;
import android.os.Bundle;
import android.provider.MediaStore;
import android.view.View;
import cn.smssdk.SMSSDK;
import cn.tongdun.android.shell.FMAgent;
import com.amap.api.maps.AMap;
import com.baidu.mobstat.StatService;
import com.bytedance.sdk.openadsdk.TTAdSdk;
import com.geetest.sdk.GT3GeetestUtils;
import com.iflytek.cloud.SpeechUtility;
import com.ishumei.smantifraud.SmAntiFraud;
import com.meizu.cloud.pushsdk.PushManager;
import com.sensorsdata.analytics.android.sdk.SensorsDataAPI;
import com.tendcloud.tenddata.TCAgent;
import com.xiaomi.mipush.sdk.MiPushClient;

/** Every SDK but two starts from the button "agree". */
public class MainActivity extends Activity {
    private String avatar = "";

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        setContentView(R.layout.main);
        findViewById(R.id.agree).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View view) {
                startSdks();
            }
        });
    }

    private void startSdks() {
        PushManager.register(this, "sample", "sample");
        SmAntiFraud.create(this, "sample");
        TCAgent.init(this, "sample", "website");
        FMAgent.init(this, "sandbox");
        SensorsDataAPI.startWithConfigOptions(this, "");
        new GT3GeetestUtils(this).startCustomFlow();
        TTAdSdk.init(this, "sample");
        MiPushClient.registerPush(this, "sample", "sample");
        new AMap(this).setMyLocationEnabled(true);
        SpeechUtility.createUtility(this, "appid=sample");
        StatService.start(this);
        SMSSDK.waitForCode(this);
    }

    /** The app's own access: named by android:onClick in the layout, and by no code. */
    public void pickAvatar(View view) {
        Cursor pictures = getContentResolver()
                .query(MediaStore.Images.Media.EXTERNAL_CONTENT_URI, new String[] {"_data"}, null, null, null);
        avatar = pictures.moveToFirst() ? pictures.getString(0) : "";
        pictures.close();
    }
}
