package com.example.clean;

import android.app.Application;
import com.umeng.commonsdk.UMConfigure;

/** Starts nothing that reads or sends before the agreement. */
public class CleanApplication extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
        UMConfigure.preInit(this, "sample", "website");
    }
}
