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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.canopen.CanFrame;
import org.openhab.binding.bmsmain.internal.canopen.DuplicateNodeDetector;
import org.openhab.binding.bmsmain.internal.canopen.PdoDecoder;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;

/**
 * Reads a log of CAN frames, and derives the states of a board from it. Values expire by the time stamps of the log;
 * without time stamps no time passes, and no age is shown.
 * <p>
 * {@code candump} writes time stamps of the wall clock ({@code -l}, {@code -L}, {@code -ta}, {@code -tA}), since its
 * start ({@code -tz}) or since the previous frame ({@code -td}). To tell the latter two apart, such a log is read once
 * in advance.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class CandumpReplay {

    private static final int HEARTBEAT = 0x700;
    private static final int BOOT_UP = 0;
    /** Groups that change without the board: their counters rise with each frame. */
    private static final Set<String> OWN_GROUPS = Set.of("link", "energy", "history");
    /** No log is three years long, and no wall clock is before 1973: larger stamps are those of a wall clock. */
    private static final long FIRST_WALL_SECOND = 100_000_000;
    /** Maximum step back that frames of several interfaces cause; a larger step means that the clock was set back. */
    private static final long DISORDER_NANOS = 1_000_000_000;
    /** After a longer pause all values have expired anyway. */
    private static final Duration LONGEST_STEP = Duration.ofDays(1);
    /** A file with this many lines and hardly any frame is no log. */
    private static final int MOST_STRANGE_LINES = 100_000;
    private static final int SHARE_OF_STRANGE_LINES = 100;

    /** The file is no log, or its format is ambiguous. The message is fit for a user. */
    static final class LogException extends Exception {
        private static final long serialVersionUID = 1L;

        LogException(String message) {
            super(message);
        }
    }

    private final int node;
    private final DuplicateNodeDetector duplicates;
    private final String wanted;
    private final PdoDecoder decoder;
    private final BoardAssembler assembler;
    private final ReportHistory history = new ReportHistory();
    private String channel = "";
    private boolean heard;
    private boolean delta;
    /** Whether the time stamps are those of a wall clock; null before the first one. */
    private @Nullable Boolean wall;
    private @Nullable Instant stamp;
    private long elapsed;
    private boolean any;
    private List<Object> shown = List.of();
    private int frames;
    private int strangeLines;

    /** @param wanted the CAN interface to read; empty for the one of the node */
    CandumpReplay(int node, String wanted, BoardSetup setup) {
        this.node = node;
        this.duplicates = new DuplicateNodeDetector(node, setup);
        this.wanted = wanted;
        this.decoder = new PdoDecoder(node, setup);
        this.assembler = new BoardAssembler(setup);
    }

    /**
     * Reads a log.
     *
     * @param listener receives each state that differs from the previous one, and returns whether to continue; null
     *            when only the last state is needed
     * @throws IOException when it cannot be read
     * @throws LogException when it is no log, or an ambiguous one
     */
    void read(Path log, @Nullable Predicate<ShownState> listener) throws IOException, LogException {
        try (Lines lines = Lines.of(log, StandardCharsets.ISO_8859_1)) {
            boolean goOn = true;
            for (String line = lines.next(); line != null && goOn; line = lines.next()) {
                goOn = take(log, lines.number(), line, listener);
            }
        }
    }

    /** The state at the end, or null when the log contains nothing from the board. */
    @Nullable
    ShownState last() {
        return any ? state() : null;
    }

    /** Number of lines that are no frames. */
    int strangeLines() {
        return strangeLines;
    }

    private boolean take(Path log, long number, String line, @Nullable Predicate<ShownState> listener)
            throws IOException, LogException {
        CandumpLine frame = CandumpLine.parse(line);
        if (frame == null) {
            strangeLines += line.isBlank() ? 0 : 1;
            if (strangeLines >= MOST_STRANGE_LINES && strangeLines / SHARE_OF_STRANGE_LINES > frames) {
                throw new LogException("line " + number + ": nearly all lines so far are not CAN frames");
            }
            return true;
        }
        frames++;
        // Frames of other nodes also advance the time.
        pass(log, number, frame.stamp());
        CanFrame data = frame.frame();
        if (data == null || !wanted.isEmpty() && !wanted.equals(frame.channel())) {
            return true;
        }
        if (stamp != null) {
            // Duplicates are detected by the times of their frames and of SYNC.
            duplicates.hear(data, elapsed);
        }
        if (!isOurs(data)) {
            return true;
        }
        chooseChannel(frame.channel());
        boolean isDuplicate = duplicates.isDuplicate();
        decoder.setWary(duplicates.isDoubtful(elapsed));
        if (isDuplicate || data.id() == HEARTBEAT + node && data.length() == 1 && data.at(0) == BOOT_UP) {
            assembler.forgetBoard();
            decoder.forget();
        } else if (decoder.decode(data, assembler, elapsed) == PdoDecoder.Outcome.NONE) {
            return true;
        }
        any = true;
        Instant time = stamp;
        if (time != null && isWall()) {
            assembler.put(Catalogue.LAST_UPDATE, time.toEpochMilli(), elapsed);
        }
        if (listener == null) {
            return true;
        }
        ShownState state = state();
        List<Object> values = state.channels().stream().filter(value -> !OWN_GROUPS.contains(value.group()))
                .map(value -> (Object) String.valueOf(value.value())).toList();
        if (values.equals(shown)) {
            return true;
        }
        shown = values;
        return listener.test(state);
    }

    private boolean isOurs(CanFrame frame) {
        return frame.id() == HEARTBEAT + node || decoder.isWanted(frame.id());
    }

    /** A log may hold several buses. Nodes with this ID on two of them are two boards. */
    private void chooseChannel(String where) throws LogException {
        if (where.isEmpty()) {
            // Some formats name no interface.
            return;
        }
        if (!heard) {
            heard = true;
            channel = where;
        } else if (!channel.equals(where)) {
            throw new LogException("node " + node + " is on " + name(channel) + " and on " + name(where)
                    + "; choose one of them with --interface");
        }
    }

    private static String name(String channel) {
        return channel.isEmpty() ? "an interface without a name" : channel;
    }

    // ---- time ----

    private boolean isWall() {
        return Boolean.TRUE.equals(wall);
    }

    private static boolean isWall(Instant stamp) {
        return stamp.getEpochSecond() >= FIRST_WALL_SECOND || stamp.getEpochSecond() < 0;
    }

    private void pass(Path log, long number, @Nullable Instant next) throws IOException, LogException {
        if (next == null) {
            return;
        }
        Instant before = stamp;
        if (wall == null) {
            wall = isWall(next);
            delta = !isWall(next) && CandumpStamps.of(log) == CandumpStamps.SINCE_LAST_FRAME;
        } else if (isWall() != isWall(next)) {
            throw new LogException("line " + number + ": its time stamp is of another type than those before it");
        }
        stamp = next;
        Duration step = delta ? Duration.between(Instant.EPOCH, next)
                : before == null ? Duration.ZERO : Duration.between(before, next);
        if (step.compareTo(LONGEST_STEP) > 0) {
            elapsed += LONGEST_STEP.toNanos();
        } else if (!step.isNegative()) {
            elapsed += step.toNanos();
        } else if (step.compareTo(Duration.ofNanos(-DISORDER_NANOS)) >= 0) {
            stamp = before;
        } else {
            // The clock was set back, or another log begins: the ages of the values are unknown.
            assembler.forgetBoard();
        }
    }

    private ShownState state() {
        Instant time = stamp;
        // Without a wall clock the ages are right, but the time of day is unknown.
        Instant now = time != null && isWall() ? time : Instant.EPOCH.plusNanos(elapsed);
        Failure failure = duplicates.isDuplicate() ? Failure.of(FailureCause.DUPLICATE_NODE_ID) : null;
        BoardReport report = new BoardReport(failure, assembler.snapshot(elapsed, now), List.of());
        String cause = failure == null ? null : Texts.of(failure, ConnectionType.CAN, name(channel), node);
        return isWall() ? history.see(report, cause) : ShownState.of(report, cause).withoutClock(time != null);
    }
}
