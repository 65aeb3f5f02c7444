package com.example.shop.push;

import android.content.Context;
import com.igexin.sdk.GTIntentService;

/** Gets the messages of the second push client. */
public class ShopIntentService extends GTIntentService {
    @Override
    public void onReceiveClientId(Context context, String clientId) {}
}
