// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.os;

public final class Looper {
    public static Looper getMainLooper() { return null; }
}
