/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.time.Instant;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.device.BoardReport;

/**
 * The state of a board as the tool prints it, from any source.
 *
 * @param time time of the state, from which the ages of the values count
 * @param hasClock whether the time is that of a wall clock
 * @param online whether the board responds
 * @param cause why it does not, as text; null when it does
 * @param channels every channel, in the order of the catalogue
 * @param properties every property of the Thing
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record ShownState(Instant time, boolean hasClock, boolean online, @Nullable String cause, List<ShownValue> channels,
        List<ShownValue> properties) {

    /** A state whose time is that of a wall clock. */
    ShownState(Instant time, boolean online, @Nullable String cause, List<ShownValue> channels,
            List<ShownValue> properties) {
        this(time, true, online, cause, channels, properties);
    }

    /** The same state without wall clock time. @param hasAges whether the ages of the values are known */
    ShownState withoutClock(boolean hasAges) {
        return new ShownState(time, false, online, cause,
                hasAges ? channels
                        : channels.stream().map(value -> new ShownValue(value.id(), value.value(), value.unit(), null))
                                .toList(),
                properties);
    }

    /**
     * Converts a report of the binding's core.
     *
     * @param cause why the board is not online, as text; null when it is
     */
    static ShownState of(BoardReport report, @Nullable String cause) {
        BoardSnapshot snapshot = report.snapshot();
        return new ShownState(snapshot.time(), report.isOnline(), cause,
                Catalogue.channels().stream().map(point -> ShownValue.of(snapshot, point)).toList(),
                Catalogue.properties().stream().map(point -> ShownValue.of(snapshot, point)).toList());
    }
}
