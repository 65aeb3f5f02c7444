// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.util;

public class DisplayMetrics {
    public int widthPixels;
    public int heightPixels;
}
