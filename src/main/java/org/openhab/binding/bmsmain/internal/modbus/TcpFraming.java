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

import java.util.EnumSet;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.modbus.HeaderProfile.Departure;

/**
 * Modbus TCP frames: a header with transaction id, protocol id 0, length and unit, then function and data.
 * <p>
 * Every request has a new transaction id. Answers to older requests are skipped. Anything else that does not fit
 * breaks the stream, unless the gateway is known for this departure from the standard. A departure is accepted only if
 * the rest of the answer fits: function, byte count, length of the data, and transaction id. If ids are useless, the
 * rest of the header must conform to the standard, and {@link RtuClient} guards against late answers.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TcpFraming extends StreamFraming {

    private static final int HEADER = 7;
    private static final int MIN_LENGTH_FIELD = 3;
    private static final int MAX_LENGTH_FIELD = 254;
    private static final int RTU_OVERHEAD = 3;
    /** Unit ids that gateways return instead of the requested one: none, the first, and that of the gateway itself. */
    private static final Set<Integer> STAND_IN_UNITS = Set.of(0, 1, 255);

    private static final Set<Departure> UNIT_ONLY = Set.of(Departure.UNIT_ID);

    private final HeaderProfile profile;
    private final boolean ignoresIds;

    private int transaction;
    /** Number of requests sent on this connection. */
    private int requests;
    private boolean hasMatched;
    private boolean sawLateAnswer;

    /** Starts with a gateway of which no departures are known. */
    TcpFraming() {
        this(new HeaderProfile());
    }

    /**
     * @param profile how the gateway departs from the standard
     */
    TcpFraming(HeaderProfile profile) {
        this.profile = profile;
        this.ignoresIds = profile.ignoresTransactionIds();
    }

    @Override
    public int begin(ModbusRequest request, byte[] out) {
        expect(request);
        profile.asks(request.unit());
        transaction = transaction + 1 & 0xFFFF;
        requests++;
        sawLateAnswer = false;
        if (ignoresIds) {
            start = 0;
            end = 0;
        }
        // The bytes of a half-received older answer stay.
        makeRoom();
        int length = request.pduLength() + 1;
        out[0] = (byte) (transaction >> 8);
        out[1] = (byte) transaction;
        out[2] = 0;
        out[3] = 0;
        out[4] = (byte) (length >> 8);
        out[5] = (byte) length;
        out[6] = (byte) request.unit();
        request.copyPdu(out, HEADER);
        return HEADER + request.pduLength();
    }

    @Override
    public int answerLength(ModbusRequest request) {
        return HEADER + request.answerPduLength();
    }

    @Override
    protected Outcome scan(ModbusRequest asked) {
        while (end - start >= HEADER + 1) {
            int lengthField = word(start + 4);
            int age = transaction - word(start) & 0xFFFF;
            boolean isOurs = ignoresIds || age < requests;
            if (word(start + 2) != 0 || lengthField < MIN_LENGTH_FIELD || lengthField > MAX_LENGTH_FIELD || !isOurs) {
                return departing(asked, start);
            }
            int frame = lengthField + 6;
            if (end - start < frame) {
                return profile.accepts(Departure.LENGTH_FIELD) ? departing(asked, start) : Outcome.INCOMPLETE;
            }
            int at = start;
            start += frame;
            if (age == 0 || ignoresIds) {
                Outcome outcome = detector(asked, at, frame);
                if (outcome == Outcome.BROKEN) {
                    outcome = departing(asked, at);
                }
                if (outcome != Outcome.BROKEN || !ignoresIds) {
                    return outcome;
                }
            } else {
                sawLateAnswer |= (buffer[at + 6] & 0xFF) == asked.unit();
            }
        }
        return Outcome.INCOMPLETE;
    }

    private Outcome detector(ModbusRequest asked, int at, int frame) {
        if (isFromOther(asked, buffer[at + 6] & 0xFF)) {
            return Outcome.BROKEN;
        }
        int function = buffer[at + HEADER] & 0xFF;
        if (function == (asked.function() | EXCEPTION_FLAG) && frame == HEADER + 2) {
            return matched(exception(buffer[at + HEADER + 1] & 0xFF));
        }
        if (function == asked.function() && asked.isRead() && frame != answerLength(asked)
                && frame == HEADER + 2 + (buffer[at + HEADER + 1] & 0xFF)) {
            return matched(Outcome.WRONG_LENGTH);
        }
        if (frame != answerLength(asked) || !holdsAnswer(asked, at)) {
            return Outcome.BROKEN;
        }
        return matched(found(asked, at + HEADER + 2));
    }

    private Outcome matched(Outcome outcome) {
        hasMatched = true;
        profile.plain();
        return outcome;
    }

    /** Whether function, byte count and, after a write, the data are those of the answer. */
    private boolean holdsAnswer(ModbusRequest asked, int at) {
        return (buffer[at + HEADER] & 0xFF) == asked.function()
                && (asked.isRead() ? (buffer[at + HEADER + 1] & 0xFF) == 2 * asked.count()
                        : end - at >= HEADER + 5 && asked.isEchoed(buffer, at + HEADER));
    }

    /** Searches for the answer in bytes that do not conform to the standard. */
    private Outcome departing(ModbusRequest asked, int from) {
        int length = answerLength(asked);
        if (end - from < HEADER + 2) {
            // No answer is that short: wait for the rest.
            return Outcome.INCOMPLETE;
        }
        for (int at = from; at + HEADER + 2 <= end; at++) {
            boolean isException = (buffer[at + HEADER] & 0xFF) == (asked.function() | EXCEPTION_FLAG);
            int whole = isException ? HEADER + 2 : length;
            if (at + whole > end && !holdsHead(asked, at) || !isException && !holdsAnswer(asked, at)) {
                continue;
            }
            Set<Departure> departures = departures(asked, at, whole, at != from);
            if (departures == null) {
                continue;
            }
            if (at + whole > end) {
                // Scanned again from here when more bytes arrive.
                start = from;
                return Outcome.INCOMPLETE;
            }
            profile.departed(departures);
            if (!profile.acceptsAll(departures) || departures.contains(Departure.TRANSACTION_ID) && !ignoresIds) {
                return Outcome.BROKEN;
            }
            start = at + whole;
            return isException ? exception(buffer[at + HEADER + 1] & 0xFF) : found(asked, at + HEADER + 2);
        }
        return foreignBytes(asked, from);
    }

    private boolean holdsHead(ModbusRequest asked, int at) {
        return asked.isRead() && holdsAnswer(asked, at);
    }

    /** @return null when too much differs for an answer */
    private @Nullable Set<Departure> departures(ModbusRequest asked, int at, int whole, boolean isBehindOthers) {
        Set<Departure> departures = EnumSet.noneOf(Departure.class);
        boolean hasId = word(at) == transaction;
        if (word(at + 2) != 0) {
            departures.add(Departure.PROTOCOL_ID);
        }
        if (word(at + 4) != whole - 6) {
            departures.add(Departure.LENGTH_FIELD);
        }
        int unit = buffer[at + 6] & 0xFF;
        if (unit != asked.unit()) {
            if (!STAND_IN_UNITS.contains(unit) || profile.asksOf(unit)) {
                return null;
            }
            departures.add(Departure.UNIT_ID);
        }
        if (isBehindOthers) {
            departures.add(Departure.EXTRA_BYTES);
        }
        if (hasId) {
            hasMatched = true;
            profile.matched();
            return departures;
        }
        if (hasMatched && !ignoresIds || !UNIT_ONLY.containsAll(departures)) {
            // A connection that returns ids would have returned ours. On any other, all but the unit id must be right.
            return null;
        }
        departures.add(Departure.TRANSACTION_ID);
        return departures;
    }

    private Outcome foreignBytes(ModbusRequest asked, int from) {
        if (isRtu(asked) || sawOtherUnit() || isFrame(from)) {
            return Outcome.BROKEN;
        }
        profile.departed(EnumSet.of(Departure.EXTRA_BYTES));
        if (!profile.accepts(Departure.EXTRA_BYTES)) {
            return Outcome.BROKEN;
        }
        start = Math.max(start, end - HEADER - 1);
        return Outcome.INCOMPLETE;
    }

    /** Whether there is a frame that conforms to the standard, although not the answer. */
    private boolean isFrame(int at) {
        int lengthField = word(at + 4);
        return word(at + 2) == 0 && lengthField >= MIN_LENGTH_FIELD && lengthField <= MAX_LENGTH_FIELD;
    }

    /** Whether the received bytes are the answer as an RTU frame, without the Modbus TCP header. */
    boolean isRtu(ModbusRequest asked) {
        int length = end - start;
        return length >= RTU_OVERHEAD + 2 && (buffer[start] & 0xFF) == asked.unit()
                && (buffer[start + 1] & ~EXCEPTION_FLAG) == asked.function() && Crc16.matches(buffer, start, length);
    }

    /** Whether an answer to an older request of this connection arrived since {@link #begin}. */
    boolean sawLateAnswer() {
        return sawLateAnswer;
    }

    private int word(int at) {
        return (buffer[at] & 0xFF) << 8 | buffer[at + 1] & 0xFF;
    }
}
