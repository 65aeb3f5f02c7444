// Compile-only outline, written for the samples: just the members they call. Never packaged.
package org.json;

public class JSONObject {
    public JSONObject(String json) throws JSONException {}
    public String optString(String name) { return null; }
}
