// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.app;

public class Activity extends android.content.Context {
    protected void onCreate(android.os.Bundle b) {}
    protected void onResume() {}
    protected void onPause() {}
    public void requestPermissions(String[] p, int code) {}
    public void onRequestPermissionsResult(int code, String[] p, int[] r) {}
    public android.content.Intent getIntent() { return null; }
    public void finish() {}
    public void setContentView(int layout) {}
    public android.view.View findViewById(int id) { return null; }
}
