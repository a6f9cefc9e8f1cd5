/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.tool;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.canopen.CanFrame;
import org.openhab.binding.bmsmain.internal.canopen.DuplicateNodeDetector;
import org.openhab.binding.bmsmain.internal.canopen.PdoDecoder;
import org.openhab.binding.bmsmain.internal.link.BoardReport;
import org.openhab.binding.bmsmain.internal.link.Failure;
import org.openhab.binding.bmsmain.internal.link.FailureCause;
import org.openhab.binding.bmsmain.internal.link.Wire;

/**
 * Reads a log of CAN frames, and tells the states of a board that follow from it. Values become old by the time stamps
 * of the log; without any, time stands still.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class CandumpReplay {

    private static final int HEARTBEAT = 0x700;
    private static final int BOOT_UP = 0;
    private static final String LINK_GROUP = "link";

    private final int node;
    private final DuplicateNodeDetector duplicates;
    private final PdoDecoder decoder;
    private final BoardAssembler assembler;
    private @Nullable Instant begin;
    private @Nullable ShownState last;
    private List<Object> shown = List.of();
    private int strangeLines;
    private String log = "";

    CandumpReplay(int node, BoardSetup setup) {
        this.node = node;
        this.duplicates = new DuplicateNodeDetector(node, setup);
        this.decoder = new PdoDecoder(node, setup);
        this.assembler = new BoardAssembler(setup);
    }

    /**
     * Reads a log.
     *
     * @param listener hears of each state that differs from the one before
     * @throws IOException when it cannot be read
     */
    void read(Path log, Consumer<ShownState> listener) throws IOException {
        this.log = log.toString();
        try (BufferedReader reader = Files.newBufferedReader(log, StandardCharsets.ISO_8859_1)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                take(line, listener);
            }
        }
    }

    /** The state at the end, or null when the log says nothing about the board. */
    @Nullable
    ShownState last() {
        return last;
    }

    /** How many lines were no frames. */
    int strangeLines() {
        return strangeLines;
    }

    private void take(String line, Consumer<ShownState> listener) {
        CandumpLine frame = CandumpLine.parse(line);
        if (frame == null) {
            strangeLines += line.isBlank() ? 0 : 1;
            return;
        }
        Instant time = frame.time();
        CanFrame data = frame.frame();
        if (data == null) {
            return;
        }
        long nanos = time == null ? 0 : nanosSinceBegin(time);
        if (time != null) {
            // Two boards are told apart by the times of their frames.
            duplicates.hear(data, nanos);
        }
        Failure failure = duplicates.isDuplicate() ? Failure.of(FailureCause.DUPLICATE_NODE_ID) : null;
        decoder.setWary(duplicates.isDoubtful(nanos));
        if (failure != null || data.id() == HEARTBEAT + node && data.length() == 1 && data.at(0) == BOOT_UP) {
            assembler.forgetBoard();
            decoder.forget();
        } else if (decoder.decode(data, assembler, nanos) == PdoDecoder.Outcome.NONE) {
            return;
        }
        if (time != null) {
            assembler.put(Catalogue.LAST_UPDATE, time.toEpochMilli(), nanos);
        }
        ShownState state = ShownState.of(
                new BoardReport(failure, assembler.snapshot(nanos, time == null ? Instant.now() : time), List.of()),
                failure == null ? null : Texts.of(failure, Wire.CAN, log, node));
        last = state;
        List<Object> values = state.channels().stream().filter(value -> !LINK_GROUP.equals(value.group()))
                .map(value -> (Object) String.valueOf(value.value())).toList();
        if (!values.equals(shown)) {
            shown = values;
            listener.accept(state);
        }
    }

    private long nanosSinceBegin(Instant time) {
        Instant first = begin;
        if (first == null) {
            begin = time;
            return 0;
        }
        return Math.max(0, Duration.between(first, time).toNanos());
    }
}
