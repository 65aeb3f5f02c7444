// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.media;

public class MediaRecorder {
    public void setAudioSource(int s) {}
    public void setOutputFormat(int f) {}
    public void setAudioEncoder(int e) {}
    public void setOutputFile(String p) {}
    public void prepare() throws java.io.IOException {}
    public void start() {}
    public void stop() {}
    public void release() {}
}
