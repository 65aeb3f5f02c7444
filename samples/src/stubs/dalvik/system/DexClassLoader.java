// Compile-only outline, written for the samples: just the members they call. Never packaged.
package dalvik.system;

public class DexClassLoader extends ClassLoader {
    public DexClassLoader(String dex, String odex, String lib, ClassLoader parent) {}
}
