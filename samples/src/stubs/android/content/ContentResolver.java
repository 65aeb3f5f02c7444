// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.content;

public abstract class ContentResolver {
    public android.database.Cursor query(android.net.Uri u, String[] p, String s, String[] a, String o) { return null; }
}
