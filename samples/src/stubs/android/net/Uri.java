// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.net;

public abstract class Uri {
    public static Uri parse(String s) { return null; }
}
