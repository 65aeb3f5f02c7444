// Shaped like the SDK of the same class name; body written for the samples.
package cn.tongdun.android.core;

/** Reflection: once with the names as they are, once with names that {@link Names} decrypts. */
public final class HiddenCalls {
    private static final String CLASS = ";4>(53>t.?6?*254#t\u000e?6?*254#\u0017;4;=?(";

    private HiddenCalls() {}

    public static Object imei(Object phone) throws ReflectiveOperationException {
        return Class.forName("android.telephony.TelephonyManager").getMethod("getImei").invoke(phone);
    }

    public static Object imsi(Object phone) throws ReflectiveOperationException {
        char[] method = {
            0x3d, 0x3f, 0x2e, 0x09, 0x2f, 0x38, 0x29, 0x39,
            0x28, 0x33, 0x38, 0x3f, 0x28, 0x13, 0x3e
        };
        return Class.forName(Names.plain(CLASS)).getMethod(Names.plain(method)).invoke(phone);
    }
}
