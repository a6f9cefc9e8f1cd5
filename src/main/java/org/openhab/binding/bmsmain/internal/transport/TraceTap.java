/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.transport;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.TraceSink.Event;

/**
 * Passes the traffic of a wire to any number of {@link TraceSink}s, which can be added at any time without disturbing
 * it. Costs next to nothing without a sink.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class TraceTap {

    private static final TraceSink[] NOBODY = {};

    private final Ticker ticker;
    private volatile TraceSink[] sinks = NOBODY;
    private boolean open;

    public TraceTap(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Adds a sink. If the wire is already open, the sink is notified as if it was opened now. */
    public synchronized void add(TraceSink sink) {
        if (open) {
            sink.happened(Event.OPENING, ticker.nanos(), "");
            sink.happened(Event.OPEN, ticker.nanos(), "");
        }
        List<TraceSink> more = new ArrayList<>(List.of(sinks));
        more.add(sink);
        sinks = more.toArray(TraceSink[]::new);
    }

    /** Removes a sink. */
    public synchronized void remove(TraceSink sink) {
        List<TraceSink> rest = new ArrayList<>(List.of(sinks));
        rest.remove(sink);
        sinks = rest.toArray(TraceSink[]::new);
    }

    /** Whether there is a sink. */
    public boolean isOn() {
        return sinks.length > 0;
    }

    /** Ends the traffic of the wire for good and notifies all sinks. */
    public void end() {
        TraceSink[] all;
        synchronized (this) {
            all = sinks;
            sinks = NOBODY;
        }
        for (TraceSink sink : all) {
            sink.ended();
        }
    }

    void happened(Event event, String detail) {
        TraceSink[] all;
        synchronized (this) {
            open = event == Event.OPEN || open && event != Event.CLOSED && event != Event.OPENING;
            all = sinks;
        }
        long now = ticker.nanos();
        for (TraceSink sink : all) {
            sink.happened(event, now, detail);
        }
    }

    void beginTransaction(String whose) {
        if (isOn()) {
            happened(Event.TURN, whose);
        }
    }

    void bytes(Event event, byte[] bytes, int offset, int length) {
        TraceSink[] all = sinks;
        if (all.length > 0) {
            long now = ticker.nanos();
            for (TraceSink sink : all) {
                sink.bytes(event, now, bytes, offset, length);
            }
        }
    }
}
