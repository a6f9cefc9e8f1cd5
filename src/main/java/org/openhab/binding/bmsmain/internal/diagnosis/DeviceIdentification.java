/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.diagnosis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Identifies a device that responds: reads all values of a BMS Main once, and checks whether they are plausible.
 *
 * @param snapshot the values; null when they could not be read
 * @param failure why they could not be read, or null
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record DeviceIdentification(@Nullable BoardSnapshot snapshot, @Nullable Failure failure) {

    private static final Duration REFRESH = Duration.ofMillis(200);
    private static final Duration SLOW_REFRESH = Duration.ofSeconds(1);
    /** Upper bound of transactions: more than the read plan can be split into. */
    private static final int MOST_TURNS = 400;
    /** Maximum number of cycles: the first cycle may leave the word order open. */
    private static final int CYCLES = 3;

    /** Makes a board send its next request. */
    interface Reader {
        /** @return why there was no response, or null */
        @Nullable
        Failure serve(ModbusBoard board);
    }

    /** A board that is polled as the binding polls it, as fast as it responds. */
    static ModbusBoard board(ModbusConnectionParameters parameters, BoardListener listener, Ticker ticker) {
        return new ModbusBoard(
                new ModbusSettings(parameters.address(), REFRESH, SLOW_REFRESH, parameters.responseTimeout(), null),
                BoardSetup.standard(Duration.ofHours(1), Duration.ofHours(1)), parameters.serial() == null, listener,
                ticker);
    }

    /** Reads all values, with automatic detection of the word order. */
    static DeviceIdentification read(ModbusProbe line, ModbusConnectionParameters parameters, Ticker ticker) {
        List<BoardReport> reports = new ArrayList<>();
        return read(line, board -> line.serve(client -> {
            board.serve(client);
            return null;
        }).failure(), board(parameters, reports::add, ticker), reports);
    }

    /**
     * Reads all values of a board that was not read before.
     *
     * @param reports receives the reports of the board
     */
    static DeviceIdentification read(ModbusProbe line, Reader reader, ModbusBoard board, List<BoardReport> reports) {
        Failure last = null;
        for (int cycle = 0; cycle < MOST_TURNS && !isDone(reports); cycle++) {
            last = reader.serve(board);
            if (last != null) {
                Failure cannotOpen = line.open();
                if (cannotOpen != null) {
                    return new DeviceIdentification(null, cannotOpen);
                }
            }
        }
        if (reports.isEmpty()) {
            return new DeviceIdentification(null, last);
        }
        BoardReport report = reports.get(reports.size() - 1);
        return report.failure() != null ? new DeviceIdentification(null, report.failure())
                : new DeviceIdentification(report.snapshot(), null);
    }

    private static boolean isDone(List<BoardReport> reports) {
        if (reports.isEmpty()) {
            return false;
        }
        BoardReport report = reports.get(reports.size() - 1);
        if (!report.isOnline()) {
            return true;
        }
        // Cycles in which the board still probes its registers also report what was read so far.
        long cycles = reports.stream().filter(DeviceIdentification::isOfWholeCycle).count();
        return cycles >= CYCLES || isOfWholeCycle(report) && report.snapshot().isKnown(Catalogue.STATE_OF_CHARGE);
    }

    private static boolean isOfWholeCycle(BoardReport report) {
        return report.snapshot().text(Catalogue.WORD_ORDER) != null;
    }

    /** Whether the board is initialising: it zeroes its sensors and searches for its BMS Logic boards. */
    boolean isInitialising() {
        BoardSnapshot values = snapshot;
        return values != null && values.isSet(Catalogue.INITIALISATION);
    }

    /** The word order that fits the values; null when none does. */
    @Nullable
    WordOrder wordOrder() {
        BoardSnapshot values = snapshot;
        String text = values == null ? null : values.text(Catalogue.WORD_ORDER);
        for (WordOrder order : WordOrder.values()) {
            if (order.id().equals(text)) {
                return order;
            }
        }
        return null;
    }

    /** Number of implausible values. */
    long rejected() {
        BoardSnapshot values = snapshot;
        return values == null ? 0 : (long) values.number(Catalogue.REJECTED_VALUES);
    }

    /** Whether the values are those of a BMS Main, judged by state of charge and number of BMS Logic boards. */
    boolean isBoard() {
        BoardSnapshot values = snapshot;
        if (values == null) {
            return false;
        }
        boolean hasBoards = values.number(Catalogue.BOARD_COUNT) >= 1;
        return hasBoards && values.isKnown(Catalogue.STATE_OF_CHARGE) || isInitialising() && rejected() == 0;
    }

    /** Version of the firmware; empty where it is unknown. */
    String firmware() {
        BoardSnapshot values = snapshot;
        String text = values == null ? null : values.text(Catalogue.FIRMWARE_VERSION);
        return text == null ? "" : text;
    }
}
