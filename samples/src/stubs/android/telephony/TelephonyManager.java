// Compile-only outline, written for the samples: just the members they call. Never packaged.
package android.telephony;

public class TelephonyManager {
    public String getDeviceId() { return null; }
    public String getSubscriberId() { return null; }
    public String getNetworkOperatorName() { return null; }
    public String getSimSerialNumber() { return null; }
}
