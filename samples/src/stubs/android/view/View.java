// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.view;

public class View {
    public interface OnClickListener { void onClick(View v); }
    public void setOnClickListener(OnClickListener l) {}
}
