// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.app;

public class Application extends android.content.Context {
    public void onCreate() {}
    protected void attachBaseContext(android.content.Context c) {}
}
