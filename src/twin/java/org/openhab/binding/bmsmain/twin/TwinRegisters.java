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

import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;

/**
 * The registers of a simulated board: encodes the state of the board into them and executes writes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TwinRegisters {

    private static final int SELECT_BOARD = 0x4000;
    private static final int SOFTWARE_CONTROL = 0x5100;

    private final TwinScript script;
    private final TwinState state;
    private final WordOrder wordOrder;
    private boolean strictHoles;

    TwinRegisters(TwinScript script, TwinState state, WordOrder wordOrder) {
        this.script = script;
        this.state = state;
        this.wordOrder = wordOrder;
    }

    /** See {@link TwinBoard#strictHoles(boolean)}. */
    void strictHoles(boolean strict) {
        strictHoles = strict;
    }

    // ---- reads ----

    /** See {@link TwinBoard#readInput(int, int)}. */
    int @Nullable [] readInput(int first, int count) {
        int[] registers = new int[count];
        Map<TwinRow, int[]> encoded = new HashMap<>();
        HiddenMap map = state.hidden();
        if (map != null) {
            map.fill(registers, first, state::hidden, state.seconds(), wordOrder);
        }
        int holes = 0;
        for (int i = 0; i < count; i++) {
            Integer raw = script.register(first + i);
            TwinRow row = TwinRow.at(first + i);
            if (map != null && row != null && row.isInvented()) {
                row = null;
            }
            if (raw != null) {
                registers[i] = raw;
            } else if (row == null) {
                holes += map != null && map.has(first + i) ? 0 : 1;
            } else {
                int[] words = encoded.get(row);
                if (words == null) {
                    words = encode(row);
                    encoded.put(row, words);
                }
                registers[i] = words[first + i - row.address()];
            }
        }
        return holes == count || strictHoles && holes > 0 ? null : registers;
    }

    /** See {@link TwinBoard#readHolding(int, int)}. */
    int @Nullable [] readHolding(int first, int count) {
        int[] registers = new int[count];
        boolean hit = SELECT_BOARD >= first && SELECT_BOARD < first + count;
        if (!hit || strictHoles && count > 1) {
            return null;
        }
        registers[SELECT_BOARD - first] = script.selectedBoard();
        return registers;
    }

    private int[] encode(TwinRow row) {
        switch (row.type()) {
            case U16:
                return new int[] { (int) state.number(row) & 0xFFFF };
            case U16_MILLI:
                return new int[] { (int) Math.round(state.number(row) * 1000) & 0xFFFF };
            case S16_TENTH:
                return new int[] { (int) Math.round(state.number(row) * 10) & 0xFFFF };
            case U32:
                return words((long) state.number(row));
            case REAL32:
                return words(Float.floatToIntBits((float) state.number(row)) & 0xFFFF_FFFFL);
            case BCD_CLOCK:
                return bcdClock();
            case WINDOW:
                return state.window(wordOrder);
            default:
                return bytes(script.version(row.id()));
        }
    }

    private int[] words(long value) {
        int low = (int) (value & 0xFFFF);
        int high = (int) (value >>> 16 & 0xFFFF);
        return wordOrder == WordOrder.LITTLE ? new int[] { low, high } : new int[] { high, low };
    }

    private static int[] bytes(int[] bytes) {
        int[] registers = new int[bytes.length / 2];
        for (int i = 0; i < registers.length; i++) {
            registers[i] = bytes[2 * i] | bytes[2 * i + 1] << 8;
        }
        return registers;
    }

    private int[] bcdClock() {
        LocalDateTime now = state.deviceTime();
        int[] parts = { now.getDayOfMonth(), now.getMonthValue(), now.getYear() % 100, now.getHour(), now.getMinute(),
                now.getSecond() };
        int[] bcd = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            bcd[i] = parts[i] / 10 << 4 | parts[i] % 10;
        }
        return bytes(bcd);
    }

    // ---- writes ----

    /** True when a holding register can be written. */
    boolean writable(int register) {
        return register == SELECT_BOARD
                || register >= SOFTWARE_CONTROL && register < SOFTWARE_CONTROL + TwinSignals.INPUT.size();
    }

    /** True when a writable register accepts the value. */
    boolean accepts(int register, int value) {
        return register != SELECT_BOARD || value >= 1 && value <= script.logicBoards();
    }

    /** Writes a holding register that is writable and accepts the value. */
    void write(int register, int value) {
        if (register == SELECT_BOARD) {
            script.select(value);
        } else {
            script.force(register - SOFTWARE_CONTROL, value > 1 ? null : value == 1);
        }
    }
}
