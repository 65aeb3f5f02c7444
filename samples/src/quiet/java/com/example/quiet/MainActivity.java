package com.example.quiet;

import android.app.Activity;
import android.os.Bundle;
import android.view.View;
import com.baidu.speech.EventManagerFactory;
import com.example.quiet.venue.GateTelephone;
import com.example.quiet.venue.VenueLocation;
import com.growingio.android.sdk.collection.GrowingIO;

/** Everything starts from a button: "agree", "speak" or "scan". */
public class MainActivity extends Activity {
    private String heading = "";

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        setContentView(R.layout.main);
        VenueLocation venue = new VenueLocation();
        heading = new GateTelephone("A3").getDeviceId() + ' ' + venue.getLatitude() + ',' + venue.getLongitude();
        findViewById(R.id.agree).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View view) {
                GrowingIO.startWithConfiguration(MainActivity.this, "sample");
            }
        });
        findViewById(R.id.speak).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View view) {
                requestPermissions(new String[] {"android.permission.RECORD_AUDIO"}, 1);
                EventManagerFactory.create(MainActivity.this, "asr").send("asr.start");
            }
        });
        Appearance.apply(this);
    }
}
