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

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;

/**
 * Random layout of the values that the public map lacks. Pack voltage, cells, temperatures and power are at random
 * addresses in the gaps of the map (protocol, section 2), with random types and scales, among decoy registers. The
 * same seed gives the same map.
 * <p>
 * All of it is invented. Decoys are settings, nominal values, copies of public registers, noise, IP addresses,
 * clocks, counters, text, and in some maps the voltage of a single cell.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class HiddenMap {

    /** Kind of value at an address. */
    public enum Quantity {
        PACK_VOLTAGE,
        MIN_CELL_VOLTAGE,
        AVERAGE_CELL_VOLTAGE,
        MAX_CELL_VOLTAGE,
        MIN_CELL_TEMPERATURE,
        MAX_CELL_TEMPERATURE,
        POWER,
        /** Voltage of one cell of a list; the index is the cell, from 0. */
        CELL_VOLTAGE,
        /** Temperature of one cell; the index is the cell, from 0. */
        CELL_TEMPERATURE,
        /** Decoy: voltage of a single cell that is not part of a list. */
        LONE_CELL,
        /** Decoys that copy a public register. */
        CURRENT,
        STATE_OF_CHARGE,
        EXTERNAL_TEMPERATURE,
        HUMIDITY,
        /** Decoy that increases: {@code offset} plus {@code span} times the seconds since the start. */
        RISING,
        /** Decoy that never changes: {@code offset}. */
        SETTING,
        /** Decoy: random value from {@code offset - span} to {@code offset + span}, a new one every millisecond. */
        NOISE,
        /** Decoy that oscillates slowly by {@code span} around {@code offset}. */
        SWING,
        /** Decoy: minutes (high byte) and seconds (low byte) of a clock as BCD. */
        BCD_CLOCK
    }

    /** Encoding of a number in its registers. */
    public enum Type {
        U16(1),
        S16(1),
        U32(2),
        S32(2),
        REAL32(2);

        private final int registers;

        Type(int registers) {
            this.registers = registers;
        }

        public int registers() {
            return registers;
        }
    }

    /**
     * A value and its place in the register map.
     *
     * @param what kind of value
     * @param index cell from 0; 0 for values that exist only once
     * @param address first register
     * @param scale factor from the raw number to the value
     * @param offset see {@link Quantity}
     * @param span see {@link Quantity}
     */
    public record Entry(Quantity what, int index, int address, Type type, double scale, double offset, double span) {
    }

    /** Provides the measured values of the board. */
    @FunctionalInterface
    public interface Source {
        /** Returns the present value of a measured quantity in V, A, W, degC or %. The map computes its own decoys. */
        double of(Quantity what, int index);
    }

    /** First and last address of the gaps in the public map. */
    private static final int[][] GAPS = { { 0x2103, 0x2180 }, { 0x21A3, 0x240F } };
    private static final int WINDOW_FIRST = 0x2012;
    private static final int WINDOW_LAST = 0x20C9;
    private static final double[] CELL_SETTINGS = { 3.65, 2.8, 3.45, 3.2, 3.0, 3.3 };
    private static final double[] TEMPERATURE_SETTINGS = { 45, 0, -20, 55, 25, 30 };

    private final Random random;
    private final long seed;
    private final int cells;
    private final int cellsPerBoard;
    private final BitSet taken = new BitSet();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Entry> window = new ArrayList<>();
    private final int[] owner = new int[0x2410];

    /**
     * @param cells number of cells of the battery
     * @param boards number of BMS Logic boards; the cells are divided equally among them
     * @param maxCharge maximum charge voltage of the board in volts
     * @param minDischarge minimum discharge voltage of the board in volts
     * @param capacity nominal capacity in Ah
     */
    public HiddenMap(long seed, int cells, int boards, double maxCharge, double minDischarge, double capacity) {
        this.seed = seed;
        this.cells = cells;
        this.cellsPerBoard = Math.max(1, cells / Math.max(1, boards));
        this.random = new Random(seed * 0x9E37_79B9_7F4AL + 17);
        // The first numbers from adjacent seeds are similar, so the first one is discarded.
        random.nextLong();
        placeMeasurements(maxCharge);
        placeDecoys(maxCharge, minDischarge, capacity);
        placeWindow();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            for (int n = 0; n < entry.type.registers; n++) {
                owner[entry.address + n] = i + 1;
            }
        }
    }

    /** Returns all entries outside the window, including the decoys. */
    public List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    /** Returns the entries in the window of a BMS Logic board; the index counts the cells of that board. */
    public List<Entry> window() {
        return Collections.unmodifiableList(window);
    }

    /** Removes a quantity from the registers of this map, to simulate a board without it. */
    public HiddenMap without(Quantity what) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.what == what) {
                for (int n = 0; n < entry.type.registers; n++) {
                    owner[entry.address + n] = 0;
                }
            }
        }
        return this;
    }

    /** Returns whether a register is part of the map. */
    public boolean has(int address) {
        return address >= 0 && address < owner.length && owner[address] > 0;
    }

    /**
     * Fills in the registers that are part of the map and leaves the others unchanged.
     *
     * @param registers the registers of a read
     * @param first address of the first register
     * @param seconds seconds since the start of the board
     */
    public void fill(int[] registers, int first, Source source, double seconds, WordOrder order) {
        for (int i = 0; i < registers.length; i++) {
            if (has(first + i)) {
                Entry entry = entries.get(owner[first + i] - 1);
                int[] words = words(entry, source, entry.index, seconds, order);
                for (int n = first + i - entry.address; n < words.length && i < registers.length; n++) {
                    registers[i++] = words[n];
                }
                i--;
            }
        }
    }

    /**
     * Fills the window of a board.
     *
     * @param registers the window from 0x2011 on
     * @param board number of the board, from 1
     */
    public void fillWindow(int[] registers, int board, Source source, double seconds, WordOrder order) {
        for (Entry entry : window) {
            int cell = (board - 1) * cellsPerBoard + entry.index;
            int[] words = words(entry, source, cell % cells, seconds, order);
            System.arraycopy(words, 0, registers, entry.address - WINDOW_FIRST + 1, words.length);
        }
    }

    // ---- register contents ----

    private int[] words(Entry entry, Source source, int index, double seconds, WordOrder order) {
        double value;
        switch (entry.what) {
            case SETTING:
                value = entry.offset;
                break;
            case RISING:
                value = entry.offset + entry.span * seconds;
                break;
            case NOISE:
                long mixed = (seed + entry.address) * 0x9E37_79B9_7F4A_7C15L + Math.round(seconds * 1000);
                value = entry.offset + entry.span * (2 * new Random(mixed * 0x5DEE_CE66DL).nextDouble() - 1);
                break;
            case SWING:
                value = entry.offset + entry.span * Math.sin(seconds / (5 + entry.address % 17) + entry.address);
                break;
            case BCD_CLOCK:
                int time = (int) seconds;
                value = bcd(time / 60 % 60) << 8 | bcd(time % 60);
                break;
            case LONE_CELL:
                value = source.of(Quantity.CELL_VOLTAGE, index);
                break;
            default:
                value = source.of(entry.what, index);
                break;
        }
        long raw = entry.type == Type.REAL32 ? Float.floatToIntBits((float) (value / entry.scale))
                : Math.round(value / entry.scale);
        int low = (int) (raw & 0xFFFF);
        int high = (int) (raw >>> 16 & 0xFFFF);
        if (entry.type.registers == 1) {
            return new int[] { low };
        }
        return order == WordOrder.LITTLE ? new int[] { low, high } : new int[] { high, low };
    }

    private static int bcd(int number) {
        return number / 10 << 4 | number % 10;
    }

    // ---- placement ----

    private void placeMeasurements(double maxCharge) {
        double[] scales = maxCharge < 600 ? new double[] { 0.1, 0.01 } : new double[] { 0.1 };
        double scale = pick(scales);
        Type type = pick(Type.REAL32, Type.REAL32, Type.U16, Type.U16, Type.S16, Type.U32);
        if (type == Type.U32 && random.nextBoolean()) {
            scale = 0.001;
        } else if (type == Type.S16 && maxCharge >= 300) {
            scale = 0.1;
        }
        add(Quantity.PACK_VOLTAGE, 0, type, scale);
        List<Quantity> cellValues = new ArrayList<>(
                List.of(Quantity.MIN_CELL_VOLTAGE, Quantity.AVERAGE_CELL_VOLTAGE, Quantity.MAX_CELL_VOLTAGE));
        Collections.shuffle(cellValues, random);
        addTogetherOrApart(cellValues, new Type[] { Type.REAL32, Type.U16, Type.U16, Type.S16, Type.U32 }, 0.001);
        List<Quantity> temperatures = new ArrayList<>(
                List.of(Quantity.MIN_CELL_TEMPERATURE, Quantity.MAX_CELL_TEMPERATURE));
        Collections.shuffle(temperatures, random);
        addTogetherOrApart(temperatures, new Type[] { Type.REAL32, Type.S16, Type.S16 }, pick(1, 0.1, 0.1, 0.1, 0.01));
        add(Quantity.POWER, 0, pick(Type.REAL32, Type.S16, Type.S32), 1);
        if (random.nextBoolean()) {
            addCells(pick(Type.U16, Type.U16, Type.REAL32));
        }
    }

    /**
     * Places related values. Most boards keep them in consecutive registers of one type; this map does so in 60 %
     * of the cases.
     */
    private void addTogetherOrApart(List<Quantity> values, Type[] types, double scale) {
        Type type = pick(types);
        if (random.nextInt(10) < 6) {
            int address = free(values.size() * type.registers);
            for (int i = 0; i < values.size(); i++) {
                put(new Entry(values.get(i), 0, address + i * type.registers, type, type == Type.REAL32 ? 1 : scale, 0,
                        0));
            }
            return;
        }
        for (Quantity value : values) {
            add(value, 0, pick(types), scale);
        }
    }

    private void addCells(Type type) {
        int address = free(cells * type.registers);
        for (int i = 0; i < cells && address >= 0; i++) {
            put(new Entry(Quantity.CELL_VOLTAGE, i, address + i * type.registers, type, type == Type.REAL32 ? 1 : 0.001,
                    0, 0));
        }
    }

    private void placeDecoys(double maxCharge, double minDischarge, double capacity) {
        for (double value : CELL_SETTINGS) {
            addDecoy(Quantity.SETTING, value, 0, 0.001);
        }
        for (double value : TEMPERATURE_SETTINGS) {
            add(Quantity.SETTING, 0, pick(Type.REAL32, Type.S16), pick(1, 0.1), value, 0);
        }
        addDecoy(Quantity.SETTING, maxCharge, 0, 0.1);
        addDecoy(Quantity.SETTING, minDischarge, 0, 0.1);
        double middle = (maxCharge + minDischarge) / 2;
        addDecoy(Quantity.SETTING, middle, 0, 0.1);
        addDecoy(Quantity.SETTING, capacity, 0, 0.1);
        addDecoy(Quantity.SETTING, 9600, 0, 1);
        addDecoy(Quantity.CURRENT, 0, 0, 0);
        add(Quantity.CURRENT, 0, Type.REAL32, 1);
        add(Quantity.CURRENT, 0, Type.S16, pick(0.1, 0.01));
        add(Quantity.STATE_OF_CHARGE, 0, pick(Type.REAL32, Type.U16), pick(1, 0.1, 0.01));
        add(Quantity.EXTERNAL_TEMPERATURE, 0, pick(Type.REAL32, Type.S16), pick(0.1, 0.01));
        add(Quantity.HUMIDITY, 0, pick(Type.REAL32, Type.U16), pick(0.1, 0.01));
        addDecoy(Quantity.NOISE, middle, (maxCharge - minDischarge) / pick(3, 20, 100), 0.1);
        addDecoy(Quantity.NOISE, 3.3, 0.02, 0.001);
        addDecoy(Quantity.NOISE, 25, 2, 0.1);
        add(Quantity.NOISE, 0, Type.U16, 1, 32_767, 32_767);
        add(Quantity.NOISE, 0, Type.U32, 1, 1 << 30, 1 << 30);
        addDecoy(Quantity.SWING, middle, (maxCharge - minDischarge) / pick(5, 30, 100), 0.1);
        addDecoy(Quantity.SWING, 3.3, 0.02, 0.001);
        addDecoy(Quantity.SWING, 28, 1, 0.1);
        add(Quantity.BCD_CLOCK, 0, Type.U16, 1);
        add(Quantity.RISING, 0, Type.U32, 1, 1_795_000_000.0, 1);
        add(Quantity.RISING, 0, Type.U32, 1, 100 + random.nextInt(100_000), 1);
        add(Quantity.RISING, 0, Type.U16, 1, random.nextInt(9_000), pick(0.1, 0.01));
        add(Quantity.RISING, 0, Type.REAL32, 1, random.nextInt(90_000), 0.02);
        addDecoy(Quantity.RISING, minDischarge + (maxCharge - minDischarge) * random.nextDouble(), 0.01, 0.1);
        add(Quantity.SETTING, 0, Type.U32, 1, 0xC0A8_0132L, 0);
        add(Quantity.SETTING, 0, Type.U32, 1, 0xFFFF_FF00L, 0);
        // Text and bit fields
        for (int i = 0; i < 4; i++) {
            add(Quantity.SETTING, 0, Type.U32, 1, random.nextInt() & 0x7F7F_7F7FL, 0);
            add(Quantity.SETTING, 0, Type.U16, 1, 1 << random.nextInt(16), 0);
        }
        if (random.nextInt(10) < 4) {
            put(new Entry(Quantity.LONE_CELL, random.nextInt(cells), free(1), Type.U16, 0.001, 0, 0));
        }
    }

    private void placeWindow() {
        Type type = pick(Type.U16, Type.REAL32);
        int length = (cellsPerBoard + 2) * type.registers;
        if (length > WINDOW_LAST - WINDOW_FIRST + 1) {
            type = Type.U16;
            length = cellsPerBoard + 2;
        }
        int address = WINDOW_FIRST + random.nextInt(WINDOW_LAST - WINDOW_FIRST + 2 - length);
        for (int i = 0; i < cellsPerBoard; i++) {
            window.add(new Entry(Quantity.CELL_VOLTAGE, i, address, type, type == Type.REAL32 ? 1 : 0.001, 0, 0));
            address += type.registers;
        }
        for (int i = 0; i < 2; i++) {
            window.add(new Entry(Quantity.CELL_TEMPERATURE, i, address, type == Type.REAL32 ? type : Type.S16,
                    type == Type.REAL32 ? 1 : 0.1, 0, 0));
            address += type.registers;
        }
    }

    private void addDecoy(Quantity what, double offset, double span, double scale) {
        Type type = scale == 0 ? Type.REAL32 : pick(Type.REAL32, Type.U16);
        add(what, 0, type, scale == 0 ? 1 : scale, offset, span);
    }

    private void add(Quantity what, int index, Type type, double scale) {
        add(what, index, type, scale, 0, 0);
    }

    private void add(Quantity what, int index, Type type, double scale, double offset, double span) {
        put(new Entry(what, index, free(type.registers), type, type == Type.REAL32 ? 1 : scale, offset, span));
    }

    private void put(Entry entry) {
        if (entry.address >= 0) {
            entries.add(entry);
        }
    }

    /** Allocates consecutive free registers. @return the first one, or -1 when no space was found */
    private int free(int registers) {
        for (int attempt = 0; attempt < 10_000; attempt++) {
            int[] gap = GAPS[random.nextInt(5) == 0 ? 0 : 1];
            int room = gap[1] - gap[0] + 2 - registers;
            if (room > 0) {
                int address = gap[0] + random.nextInt(room);
                int next = taken.nextSetBit(address);
                if (next < 0 || next >= address + registers) {
                    taken.set(address, address + registers);
                    return address;
                }
            }
        }
        return -1;
    }

    private Type pick(Type... types) {
        return types[random.nextInt(types.length)];
    }

    private double pick(double... values) {
        return values[random.nextInt(values.length)];
    }
}
