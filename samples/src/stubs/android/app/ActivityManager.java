// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.app;

public class ActivityManager {
    public java.util.List<RunningAppProcessInfo> getRunningAppProcesses() { return null; }
    public static class RunningAppProcessInfo { public String processName; }
}
