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

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Tracks which answers may still be under way.
 * <p>
 * An RTU answer carries neither an address nor a number. A late answer is taken for the answer to the next request if
 * both have the same number of registers: values of the wrong block with a valid checksum, and all later answers are
 * one too late. A device answers in order, so an answer with a length that no open request has proves that all older
 * answers have arrived. Without such a proof, a request whose length is open must not be sent.
 * <p>
 * The guard belongs to a line and not to a session: reopening the port does not stop a device from answering.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RtuGuard {

    /** Longest read that serves as a proof. */
    static final int MAX_PROBE = 16;

    private static final int LAST_ADDRESS = 0xFFFF;

    private final Map<Integer, Doubt> doubts = new HashMap<>();
    private boolean hasProof;

    /** Open requests of one unit. */
    private static final class Doubt {
        /** Lengths, in registers, of requests without a trusted answer since the last proof; longest open first. */
        private final Set<Integer> open = new LinkedHashSet<>();
        /** Number of answers per length that may still come. */
        private final Map<Integer, Integer> awaited = new HashMap<>();
        /** Whether only a probe can end the doubt, because it is not known which requests were sent before. */
        private boolean needsProbe = true;
        private @Nullable ModbusRequest lastGood;
        /** A second place that was read, in case the first is no longer readable. */
        private @Nullable ModbusRequest alsoGood;
        private int unanswered;

        void close() {
            open.clear();
            awaited.clear();
            needsProbe = false;
        }

        void good(ModbusRequest request) {
            ModbusRequest good = lastGood;
            ModbusRequest other = alsoGood;
            if (good == null || good.count() < request.count()) {
                alsoGood = good;
                lastGood = request;
            } else if (good.address() != request.address() && (other == null || other.count() < request.count())) {
                alsoGood = request;
            }
        }

        /** Switches to the second place if it has enough lengths; otherwise two probes could not be told apart. */
        void goElsewhere() {
            ModbusRequest other = alsoGood;
            if (other != null && other.count() >= MAX_PROBE / 2) {
                alsoGood = lastGood;
                lastGood = other;
            }
        }
    }

    private Doubt of(int unit) {
        Doubt doubt = doubts.get(unit);
        if (doubt == null) {
            doubt = new Doubt();
            doubts.put(unit, doubt);
        }
        return doubt;
    }

    /** Starts a new session: other programs may have used the line meanwhile. */
    void reopened() {
        hasProof = false;
        doubts.values().forEach(doubt -> doubt.needsProbe = true);
    }

    /** Whether an answer to this request could be the answer to an older one. */
    boolean needsProbe(ModbusRequest request) {
        Doubt doubt = of(request.unit());
        return doubt.needsProbe || doubt.open.contains(request.count());
    }

    /** Whether any request to the unit is open. */
    boolean isInDoubt(int unit) {
        Doubt doubt = of(unit);
        return doubt.needsProbe || !doubt.open.isEmpty();
    }

    /**
     * Returns a read with a length that no open request has, at a place that is known to be readable. If all lengths
     * are open, it has the one that has been open longest.
     *
     * @param request the request that follows the probe
     * @param device limits the number of registers
     * @return null when there is no room for a read of another length
     */
    @Nullable
    ModbusRequest probe(ModbusRequest request, DeviceProfile device) {
        Doubt doubt = of(request.unit());
        ModbusRequest good = doubt.lastGood;
        ModbusRequest place = good != null ? good : request;
        int room = LAST_ADDRESS + 1 - place.address();
        int longest = Math.min(Math.min(Math.min(MAX_PROBE, device.readLimit()), room), Math.max(place.count(), 2));
        int step = device.givesOnlyEvenCounts() ? 2 : 1;
        for (int count = step; count <= longest; count += step) {
            if (count != request.count() && !doubt.open.contains(count)) {
                return probe(request.unit(), place, count);
            }
        }
        for (int count : doubt.open) {
            if (count != request.count() && count <= longest && count % step == 0) {
                return probe(request.unit(), place, count);
            }
        }
        return null;
    }

    private static ModbusRequest probe(int unit, ModbusRequest place, int count) {
        int function = place.isRead() ? place.function() : ModbusRequest.READ_HOLDING;
        return ModbusRequest.read(unit, function, place.address(), count);
    }

    /**
     * Records an answer of exactly the requested length: all older ones have arrived. The answer to a write proves
     * nothing, because it may belong to the same write before.
     */
    void answered(ModbusRequest request) {
        if (!request.isRead()) {
            return;
        }
        hasProof = true;
        Doubt doubt = of(request.unit());
        doubt.close();
        doubt.unanswered = 0;
        doubt.good(request);
    }

    /** Records that no trusted answer came. It may still come. */
    void failed(ModbusRequest request) {
        Doubt doubt = of(request.unit());
        doubt.open.remove(request.count());
        doubt.open.add(request.count());
        doubt.awaited.merge(request.count(), 1, Integer::sum);
    }

    /** Records an answer that could belong to an older request. */
    void doubtful(ModbusRequest request) {
        failed(request);
        of(request.unit()).needsProbe = true;
    }

    /** Records an unanswered probe. Its place may no longer be readable, so every second time the place changes. */
    void unanswered(int unit) {
        Doubt doubt = of(unit);
        doubt.unanswered++;
        if (doubt.unanswered % 2 == 0) {
            doubt.goElsewhere();
        }
    }

    /**
     * Records that the device refused the read of a probe.
     *
     * @return whether there is another place to try
     */
    boolean refused(int unit) {
        Doubt doubt = of(unit);
        boolean wasElsewhere = doubt.lastGood != null;
        doubt.lastGood = null;
        doubt.alsoGood = null;
        return wasElsewhere;
    }

    /**
     * Records an answer other than the expected one.
     *
     * @return whether it may be a late one to a request of ours: each of them is answered once
     */
    boolean heard(int unit, int count) {
        Doubt doubt = doubts.get(unit);
        int left = doubt == null ? 0 : doubt.awaited.getOrDefault(count, 0);
        if (doubt == null || left == 0) {
            return false;
        }
        doubt.awaited.put(count, left - 1);
        return true;
    }

    /**
     * Whether any request was answered since the line was opened. Until then, answers may belong to earlier programs.
     */
    boolean hasProof() {
        return hasProof;
    }

    /** Records that the line was silent for longer than any answer takes, where no better proof is possible. */
    void silent(int unit) {
        of(unit).close();
    }
}
