// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.provider;

public final class Settings {
    public static final class Secure { public static final String ANDROID_ID = "android_id"; public static String getString(android.content.ContentResolver r, String name) { return null; } }
    public static final class System { public static String getString(android.content.ContentResolver r, String name) { return null; } }
}
