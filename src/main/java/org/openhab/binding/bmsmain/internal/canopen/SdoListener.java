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
 * Hears how an SDO transfer ended, exactly once, on the thread of the bus.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface SdoListener {

    /**
     * Asked right before the first frame is sent, which may be long after it was asked for.
     *
     * @return false when it is not wanted any more: then nothing is sent, and nothing is told
     */
    default boolean begins() {
        return true;
    }

    /**
     * It was done.
     *
     * @param data what was read; empty after a download
     * @param roundTripNanos time from the first request to the last answer
     */
    void done(byte[] data, long roundTripNanos);

    /**
     * It was not.
     *
     * @param abortCode why; see {@link SdoAbort}
     */
    void aborted(int abortCode);
}
