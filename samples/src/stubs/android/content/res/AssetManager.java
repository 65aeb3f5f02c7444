// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.content.res;

public class AssetManager {
    public java.io.InputStream open(String name) throws java.io.IOException { return null; }
}
