// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.content;

public interface SharedPreferences {
    boolean getBoolean(String key, boolean def);
    Editor edit();
    interface Editor { Editor putBoolean(String key, boolean v); void apply(); }
}
