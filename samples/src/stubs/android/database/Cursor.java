// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.database;

public interface Cursor {
    boolean moveToFirst();
    String getString(int column);
    void close();
}
