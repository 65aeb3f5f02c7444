package com.example.nested.plugin;

import android.content.Context;
import com.igexin.sdk.PushManager;

/** The plugin: starts a push client that the host never mentions. */
public final class Plugin {
    public static void start(Context context) {
        PushManager.getInstance().initialize(context);
    }
}
