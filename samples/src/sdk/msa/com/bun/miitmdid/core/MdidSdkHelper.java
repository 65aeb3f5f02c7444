// Shaped like the SDK of the same class name; body written for the samples.
package com.bun.miitmdid.core;

import android.content.Context;
import android.database.Cursor;
import android.net.Uri;

/** Asks the phone maker's service for the OAID. */
public class MdidSdkHelper {
    private MdidSdkHelper() {}

    public static int InitSdk(Context context, boolean log, IIdentifierListener listener) {
        Cursor row = context.getContentResolver()
                .query(Uri.parse("content://com.vivo.vms.IdProvider/IdentifierId/OAID"), null, null, null, null);
        if (row == null) {
            listener.OnSupport(false, "");
            return 1008612;
        }
        row.moveToFirst();
        listener.OnSupport(true, row.getString(0));
        row.close();
        return 0;
    }
}
