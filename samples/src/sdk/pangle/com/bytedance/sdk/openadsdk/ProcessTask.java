// Shaped like the SDK of the same class name; body written for the samples.
package com.bytedance.sdk.openadsdk;

import android.app.ActivityManager;
import android.content.Context;
import android.os.AsyncTask;

/** Runs as an AsyncTask. */
class ProcessTask extends AsyncTask<Context, Void, Integer> {
    @Override
    protected Integer doInBackground(Context... contexts) {
        ActivityManager manager = (ActivityManager) contexts[0].getSystemService("activity");
        return manager.getRunningAppProcesses().size();
    }

    @Override
    protected void onPostExecute(Integer count) {
        TTAdSdk.device += count;
    }
}
