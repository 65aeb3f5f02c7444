package com.example.shop.scan;

import android.app.Activity;
import android.hardware.Camera;
import android.os.Bundle;

/** Scans the code on a parcel. */
public class ScanActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        requestPermissions(new String[] {"android.permission.CAMERA"}, 1);
        Camera camera = Camera.open();
        camera.startPreview();
        camera.release();
    }
}
