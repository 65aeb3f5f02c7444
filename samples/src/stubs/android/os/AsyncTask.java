// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.os;

public abstract class AsyncTask<A, P, R> {
    @SuppressWarnings("unchecked") protected abstract R doInBackground(A... arguments);
    protected void onPostExecute(R result) {}
    @SafeVarargs public final AsyncTask<A, P, R> execute(A... arguments) { return this; }
}
