// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.os;

public class Build {
    public static final String MODEL = unknown();
    public static final String BRAND = unknown();
    public static final String SERIAL = unknown();
    public static class VERSION { public static final String RELEASE = unknown(); public static final int SDK_INT = unknown().length(); }
    private static String unknown() { return null; }
}
