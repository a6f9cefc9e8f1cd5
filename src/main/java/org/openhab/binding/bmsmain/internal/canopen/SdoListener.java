/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Receives the result of an SDO transfer, exactly once, on the thread of the bus.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface SdoListener {

    /**
     * Called right before the first frame is sent, possibly long after the request was queued.
     *
     * @return false to cancel the transfer: then nothing is sent, and no other method is called
     */
    default boolean begins() {
        return true;
    }

    /**
     * The transfer succeeded.
     *
     * @param data data read; empty after a download
     * @param roundTripNanos time from the first request to the last response
     */
    void done(byte[] data, long roundTripNanos);

    /**
     * The transfer failed.
     *
     * @param abortCode reason; see {@link SdoAbort}
     */
    void aborted(int abortCode);
}
