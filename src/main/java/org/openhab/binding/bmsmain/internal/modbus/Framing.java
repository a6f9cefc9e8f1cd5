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
 * How requests are put on a stream of bytes, and answers found in it. A pure state machine: it knows no port, no time
 * and no thread. One transaction at a time.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
interface Framing {

    /** Longest frame of any framing. */
    int MAX_FRAME = 260;

    /** What the bytes so far amount to. */
    enum Outcome {
        /** Not yet an answer. */
        INCOMPLETE,
        /** The answer to the request. */
        ANSWER,
        /** A Modbus exception as answer to the request. */
        EXCEPTION,
        /** The answer to the request, whole in itself, but with another number of registers than was asked for. */
        WRONG_LENGTH,
        /** The stream cannot be trusted any more. */
        BROKEN
    }

    /**
     * Begins a transaction and writes its frame.
     *
     * @param out at least {@link #MAX_FRAME} bytes
     * @return length of the frame
     */
    int begin(ModbusRequest request, byte[] out);

    /** Length of the frame that a good answer has. */
    int answerLength(ModbusRequest request);

    /** Takes bytes that were received. */
    Outcome feed(byte[] bytes, int offset, int length);

    /** Bytes received since {@link #begin}. */
    int received();

    /** Whether a valid frame came from another unit, since {@link #begin}. */
    boolean sawOtherUnit();

    /** The other unit that was seen. */
    int otherUnit();

    /** The registers of the answer; only after a read ended with {@link Outcome#ANSWER}. */
    RegisterView registers();

    /** The code of the exception; only after {@link Outcome#EXCEPTION}. */
    int exceptionCode();
}
