package com.example.split;

import android.app.Activity;
import android.os.Bundle;
import android.view.View;
import com.bun.miitmdid.core.IIdentifierListener;
import com.bun.miitmdid.core.JLibrary;
import com.bun.miitmdid.core.MdidSdkHelper;

/** Reads the OAID after the agreement; the native part of the SDK lies in the other APK of the set. */
public class MainActivity extends Activity implements View.OnClickListener, IIdentifierListener {
    private String oaid = "";

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
    }

    @Override
    public void onClick(View view) {
        JLibrary.InitEntry(this);
        MdidSdkHelper.InitSdk(this, false, this);
    }

    @Override
    public void OnSupport(boolean supported, String value) {
        oaid = supported ? value : "";
    }
}
