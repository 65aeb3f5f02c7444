// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.media;

public class AudioRecord {
    public AudioRecord(int source, int rate, int channels, int encoding, int size) {}
    public void startRecording() {}
    public int read(byte[] buffer, int offset, int size) { return 0; }
    public void stop() {}
    public void release() {}
}
