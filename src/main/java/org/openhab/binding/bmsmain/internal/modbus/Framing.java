/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Encodes requests in a stream of bytes and finds the answers in it. A pure state machine, independent of ports, time
 * and threads. One transaction at a time.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
interface Framing {

    /** Longest frame of any framing. */
    int MAX_FRAME = 260;

    /** Result of the bytes received so far. */
    enum Outcome {
        /** Not yet an answer. */
        INCOMPLETE,
        /** The answer to the request. */
        ANSWER,
        /** A Modbus exception as answer to the request. */
        EXCEPTION,
        /** An intact answer to the request, but with another number of registers than requested. */
        WRONG_LENGTH,
        /** The stream can no longer be trusted. */
        BROKEN
    }

    /**
     * Starts a transaction and encodes its frame.
     *
     * @param out at least {@link #MAX_FRAME} bytes
     * @return length of the frame
     */
    int begin(ModbusRequest request, byte[] out);

    /** Length of the frame of a good answer. */
    int answerLength(ModbusRequest request);

    /** Processes received bytes. */
    Outcome feed(byte[] bytes, int offset, int length);

    /** Bytes received since {@link #begin}. */
    int received();

    /** Whether a valid frame from another unit was received since {@link #begin}. */
    boolean sawOtherUnit();

    /** The other unit. */
    int otherUnit();

    /** The registers of the answer; only after a read ended with {@link Outcome#ANSWER}. */
    RegisterView registers();

    /** The code of the exception; only after {@link Outcome#EXCEPTION}. */
    int exceptionCode();
}
