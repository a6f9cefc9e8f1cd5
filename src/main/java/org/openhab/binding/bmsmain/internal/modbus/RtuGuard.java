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

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Remembers which answers may still be under way.
 * <p>
 * An RTU answer carries neither an address nor a number. An answer that comes late is taken for that of the next
 * request,
 * if that asks for as many registers: values of the wrong block, with a right checksum, and from then on every answer
 * is
 * one too late. A device answers in order, so an answer of a length that no open request has proves that all older
 * answers are out. Until there is such a proof, a request whose length is open must not be sent.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RtuGuard {

    /** Longest read that serves as a proof. */
    static final int MAX_PROBE = 8;

    private final Map<Integer, Doubt> doubts = new HashMap<>();

    /** What is open towards one unit. */
    private static final class Doubt {
        /** Lengths, in registers, of requests without a trusted answer since the last proof. */
        private final BitSet open = new BitSet();
        /** Whether nothing is known about what was asked before us. */
        private boolean fresh = true;
        /** Whether only a probe can end the doubt. */
        private boolean needsProbe = true;
        private @Nullable ModbusRequest lastGood;
    }

    private Doubt of(int unit) {
        Doubt doubt = doubts.get(unit);
        if (doubt == null) {
            doubt = new Doubt();
            doubts.put(unit, doubt);
        }
        return doubt;
    }

    /** Whether an answer to this request could be that of an older one. */
    boolean needsProbe(ModbusRequest request) {
        Doubt doubt = of(request.unit());
        return doubt.needsProbe || doubt.fresh || doubt.open.get(request.count());
    }

    /** Whether anything is open towards the unit. */
    boolean isInDoubt(int unit) {
        Doubt doubt = of(unit);
        return doubt.fresh || !doubt.open.isEmpty();
    }

    /**
     * A read of a length that nothing open has, at a place that is known to be readable.
     *
     * @param request what is to be asked after it
     * @return null when all lengths are open
     */
    @Nullable
    ModbusRequest probe(ModbusRequest request) {
        Doubt doubt = of(request.unit());
        ModbusRequest good = doubt.lastGood;
        ModbusRequest place = good != null ? good : request;
        int function = place.isRead() ? place.function() : ModbusRequest.READ_HOLDING;
        int longest = Math.min(MAX_PROBE, Math.max(place.count(), 2));
        for (int count = 1; count <= longest; count++) {
            if (!doubt.open.get(count) && count != request.count()) {
                return ModbusRequest.read(request.unit(), function, place.address(), count);
            }
        }
        return null;
    }

    /** An answer of exactly the length asked for came: all older ones are out. */
    void answered(ModbusRequest request) {
        Doubt doubt = of(request.unit());
        doubt.open.clear();
        doubt.fresh = false;
        doubt.needsProbe = false;
        ModbusRequest good = doubt.lastGood;
        if (request.isRead() && (good == null || good.count() < request.count())) {
            doubt.lastGood = request;
        }
    }

    /** No answer came that could be trusted. It may still come. */
    void failed(ModbusRequest request) {
        of(request.unit()).open.set(request.count());
    }

    /** An exception came that could be the answer to an older request. */
    void doubtful(ModbusRequest request) {
        Doubt doubt = of(request.unit());
        doubt.open.set(request.count());
        doubt.needsProbe = true;
    }

    /** The line was silent for longer than any answer takes: nothing is under way any more. */
    void silent(int unit) {
        Doubt doubt = of(unit);
        doubt.open.clear();
        doubt.fresh = false;
        doubt.needsProbe = false;
    }
}
