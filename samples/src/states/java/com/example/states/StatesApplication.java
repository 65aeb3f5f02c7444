package com.example.states;

import android.app.Application;
import com.tencent.bugly.crashreport.CrashReport;

/** Starts Bugly at once, before anybody agreed to anything: a defect on purpose. */
public class StatesApplication extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
        CrashReport.initCrashReport(this, "sample", false);
    }
}
