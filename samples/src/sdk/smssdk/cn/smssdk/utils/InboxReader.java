// Shaped like the SDK of the same class name; body written for the samples.
package cn.smssdk.utils;

import android.content.Context;
import android.database.Cursor;
import android.net.Uri;

/** Takes the code out of the newest text message: access by content URI. */
public final class InboxReader {
    private InboxReader() {}

    public static String newest(Context context) {
        Uri inbox = Uri.parse("content://sms/inbox");
        Cursor rows = context.getContentResolver().query(inbox, new String[] {"body"}, null, null, "date desc");
        String body = rows.moveToFirst() ? rows.getString(0) : "";
        rows.close();
        return body;
    }
}
