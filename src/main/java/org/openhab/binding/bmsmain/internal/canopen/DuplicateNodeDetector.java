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
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;

/**
 * Detects two devices with the same node ID on a CAN bus. Their frames cannot be told apart, but together they form
 * patterns that a single board does not produce:
 * <ul>
 * <li>The state of charge alternates between two values faster than a battery allows.
 * <li>TPDO1 always arrives in pairs, and each frame of a pair continues one of the previous pair: two boards respond to
 * each SYNC. A single board that also sends on events only sends one or more additional frames at times.
 * <li>The heartbeats come from two clocks, or show two NMT states.
 * <li>One SDO request receives two different responses.
 * </ul>
 * A single sign is not sufficient, because the line from an slcan adapter can corrupt digits. Frames duplicated by an
 * adapter or a gateway are not a sign. After some time without a sign, the node ID counts as unique again.
 * <p>
 * Only listens. Not thread-safe. Processing a frame allocates no memory.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class DuplicateNodeDetector {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final int FIRST_OBJECT = 0x180;

    /** Time without a sign after which the node ID counts as unique again, if enough frames arrived meanwhile. */
    private static final long ALONE_AFTER = 10 * SECOND;
    private static final int ALONE_AFTER_FRAMES = 5;
    private static final int ALONE_AFTER_HEARTBEATS = 8;
    /** Time after a sign during which {@link #isDoubtful} can apply. */
    private static final long DOUBT = 12 * SECOND;

    /** Number of alternations that proves a duplicate: with enough frames in the same burst, and without. */
    private static final int MOST_SWITCHES_TOGETHER = 3;
    private static final int MOST_TOGETHER = 2;
    private static final int MOST_SWITCHES = 6;
    /** Maximum number of consecutive frames from one of two boards. */
    private static final int LONGEST_RUN = 3;

    /** Frames are responses to the same SYNC within this time, and within this share of the SYNC period. */
    private static final long LONGEST_BURST = 50 * MILLI;
    private static final double BURST_SHARE = 0.4;
    /** Thresholds for {@link #difference}: within a pair, and relative to the change since the last pair. */
    private static final double CLEAR = 1;
    private static final double VERY_CLEAR = 4;
    private static final double CLEARER = 4;
    private static final double MUCH_CLEARER = 8;
    private static final double KEPT = 2;
    private static final int MOST_PAIRS = 10;
    private static final int DOUBTFUL_PAIRS = 4;

    /** Heartbeats within this time are one heartbeat that was duplicated on the way. */
    private static final long SAME_HEARTBEAT = 50 * MILLI;
    private static final int HEARTBEATS = 64;
    private static final int PERIODS = 8;
    private static final int CLEAR_PERIODS = 6;
    private static final int MOST_BETWEEN = 5;
    private static final long LEAST_PERIOD = 400 * MILLI;
    private static final long LEAST_TOLERANCE = 20 * MILLI;
    private static final long MOST_TOLERANCE = 60 * MILLI;
    private static final long TOLERANCE_SHARE = 25;
    /** The tolerance of a tick is at most the mean time between two heartbeats divided by this. */
    private static final long TOLERANCE_SPACING = 6;
    private static final double OFF_CENTRE = 0.25;
    private static final long LONGEST_STATE = 5 * SECOND;
    private static final int MOST_STATES = 4;
    /** Duplicated frames make this percentage of TPDO1 equal to their predecessor, from minimum to maximum. */
    private static final int LEAST_DOUBLED = 40;
    private static final int MOST_DOUBLED = 60;
    /** Above this maximum, values may be constant: minimum percentage of TPDO1 that arrive early. */
    private static final int LEAST_HURRIED = 30;
    private static final double HURRIED = 0.7;
    private static final int DOUBLED_OF = 64;

    private static final long SAME_REQUEST = 100 * MILLI;
    private static final int MOST_ANSWERS = 4;

    private final int objectId;
    private final int heartbeatId;
    private final int answerId;
    private final boolean knowsCharge;
    private final BoardShape shape;
    private final double[] weight = new double[5];

    private boolean duplicate;
    private long signAt;
    private int framesSinceSign;
    private int heartbeatsSinceSign;

    // Alternation: the latest object of each of two tracks
    private final long[] track = new long[2];
    private int tracks;
    private int lastTrack;
    private int run;
    private int switches;
    /** Number of switches between two objects of the same burst. */
    private int together;

    // Bursts: objects that arrive at the same time
    private long objectBefore;
    private boolean anyObject;
    private int objects;
    private int repeated;
    private int hurried;
    private long objectAt;
    private long objectGap;
    private long burstAt;
    private long burstPeriod;
    private int inBurst;
    private long burstFirst;
    private long burstSecond;
    private long pairFirst;
    private long pairSecond;
    private boolean hasPair;
    private int pairs;

    // Heartbeats, the latest at nextBeat - 1
    private final long[] beats = new long[HEARTBEATS];
    private int beatsKept;
    private int nextBeat;
    private int state;
    private long stateAt;
    private int sameState;
    private int states;

    // SDO
    private long answerKey;
    private long answer;
    private long answerAt;
    private int sameAnswers;
    private boolean otherAnswer;
    private int answers;

    /**
     * @param nodeId monitored node ID, 1..127
     * @param setup setup of the board; may contain user-defined locations of values
     */
    public DuplicateNodeDetector(int nodeId, BoardSetup setup) {
        objectId = FIRST_OBJECT + nodeId;
        heartbeatId = CanFrame.HEARTBEAT_ID + nodeId;
        answerId = SdoClient.ANSWER_ID + nodeId;
        shape = new BoardShape(setup);
        knowsCharge = isKnown(setup, Catalogue.STATE_OF_CHARGE);
        weight[0] = knowsCharge ? 1.0 / 2 : 0;
        weight[1] = isKnown(setup, Catalogue.MIN_CELL_TEMPERATURE) ? 1.0 / 2 : 0;
        weight[2] = isKnown(setup, Catalogue.MAX_CELL_TEMPERATURE) ? 1.0 / 2 : 0;
        weight[3] = isKnown(setup, Catalogue.CURRENT) ? 1 : 0;
        weight[4] = isKnown(setup, Catalogue.VOLTAGE) ? 1 : 0;
    }

    private static boolean isKnown(BoardSetup setup, Point point) {
        return !setup.locations().containsKey(point);
    }

    /** Whether two devices have the node ID. */
    public boolean isDuplicate() {
        return duplicate;
    }

    /** Whether there are recent signs of a duplicate that the next frames will confirm or refute. */
    public boolean isDoubtful(long nanos) {
        boolean toAndFro = tracks == 2 && (switches > 2 || together > 0);
        return !duplicate && (toAndFro || pairs >= DOUBTFUL_PAIRS) && nanos - signAt < DOUBT;
    }

    /** Whether there is any sign of a duplicate, so that it is worth listening for longer. */
    public boolean hasSign() {
        return !duplicate && (tracks == 2 || pairs > 0 || areBeatsUneven());
    }

    private boolean areBeatsUneven() {
        long shortest = Long.MAX_VALUE;
        long longest = 0;
        for (int i = 1; i < beatsKept; i++) {
            shortest = Math.min(shortest, beat(i - 1) - beat(i));
            longest = Math.max(longest, beat(i - 1) - beat(i));
        }
        return beatsKept > 2 && longest * 2 > shortest * 3;
    }

    /** Processes a frame received from the bus. */
    public void hear(CanFrame frame, long nanos) {
        int id = frame.id();
        if (id == objectId) {
            if (frame.length() == CanFrame.MAX_LENGTH) {
                object(frame, nanos);
            }
        } else if (id == heartbeatId) {
            if (NodeFinder.isHeartbeat(frame)) {
                heartbeat(frame.at(0) & NodeFinder.STATE_MASK, nanos);
            }
        } else if (id == answerId && frame.length() == CanFrame.MAX_LENGTH) {
            answer(frame, nanos);
        }
        boolean heardAlone = framesSinceSign >= ALONE_AFTER_FRAMES
                || framesSinceSign == 0 && heartbeatsSinceSign >= ALONE_AFTER_HEARTBEATS;
        if (duplicate && heardAlone && nanos - signAt >= ALONE_AFTER) {
            reset();
        }
    }

    /** Clears all state. Call this when the connection to the bus was lost: another board may respond afterwards. */
    public void reset() {
        duplicate = false;
        tracks = 0;
        switches = 0;
        anyObject = false;
        objects = 0;
        repeated = 0;
        hurried = 0;
        inBurst = 0;
        burstPeriod = 0;
        hasPair = false;
        pairs = 0;
        beatsKept = 0;
        states = 0;
        sameState = 0;
        answers = 0;
        sameAnswers = 0;
        otherAnswer = false;
    }

    private void sign(boolean proves, long nanos) {
        duplicate |= proves;
        signAt = nanos;
        framesSinceSign = 0;
        heartbeatsSinceSign = 0;
    }

    // ---- TPDO1 ----

    private void object(CanFrame frame, long nanos) {
        long object = frame.number(0, 4) | frame.number(4, 4) << 32;
        if (charge(object) > 100 && knowsCharge) {
            return;
        }
        framesSinceSign++;
        if (++objects > DOUBLED_OF) {
            objects /= 2;
            repeated /= 2;
            hurried /= 2;
        }
        long gap = nanos - objectAt;
        repeated += anyObject && object == objectBefore ? 1 : 0;
        hurried += anyObject && gap < objectGap * HURRIED ? 1 : 0;
        objectGap = anyObject ? gap : 0;
        objectAt = nanos;
        follow(object, gather(object, nanos), nanos);
        objectBefore = object;
        anyObject = true;
    }

    private static int charge(long object) {
        return (int) (object >> 40) & 0xFF;
    }

    private static int current(long object) {
        return (short) (object >> 8);
    }

    private static int voltage(long object) {
        return (int) (object >>> 48);
    }

    private boolean isEmpty(long object) {
        return weight[4] > 0 ? voltage(object) == 0 : object == 0;
    }

    /** Whether one battery cannot have been in both states within a short time. */
    private boolean isFar(long a, long b) {
        if (isEmpty(a) || isEmpty(b)) {
            // The state of charge of a board without readings is meaningless.
            return isEmpty(a) != isEmpty(b);
        }
        return knowsCharge && distance(a, b) > Catalogue.STATE_OF_CHARGE.fastestChange();
    }

    /** Assigns the object to one of two tracks, one per battery. */
    private void follow(long object, boolean sameMoment, long nanos) {
        if (tracks == 2 && !isFar(track[0], track[1])) {
            single(track[lastTrack]);
        }
        if (tracks == 0) {
            single(object);
            return;
        }
        int nearest = tracks == 2 && !isFar(object, track[1])
                && (isFar(object, track[0]) || distance(object, track[1]) < distance(object, track[0])) ? 1 : 0;
        if (isFar(object, track[nearest])) {
            // The first object that differs, or one that differs from both tracks: a damaged frame is dropped.
            nearest = 1 - lastTrack;
            tracks = 2;
            switches = 0;
            together = 0;
        }
        track[nearest] = object;
        if (nearest == lastTrack) {
            run++;
            if (run > LONGEST_RUN) {
                single(object);
            }
            return;
        }
        lastTrack = nearest;
        run = 1;
        switches++;
        together += sameMoment ? 1 : 0;
        sign(switches >= MOST_SWITCHES || switches >= MOST_SWITCHES_TOGETHER && together >= MOST_TOGETHER, nanos);
    }

    private static int distance(long a, long b) {
        return Math.abs(charge(a) - charge(b));
    }

    private void single(long object) {
        track[0] = object;
        tracks = 1;
        lastTrack = 0;
        switches = 0;
        together = 0;
        run = 1;
    }

    /** Difference of two objects; values from 1 are more than noise. */
    private double difference(long a, long b) {
        double charge = weight[0] * Math.abs(charge(a) - charge(b));
        double least = weight[1] * Math.abs((byte) (a >> 24) - (byte) (b >> 24));
        double greatest = weight[2] * Math.abs((byte) (a >> 32) - (byte) (b >> 32));
        // Units: 0.1 A and 0.1 V.
        double amperes = Math.max(20, Math.max(Math.abs(current(a)), Math.abs(current(b))) / 10.0);
        double volts = Math.max(10, Math.max(voltage(a), voltage(b)) / 50.0);
        return charge + least + greatest + weight[3] * Math.abs(current(a) - current(b)) / amperes
                + weight[4] * Math.abs(voltage(a) - voltage(b)) / volts + Long.bitCount((a ^ b) & 0xFF);
    }

    /** Collects the objects of one burst. Returns whether the object continues a burst. */
    private boolean gather(long object, long nanos) {
        long since = nanos - burstAt;
        boolean goesOn = inBurst > 0 && since <= LONGEST_BURST
                && (burstPeriod == 0 || since <= burstPeriod * BURST_SHARE);
        if (!goesOn) {
            if (inBurst > 0) {
                compare(nanos);
                burstPeriod = since;
            }
            burstAt = nanos;
            burstFirst = object;
            inBurst = 1;
        } else if (object != objectBefore) {
            burstSecond = object;
            inBurst++;
        }
        return goesOn;
    }

    /** Compares the two objects of a burst with those of the previous burst. */
    private void compare(long nanos) {
        if (inBurst == 1) {
            pairs = Math.max(0, pairs - 2);
            return;
        }
        if (inBurst > 2) {
            pairs = 0;
            hasPair = false;
            return;
        }
        double apart = difference(burstFirst, burstSecond);
        if (apart < CLEAR) {
            return;
        }
        if (hasPair) {
            double moved = Math.min(difference(burstFirst, pairFirst) + difference(burstSecond, pairSecond),
                    difference(burstFirst, pairSecond) + difference(burstSecond, pairFirst));
            double least = Math.min(apart, difference(pairFirst, pairSecond));
            if (moved * CLEARER <= least) {
                pairs += least >= VERY_CLEAR && moved * MUCH_CLEARER <= least ? 2 : 1;
                pairs = Math.min(pairs, MOST_PAIRS);
                sign(pairs >= MOST_PAIRS, nanos);
            } else {
                pairs = 0;
                if (duplicate && moved * KEPT <= least) {
                    sign(false, nanos);
                }
            }
        }
        pairFirst = burstFirst;
        pairSecond = burstSecond;
        hasPair = true;
    }

    // ---- heartbeats ----

    private void heartbeat(int newState, long nanos) {
        states(newState, nanos);
        if (newState == NodeFinder.BOOT_UP) {
            // The node's heartbeat timer restarts.
            beatsKept = 0;
            return;
        }
        if (beatsKept > 0 && nanos - beat(0) < SAME_HEARTBEAT) {
            return;
        }
        heartbeatsSinceSign++;
        beats[nextBeat] = nanos;
        nextBeat = (nextBeat + 1) % HEARTBEATS;
        beatsKept = Math.min(beatsKept + 1, HEARTBEATS);
        if (!areDoubled()) {
            for (int between = 1; between <= MOST_BETWEEN; between++) {
                if (areTwoClocks(between)) {
                    sign(true, nanos);
                    return;
                }
            }
        }
    }

    /** Whether each frame, and thus each heartbeat, may be duplicated on the way. */
    private boolean areDoubled() {
        int percent = objects == 0 ? 0 : repeated * 100 / objects;
        return percent >= LEAST_DOUBLED && (percent <= MOST_DOUBLED || hurried * 100 >= objects * LEAST_HURRIED);
    }

    /** Detects two alternating states: a single node does not alternate by itself. */
    private void states(int newState, long nanos) {
        if (newState == state && sameState > 0) {
            sameState++;
            states = sameState > LONGEST_RUN ? 0 : states;
        } else {
            boolean begins = newState == NodeFinder.BOOT_UP || sameState == 0 || nanos - stateAt > LONGEST_STATE;
            states = begins ? 0 : states + 1;
            sameState = 1;
            if (states >= MOST_STATES) {
                sign(true, nanos);
            }
        }
        state = newState;
        stateAt = nanos;
    }

    private long beat(int back) {
        return beats[Math.floorMod(nextBeat - 1 - back, HEARTBEATS)];
    }

    /**
     * Whether the heartbeats come from two clocks. One clock has a heartbeat at each of its last {@link #PERIODS}
     * ticks. The heartbeats between these ticks are regular as well, and a single faster clock cannot explain them.
     * Late heartbeats of a single clock often coincide with ticks, but not all of them do.
     *
     * @param between number of heartbeats between the latest tick and the previous one
     */
    private boolean areTwoClocks(int between) {
        if (beatsKept <= between + 1) {
            return false;
        }
        long period = beat(0) - beat(between + 1);
        if (period < LEAST_PERIOD) {
            return false;
        }
        long tolerance = Math.max(LEAST_TOLERANCE, Math.min(MOST_TOLERANCE, period / TOLERANCE_SHARE));
        tolerance = Math.min(tolerance, period / (between + 1) / TOLERANCE_SPACING);
        int back = 0;
        int offCentre = 0;
        long ticks = 1;
        for (int tick = 1; tick <= PERIODS; tick++) {
            int first = back + 1;
            long expected = beat(0) - tick * period;
            do {
                back++;
            } while (back < beatsKept && beat(back) - expected > tolerance);
            if (back >= beatsKept || back == first || expected - beat(back) > tolerance) {
                return false;
            }
            boolean isOff = isOffCentre(first, back);
            if (tick == 1 && !isOff) {
                // There may have been two clocks, but the second one has stopped.
                return false;
            }
            offCentre += isOff ? 1 : 0;
            ticks |= 1L << back;
        }
        return offCentre >= CLEAR_PERIODS
                && (isRepeated(between + 1, back, period, tolerance) || isOneClock(ticks, back, tolerance));
    }

    /** Whether each heartbeat repeats after one period, as when all clocks have the same period. */
    private boolean isRepeated(int inPeriod, int last, long period, long tolerance) {
        for (int i = 0; i + inPeriod <= last; i++) {
            if (Math.abs(beat(i) - beat(i + inPeriod) - period) > tolerance) {
                return false;
            }
        }
        return true;
    }

    /** Whether one clock sends the heartbeats between the ticks. One that coincides with a tick is missing. */
    private boolean isOneClock(long ticks, int last, long tolerance) {
        long step = Long.MAX_VALUE;
        for (int newer = 1, older = 2; older < last; older++) {
            if ((ticks >> older & 1) == 0) {
                step = Math.min(step, beat(newer) - beat(older));
                newer = older;
            }
        }
        for (int newer = 1, older = 2; older < last; older++) {
            if ((ticks >> older & 1) == 0) {
                long gap = beat(newer) - beat(older);
                boolean withTick = older - newer > 1
                        && Math.abs(beat(newer) - step - beat(newer + 1)) <= SAME_HEARTBEAT + tolerance;
                if (gap - step > tolerance && !(withTick && Math.abs(gap - 2 * step) <= tolerance)) {
                    return false;
                }
                newer = older;
            }
        }
        return true;
    }

    /** Whether a heartbeat between two ticks is not at the position that a single faster clock gives. */
    private boolean isOffCentre(int first, int tick) {
        long newer = beat(first - 1);
        double step = (newer - beat(tick)) / (double) (tick - first + 1);
        for (int i = first; i < tick; i++) {
            if (Math.abs(newer - beat(i) - (i - first + 1) * step) > step * OFF_CENTRE) {
                return true;
            }
        }
        return false;
    }

    // ---- SDO ----

    /**
     * Counts requests with exactly two different answers. More than two answers for an object within
     * {@link #SAME_REQUEST} come from a client that repeats its request immediately.
     */
    private void answer(CanFrame frame, long nanos) {
        long key = frame.number(1, 3);
        long content = frame.number(4, 4) << 8 | frame.at(0);
        if (sameAnswers > 0 && key == answerKey && nanos - answerAt <= SAME_REQUEST) {
            sameAnswers++;
            otherAnswer = sameAnswers == 2 && content != answer;
        } else {
            if (otherAnswer) {
                answers++;
                sign(answers >= MOST_ANSWERS, nanos);
            } else if (sameAnswers == 1) {
                answers = Math.max(0, answers - 1);
            }
            sameAnswers = 1;
            otherAnswer = false;
        }
        answerKey = key;
        answer = content;
        answerAt = nanos;
    }
}
