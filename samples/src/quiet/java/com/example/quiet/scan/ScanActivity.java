package com.example.quiet.scan;

import android.app.Activity;
import android.hardware.Camera;
import android.os.Bundle;

/** Scans the code on a ticket: the app's own access, named in the policy. */
public class ScanActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        requestPermissions(new String[] {"android.permission.CAMERA"}, 2);
        Camera camera = Camera.open();
        camera.startPreview();
        camera.release();
    }
}
