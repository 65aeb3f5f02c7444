// Compile-only outline, written for the samples: just the members they call. Never packaged.
package org.json;

public class JSONException extends Exception {
}
