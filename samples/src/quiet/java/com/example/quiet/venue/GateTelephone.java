package com.example.quiet.venue;

/** The telephone at an entrance of the theatre. */
public class GateTelephone implements TelephonyManager {
    private final String gate;

    public GateTelephone(String gate) {
        this.gate = gate;
    }

    @Override
    public String getDeviceId() {
        return "gate " + gate;
    }

    @Override
    public String getSubscriberId() {
        return gate;
    }
}
