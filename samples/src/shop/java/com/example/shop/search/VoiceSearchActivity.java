package com.example.shop.search;

import android.app.Activity;
import android.media.MediaRecorder;
import android.os.Bundle;
import java.io.IOException;

/** Spoken search: the function that the privacy policy forgot. */
public class VoiceSearchActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        requestPermissions(new String[] {"android.permission.RECORD_AUDIO"}, 2);
        MediaRecorder recorder = new MediaRecorder();
        recorder.setAudioSource(1);
        recorder.setOutputFormat(1);
        recorder.setAudioEncoder(1);
        recorder.setOutputFile(getCacheDir() + "/query.3gp");
        try {
            recorder.prepare();
            recorder.start();
            recorder.stop();
        } catch (IOException unavailable) {
            finish();
        }
        recorder.release();
    }
}
