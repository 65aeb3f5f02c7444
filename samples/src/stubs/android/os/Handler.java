// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.os;

public class Handler {
    public Handler(Looper l) {}
    public final boolean post(Runnable r) { return true; }
}
