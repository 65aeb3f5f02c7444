// Shaped like the SDK of the same class name; body written for the samples.
package com.mob;

import android.content.ContentProvider;
import android.content.ContentValues;
import android.database.Cursor;
import android.net.Uri;
import com.mob.tools.utils.DeviceHelper;

/** State "auto-initialised, before consent": Android itself calls onCreate before the app's own code. */
public class MobProvider extends ContentProvider {
    private String address = "";

    @Override
    public boolean onCreate() {
        address = DeviceHelper.macAddress(getContext());
        return true;
    }

    @Override
    public Cursor query(Uri uri, String[] columns, String where, String[] args, String order) {
        return null;
    }

    @Override
    public String getType(Uri uri) {
        return null;
    }

    @Override
    public Uri insert(Uri uri, ContentValues values) {
        return null;
    }

    @Override
    public int delete(Uri uri, String where, String[] args) {
        return 0;
    }

    @Override
    public int update(Uri uri, ContentValues values, String where, String[] args) {
        return 0;
    }
}
