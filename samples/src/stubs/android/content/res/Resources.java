// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.content.res;

public class Resources {
    public android.util.DisplayMetrics getDisplayMetrics() { return null; }
}
