// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.app;

public abstract class Service extends android.content.Context {
    public void onCreate() {}
    public abstract android.os.IBinder onBind(android.content.Intent i);
    public int onStartCommand(android.content.Intent i, int flags, int id) { return 0; }
}
