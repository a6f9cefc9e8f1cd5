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

import java.util.concurrent.CompletableFuture;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.bus.BusTask;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Reads one object of a node's dictionary once, between the turns of the boards on the bus. For support; it never
 * writes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class ObjectRead {

    /**
     * What came of the read: bytes, or an abort code, or why there was no answer.
     *
     * @param data what was read, lowest byte first; empty when it was not
     * @param abortCode why it was not, see {@link SdoAbort}; 0 when it was
     * @param failure why there was no answer, or null
     */
    public record Result(byte[] data, int abortCode, @Nullable Failure failure) {
    }

    private ObjectRead() {
    }

    /**
     * Reads an object once.
     *
     * @param nodeId node id of the board
     * @return the result, on the thread of the bus
     */
    public static CompletableFuture<Result> of(CanLine line, BusRegistry registry, int nodeId, int index, int subIndex,
            Ticker ticker) throws BusConflictException {
        return BusTask.<CanSession, Result> once(member -> line.visit(registry, member),
                (session, answer) -> session.read(nodeId, index, subIndex, listener(answer)), ObjectRead::without,
                ticker);
    }

    private static Result without(Failure failure) {
        return new Result(new byte[0], 0, failure);
    }

    private static SdoListener listener(CompletableFuture<Result> answer) {
        return new SdoListener() {
            @Override
            public void done(byte[] data, long roundTripNanos) {
                answer.complete(new Result(data, 0, null));
            }

            @Override
            public void aborted(int abortCode) {
                answer.complete(abortCode == SdoAbort.TIMED_OUT ? without(Failure.of(FailureCause.NO_ANSWER))
                        : new Result(new byte[0], abortCode, null));
            }
        };
    }
}
