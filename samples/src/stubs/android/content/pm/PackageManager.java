// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.content.pm;

public abstract class PackageManager {
    public abstract java.util.List<PackageInfo> getInstalledPackages(int flags);
}
