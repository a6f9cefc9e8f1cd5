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
 * What was learnt about a line or connection and its devices. Belongs to the line and outlives each opening.
 * <p>
 * Some devices and gateways do not answer for some seconds after each connect. A connection without an answer yet is
 * kept for that long, and from the second connect on no request is sent before. If a first connect was answered at
 * once, silence means that the connection is dead, unless several new connections in a row bring no answer either.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class LinkProfile {

    /** Maximum time without answers after a connect, in nanoseconds. */
    static final long LONGEST_WAIT = 12_000_000_000L;

    /** Number of lost requests, or of consecutive connects with losses, that prove a wait; fewer may be bad luck. */
    private static final int PROOF = 2;
    /** Only an answer to a request within this time after a connect shows that no wait is needed. */
    private static final long AT_ONCE = 200_000_000L;
    /** Number of consecutive connections without an answer after which a connection is given more time. */
    private static final int FRUITLESS = 3;
    private static final long UNKNOWN = -1;
    private static final int UNITS = 256;
    /** Maximum timeout for late answers, in nanoseconds. */
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

    /** Time after a connect in which no request is sent, in nanoseconds; 0 while none is known. */
    public long connectWaitNanos() {
        return Math.max(0, wait);
    }

    /** What is known about other masters on the line. */
    ForeignTraffic foreign() {
        return foreign;
    }

    /** Whether frames of another master were received in the last minutes. */
    public boolean isShared() {
        return foreign.isGuarding();
    }

    /** How the far end of a Modbus TCP connection departs from the standard header. */
    public HeaderProfile header() {
        return header;
    }

    /** Timeout for an answer, in nanoseconds: the given one, or a longer one if answers arrived later than that. */
    long timeout(long nanos) {
        return Math.max(nanos, answerTime);
    }

    /** Records that an answer arrived after this timeout. */
    void answeredLate(long timeoutNanos) {
        answerTime = Math.min(LONGEST_ANSWER, 2 * timeout(timeoutNanos));
    }

    /**
     * Whether the far end negotiated telnet options. Such a server doubles each byte FF of an answer.
     */
    public boolean isTelnet() {
        return telnet;
    }

    /** Peculiarities of the far end, in technical words such as {@code telnet unit-id}; empty when none is known. */
    String gateway() {
        String departures = header.text();
        return !telnet ? departures : departures.isEmpty() ? TELNET : TELNET + " " + departures;
    }

    /** Checks received bytes. Before the first answer of a connection they may be a telnet negotiation. */
    void received(byte[] bytes, int count) {
        for (int i = answered ? count : 0; i + TELNET_OPTION + 2 < count && !telnet; i++) {
            telnet = isTelnetOption(bytes, i) && isTelnetOption(bytes, i + TELNET_OPTION);
        }
    }

    /** Whether a telnet option command (RFC 854: IAC, then WILL, WONT, DO or DONT) is at this position. */
    private static boolean isTelnetOption(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) == 0xFF && (bytes[at + 1] & 0xFF) >= 0xFB && (bytes[at + 1] & 0xFF) <= 0xFE;
    }

    /** Records that the line was opened or the connection made. */
    void connected(long nanos) {
        fruitless = connected && !answered ? fruitless + 1 : 0;
        connected = true;
        connectedAt = nanos;
        answered = false;
        silentRequests = 0;
    }

    /** Earliest time for a request: the given one, or a later one. */
    long readyAt(long nanos) {
        long ready = connectedAt + connectWaitNanos();
        return connected && wait > 0 && ready - nanos > 0 ? ready : nanos;
    }

    /** Whether silence may come from a device that is not ready yet, so that the connection must be kept. */
    boolean mayBecomeReady(long nanos) {
        return connected && !answered && nanos - connectedAt < LONGEST_WAIT
                && (wait == UNKNOWN || fruitless >= FRUITLESS);
    }

    /** Records that a request got no answer, not even a byte. */
    void silent(int unit) {
        if (!answered) {
            silentRequests = unit == silentUnit ? silentRequests + 1 : 1;
            silentUnit = unit;
        }
    }

    /**
     * Records that a device answered.
     *
     * @param sentAt time of the request
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
