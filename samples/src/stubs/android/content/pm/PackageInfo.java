// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.content.pm;

public class PackageInfo {
    public String packageName;
    public String versionName;
}
