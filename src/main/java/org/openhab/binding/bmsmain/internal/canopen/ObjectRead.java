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
 * Reads one object of a node's dictionary once, between the turns of the boards on the bus. For support; never writes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class ObjectRead {

    /**
     * Result of the read: data, an abort code, or a failure.
     *
     * @param data data in little-endian order; empty if the read failed
     * @param abortCode abort code, see {@link SdoAbort}; 0 if there was none
     * @param failure reason for a missing answer, or null
     */
    public record Result(byte[] data, int abortCode, @Nullable Failure failure) {
    }

    private ObjectRead() {
    }

    /**
     * Reads an object once.
     *
     * @param nodeId node ID of the board
     * @return the result, completed on the thread of the bus
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
