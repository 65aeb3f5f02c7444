// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.content;

public class ContentValues {
}
