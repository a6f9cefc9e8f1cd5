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
import org.eclipse.jdt.annotation.Nullable;

/**
 * What was learnt about a line or connection and the devices on it. It belongs to the line and outlives each opening.
 * <p>
 * Some devices and gateways say nothing for some seconds after each connect. A connection on which nothing was answered
 * yet is kept for that long, and from the second connect on nobody is asked before. Where a first connect was answered
 * at once, silence means that the connection is dead, as long as making it anew helps.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class LinkProfile {

    /** The longest time that a device may be quiet after a connect. */
    static final long LONGEST_WAIT = 12_000_000_000L;

    /** A wait that cost fewer requests than this may have been bad luck, unless it comes again. */
    private static final int PROOF = 2;
    /** Only a request that comes within this time after a connect shows that no wait is needed. */
    private static final long AT_ONCE = 200_000_000L;
    /** So many connections in a row without an answer: it may be that they were not given enough time. */
    private static final int FRUITLESS = 3;
    private static final long UNKNOWN = -1;
    private static final int UNITS = 256;
    /** The longest time that is waited for answers that come late. */
    private static final long LONGEST_ANSWER = 5_000_000_000L;
    private static final int TELNET_OPTION = 3;
    private static final String TELNET = "telnet";

    private final @Nullable DeviceProfile[] devices = new @Nullable DeviceProfile[UNITS];

    private final HeaderProfile header = new HeaderProfile();
    private final ForeignTraffic foreign = new ForeignTraffic();
    private boolean connected;
    private long connectedAt;
    private boolean answered;
    private int silentUnit;
    private int silentRequests;
    private int silentConnects;
    private int fruitless;
    private long wait = UNKNOWN;
    private long answerTime;
    private boolean telnet;

    /** What was learnt about a device, by its address. */
    public DeviceProfile device(int unit) {
        DeviceProfile device = devices[unit];
        if (device == null) {
            device = new DeviceProfile();
            devices[unit] = device;
        }
        return device;
    }

    /** How long nobody is to be asked after a connect, in nanoseconds; 0 while no such time is known. */
    public long connectWaitNanos() {
        return Math.max(0, wait);
    }

    /** What is known about other masters on the line. */
    ForeignTraffic foreign() {
        return foreign;
    }

    /** Whether frames of another master were heard on the line in the last minutes. */
    public boolean isShared() {
        return foreign.isGuarding();
    }

    /** How the far end of a Modbus TCP connection departs from the header of the standard. */
    public HeaderProfile header() {
        return header;
    }

    /**
     * How long to wait for an answer, in nanoseconds: the given time, or longer where answers came later than that.
     */
    long timeout(long nanos) {
        return Math.max(nanos, answerTime);
    }

    /** An answer came after this time had passed. */
    void answeredLate(long timeoutNanos) {
        answerTime = Math.min(LONGEST_ANSWER, 2 * timeout(timeoutNanos));
    }

    /**
     * Whether the far end negotiated telnet options. Such a server doubles each byte FF of an answer.
     */
    public boolean isTelnet() {
        return telnet;
    }

    /**
     * What is odd about the far end, in technical words such as {@code telnet unit-id}; empty when nothing is known.
     */
    String gateway() {
        String departures = header.text();
        return !telnet ? departures : departures.isEmpty() ? TELNET : TELNET + " " + departures;
    }

    /** Bytes came. Before the first answer of a connection they may be a negotiation. */
    void received(byte[] bytes, int count) {
        for (int i = answered ? count : 0; i + TELNET_OPTION + 2 < count && !telnet; i++) {
            telnet = isTelnetOption(bytes, i) && isTelnetOption(bytes, i + TELNET_OPTION);
        }
    }

    /** Whether a request or promise of an option (RFC 854: IAC, WILL, WONT, DO or DONT) stands there. */
    private static boolean isTelnetOption(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) == 0xFF && (bytes[at + 1] & 0xFF) >= 0xFB && (bytes[at + 1] & 0xFF) <= 0xFE;
    }

    /** The line was opened, or the connection made. */
    void connected(long nanos) {
        fruitless = connected && !answered ? fruitless + 1 : 0;
        connected = true;
        connectedAt = nanos;
        answered = false;
        silentRequests = 0;
    }

    /** The moment from which on devices can be asked; the given one or a later. */
    long readyAt(long nanos) {
        long ready = connectedAt + connectWaitNanos();
        return connected && wait > 0 && ready - nanos > 0 ? ready : nanos;
    }

    /** Whether silence may come from a device that is not ready yet, so that the connection must be kept. */
    boolean mayBecomeReady(long nanos) {
        return connected && !answered && nanos - connectedAt < LONGEST_WAIT
                && (wait == UNKNOWN || fruitless >= FRUITLESS);
    }

    /** A request got no answer, not even a byte. */
    void silent(int unit) {
        if (!answered) {
            silentRequests = unit == silentUnit ? silentRequests + 1 : 1;
            silentUnit = unit;
        }
    }

    /**
     * A device answered.
     *
     * @param sentAt when it was asked
     */
    void answered(int unit, long sentAt) {
        if (answered) {
            return;
        }
        answered = true;
        fruitless = 0;
        boolean waited = silentRequests > 0 && unit == silentUnit;
        silentConnects = waited ? silentConnects + 1 : 0;
        if (waited && (silentRequests >= PROOF || silentConnects >= PROOF)) {
            wait = Math.min(LONGEST_WAIT, Math.max(wait, sentAt - connectedAt));
        } else if (!waited && sentAt - connectedAt < AT_ONCE) {
            wait = Math.max(wait, 0);
        }
    }
}
