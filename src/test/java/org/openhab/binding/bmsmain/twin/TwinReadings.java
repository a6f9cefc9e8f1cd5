/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.twin;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;
import org.openhab.binding.bmsmain.internal.board.PollClass;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * A twin that is read every second of virtual time, without a wire. Each value is rounded as a register of its
 * type; slow values are read every 30 seconds.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class TwinReadings implements Ticker {

    private static final long SECOND = 1_000_000_000L;
    private static final int SLOW_SECONDS = 30;
    private static final Instant BEGIN = Instant.parse("2026-05-04T09:00:00Z");

    private final List<Point> points;
    private final BoardAssembler assembler;
    private final TwinBoard board;
    private long seconds;

    /** A twin that uses the time of the readings. */
    public TwinReadings(BoardSetup setup) {
        this(readings -> setup);
    }

    /** The same with a setup that needs the time. */
    public TwinReadings(Function<Ticker, BoardSetup> setup) {
        assembler = new BoardAssembler(setup.apply(this));
        board = new TwinBoard(TwinBoard.DEFAULT_ADDRESS, TwinBoard.WordOrder.LITTLE,
                ((InstantSource) this::now).withZone(ZoneOffset.UTC), 1);
        points = Catalogue.all().stream().filter(point -> point.origin() == Origin.WIRE && point.kind() != Kind.TEXT)
                .filter(point -> board.settable().contains(point.id())).toList();
    }

    public TwinBoard board() {
        return board;
    }

    /** Seconds since the start. */
    public long seconds() {
        return seconds;
    }

    /** Advances one second and reads everything. */
    public BoardSnapshot next() {
        seconds++;
        for (Point point : points) {
            if (point.pollClass() != PollClass.SLOW || seconds % SLOW_SECONDS == 1) {
                assembler.put(point, value(point), nanos());
            }
        }
        // A measurement is valid between two readings of this bit.
        assembler.put(Catalogue.INITIALISATION, value(Catalogue.INITIALISATION), nanos());
        assembler.put(Catalogue.LAST_UPDATE, now().toEpochMilli(), nanos());
        return assembler.snapshot(nanos(), now());
    }

    private double value(Point point) {
        if (point.kind().isBit()) {
            return board.flag(point.id()) ? 1 : 0;
        }
        double value = board.number(point.id());
        if (point.register() == null) {
            // The twin stores these as whole millivolts and tenths of a degree, and the voltage as a REAL32.
            double steps = Math.pow(10, point.decimals());
            return point == Catalogue.VOLTAGE ? (float) value : Math.rint(value * steps) / steps;
        }
        return point.kind() == Kind.MEASUREMENT ? (float) value : value;
    }

    @Override
    public long nanos() {
        return seconds * SECOND;
    }

    @Override
    public Instant now() {
        return BEGIN.plusSeconds(seconds);
    }

    @Override
    public void parkUntil(long nanos) {
        throw new IllegalStateException("Time leaps by readings");
    }
}
