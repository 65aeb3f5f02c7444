// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.content.pm;

public abstract class PackageManager {
    public abstract java.util.List<PackageInfo> getInstalledPackages(int flags);
    public abstract PackageInfo getPackageInfo(String name, int flags) throws NameNotFoundException;
    public static class NameNotFoundException extends Exception {}
}
