// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.content;

public abstract class Context {
    public ContentResolver getContentResolver() { return null; }
    public android.content.pm.PackageManager getPackageManager() { return null; }
    public Object getSystemService(String name) { return null; }
    public Context getApplicationContext() { return null; }
    public String getPackageName() { return null; }
    public java.io.File getCacheDir() { return null; }
    public android.content.res.AssetManager getAssets() { return null; }
    public ClassLoader getClassLoader() { return null; }
    public android.content.SharedPreferences getSharedPreferences(String name, int mode) { return null; }
    public android.content.res.Resources getResources() { return null; }
}
