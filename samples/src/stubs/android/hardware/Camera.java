// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.hardware;

public class Camera {
    public static Camera open() { return null; }
    public final void startPreview() {}
    public final void release() {}
}
