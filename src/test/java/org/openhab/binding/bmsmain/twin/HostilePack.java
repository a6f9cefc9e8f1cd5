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
import java.util.List;
import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.twin.HiddenMap.Quantity;

/**
 * A battery of any size behind a hidden map, more difficult than that of the twin: its readings have noise, lag
 * behind the current and drift, and some quantities have no register at all.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class HostilePack implements HiddenMap.Source {

    /** Shape of the current. */
    enum Load {
        DRIVE,
        STEPS,
        RAMP,
        SMALL,
        REST
    }

    /** Deviations from an ideal battery. */
    record Unkind(Load load, double noise, double lagSeconds, double driftPerMinute, boolean lacksSome,
            double polarisation) {
    }

    private static final int[] CELL_COUNTS = { 4, 8, 14, 15, 16, 20, 24, 24, 30, 48, 96, 100, 110 };
    private static final int[] CAPACITIES = { 60, 100, 200, 300, 420 };

    private final Unkind unkind;
    private final Random noise;
    private final HiddenMap map;
    private final TwinBoard.WordOrder order;
    private final int cells;
    private final int boards;
    private final double capacity;
    private final double resistance;
    private final double openCircuit;
    private final double temperature;
    private final double phase;
    private final double[] offsets;
    private double seconds;
    private double polarised;

    HostilePack(long seed, TwinBoard.WordOrder order, Unkind unkind) {
        Random random = new Random(seed * 31 + 7);
        random.nextLong();
        this.unkind = unkind;
        this.order = order;
        this.noise = new Random(seed);
        this.cells = CELL_COUNTS[random.nextInt(CELL_COUNTS.length)];
        this.boards = cells % 2 == 0 && random.nextBoolean() ? 2 : 1;
        this.capacity = CAPACITIES[random.nextInt(CAPACITIES.length)];
        this.resistance = (0.05 + 0.25 * random.nextDouble()) / capacity;
        this.openCircuit = random.nextBoolean() ? 3.2 + 0.15 * random.nextDouble() : 3.5 + 0.6 * random.nextDouble();
        this.temperature = 5 + 30 * random.nextDouble();
        this.phase = 100 * random.nextDouble();
        this.offsets = random.doubles(cells).map(share -> 0.03 * (share - 0.5)).toArray();
        this.map = new HiddenMap(seed, cells, boards, cells * (openCircuit > 3.45 ? 4.2 : 3.65),
                cells * (openCircuit > 3.45 ? 3.0 : 2.6), capacity);
        if (unkind.lacksSome) {
            List<Quantity> some = new ArrayList<>(List.of(Quantity.PACK_VOLTAGE, Quantity.MIN_CELL_VOLTAGE,
                    Quantity.AVERAGE_CELL_VOLTAGE, Quantity.MAX_CELL_VOLTAGE, Quantity.CELL_VOLTAGE, Quantity.POWER,
                    Quantity.MIN_CELL_TEMPERATURE));
            some.removeIf(quantity -> random.nextInt(3) > 0);
            some.forEach(map::without);
        }
    }

    HiddenMap map() {
        return map;
    }

    /** Advances the time. */
    void pass(double elapsed) {
        seconds += elapsed;
        polarised += (current(seconds) - polarised) * Math.min(1, elapsed / 20);
    }

    private double current(double at) {
        double rated = capacity / 2;
        switch (unkind.load) {
            case DRIVE:
                return -rated * (0.35 + 0.2 * Math.sin((at + phase) / 7) + 0.1 * Math.sin((at + phase) / 2.3));
            case STEPS:
                return rated * (((int) ((at + phase) / 8) * 7919 % 13) / 13.0 - 0.4);
            case RAMP:
                return rated * Math.min(1, at / 120);
            case SMALL:
                return -rated * 0.01 * (1 + Math.sin((at + phase) / 9));
            default:
                return 0;
        }
    }

    private double cell(int index) {
        double at = seconds - unkind.lagSeconds;
        return openCircuit + offsets[index] + resistance * (current(at) + unkind.polarisation * polarised)
                + unkind.driftPerMinute * at / 60;
    }

    private double scatter(double unit) {
        return unkind.noise * unit * noise.nextGaussian();
    }

    @Override
    public double of(Quantity what, int index) {
        switch (what) {
            case PACK_VOLTAGE:
                return pack() + scatter(0.001 * Math.sqrt(cells));
            case AVERAGE_CELL_VOLTAGE:
                return pack() / cells + scatter(0.001);
            case MIN_CELL_VOLTAGE:
            case MAX_CELL_VOLTAGE:
                double extreme = what == Quantity.MIN_CELL_VOLTAGE ? 9 : -9;
                for (int i = 0; i < cells; i++) {
                    extreme = what == Quantity.MIN_CELL_VOLTAGE ? Math.min(extreme, cell(i))
                            : Math.max(extreme, cell(i));
                }
                return extreme + scatter(0.001);
            case CELL_VOLTAGE:
                return cell(index) + scatter(0.001);
            case MIN_CELL_TEMPERATURE:
                return temperature + seconds / 200 + scatter(0.02);
            case MAX_CELL_TEMPERATURE:
                return temperature + 2 + seconds / 170 + scatter(0.02);
            case CELL_TEMPERATURE:
                return temperature + 1 + seconds / 190;
            case POWER:
                return pack() * current(seconds - unkind.lagSeconds);
            case CURRENT:
                return current(seconds);
            case STATE_OF_CHARGE:
                return 63 - seconds / 600;
            case EXTERNAL_TEMPERATURE:
                return temperature - 3;
            default:
                return 44 + Math.sin(seconds / 90);
        }
    }

    private double pack() {
        double sum = 0;
        for (int i = 0; i < cells; i++) {
            sum += cell(i);
        }
        return sum;
    }

    /** Reads registers. @return null if the board lacks one of them */
    int @Nullable [] read(int first, int count, int selected) {
        int[] words = new int[count];
        int[] window = new int[0x20C9 - 0x2011 + 1];
        if (first <= 0x20C9 && first + count > 0x2012) {
            map.fillWindow(window, selected, this, seconds, order);
        }
        int holes = 0;
        map.fill(words, first, this, seconds, order);
        for (int i = 0; i < count; i++) {
            int address = first + i;
            if (map.has(address)) {
                continue;
            } else if (address >= 0x2011 && address <= 0x20C9) {
                words[i] = window[address - 0x2011];
            } else if (address == 0x2010) {
                words[i] = selected;
            } else if (address == 0x2102) {
                words[i] = boards;
            } else {
                Double value = published(address);
                int start = address;
                if (value == null) {
                    start--;
                    value = published(start);
                }
                if (value == null) {
                    holes++;
                } else {
                    int bits = Float.floatToIntBits(value.floatValue());
                    boolean low = start == address == (order == TwinBoard.WordOrder.LITTLE);
                    words[i] = low ? bits & 0xFFFF : bits >>> 16;
                }
            }
        }
        return holes == count ? null : words;
    }

    private @Nullable Double published(int address) {
        switch (address) {
            case 0x2001:
                return current(seconds);
            case 0x2003:
                return of(Quantity.EXTERNAL_TEMPERATURE, 0);
            case 0x2005:
                return of(Quantity.HUMIDITY, 0);
            case 0x2100:
                return of(Quantity.STATE_OF_CHARGE, 0);
            case 0x218E:
                return 2.5 + current(seconds) * 0.00625;
            case 0x2185, 0x2190, 0x2192, 0x2194:
                return 2.5;
            case 0x219F, 0x21A1, 0x2426, 0x2428:
                return capacity;
            case 0x2420:
                return capacity;
            case 0x2422:
                return cells * (openCircuit > 3.45 ? 4.2 : 3.65);
            case 0x2424:
                return cells * (openCircuit > 3.45 ? 3.0 : 2.6);
            default:
                return null;
        }
    }
}
