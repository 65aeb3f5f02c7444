// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.provider;

public final class MediaStore {
    public static final class Images {
        public static final class Media {
            public static final android.net.Uri EXTERNAL_CONTENT_URI = android.net.Uri.parse("");
        }
    }
}
