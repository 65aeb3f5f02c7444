// Shaped like the SDK of the same class name; body written for the samples.
package cn.tongdun.android.core;

/** Decrypts names: every character is exclusive-ored with one key. */
final class Names {
    private static final int KEY = 0x5a;

    private Names() {}

    static String plain(String hidden) {
        return plain(hidden.toCharArray());
    }

    static String plain(char[] hidden) {
        char[] shown = new char[hidden.length];
        for (int i = 0; i < hidden.length; i++) {
            shown[i] = (char) (hidden[i] ^ KEY);
        }
        return new String(shown);
    }
}
