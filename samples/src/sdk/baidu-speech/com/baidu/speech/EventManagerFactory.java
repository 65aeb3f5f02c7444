// Shaped like the SDK of the same class name; body written for the samples.
package com.baidu.speech;

import android.content.Context;

/** Makes the recogniser. */
public final class EventManagerFactory {
    private EventManagerFactory() {}

    public static EventManager create(Context context, String kind) {
        return new EventManager();
    }
}
