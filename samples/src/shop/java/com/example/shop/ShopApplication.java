package com.example.shop;

import android.app.Application;
import cn.jpush.android.api.JPushInterface;
import com.umeng.commonsdk.UMConfigure;

/** Starts the push client at once, before anybody agreed to anything: a defect on purpose. */
public class ShopApplication extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
        JPushInterface.setDebugMode(false);
        JPushInterface.init(this);
        UMConfigure.preInit(this, "sample", "website");
    }
}
