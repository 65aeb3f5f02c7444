// Shaped like the SDK of the same class name; body written for the samples.
package cn.smssdk;

import android.content.Context;
import cn.smssdk.utils.InboxReader;

/** State "entry point, after consent"; what it reads is named by a content URI. */
public class SMSSDK {
    public static String waitForCode(Context context) {
        return InboxReader.newest(context);
    }
}
