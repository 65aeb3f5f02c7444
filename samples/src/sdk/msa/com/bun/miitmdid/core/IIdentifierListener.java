// Shaped like the SDK of the same class name; body written for the samples.
package com.bun.miitmdid.core;

/** Receives the identifier. */
public interface IIdentifierListener {
    void OnSupport(boolean supported, String oaid);
}
