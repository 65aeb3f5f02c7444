// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.content;

public class Intent {
    public Intent() {}
    public String getAction() { return null; }
    public String getStringExtra(String k) { return null; }
}
