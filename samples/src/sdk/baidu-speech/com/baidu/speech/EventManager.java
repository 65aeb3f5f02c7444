// Shaped like the SDK of the same class name; body written for the samples.
package com.baidu.speech;

import android.media.AudioRecord;

/** Listens to a spoken query: sensitive, and disclosed with its permission. */
public class EventManager {
    public int send(String event) {
        if (!"asr.start".equals(event)) {
            return 0;
        }
        byte[] sound = new byte[3200];
        AudioRecord microphone = new AudioRecord(1, 16000, 16, 2, sound.length);
        microphone.startRecording();
        int length = microphone.read(sound, 0, sound.length);
        microphone.stop();
        microphone.release();
        return length;
    }
}
