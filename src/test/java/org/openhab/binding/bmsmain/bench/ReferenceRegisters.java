/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.bench;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.WireType;

/**
 * Reference value of each register at each time: a function of its address and of a step of the wall clock, the
 * same as in {@code src/test/c/modbus_server.c}. Every value that a reader decodes can be compared with it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class ReferenceRegisters {

    /** Length of a step in milliseconds. */
    public static final int STEP = 10;

    private ReferenceRegisters() {
    }

    /** The command that makes the server hold the reference values. */
    public static String serverLine() {
        return serverLine(STEP);
    }

    /** The same with another step length, in milliseconds. */
    static String serverLine(int stepMillis) {
        return "truth " + stepMillis;
    }

    /** Returns the step at a time. */
    public static long step(long epochMillis) {
        return epochMillis / STEP;
    }

    private static int mix(int address, int step) {
        int h = address * 0x9E3779B1 + step * 0x85EBCA77 + 374761393;
        h ^= h >>> 15;
        h *= 0x2C1B3C6D;
        h ^= h >>> 12;
        h *= 0x297A2D39;
        h ^= h >>> 15;
        return h;
    }

    /** Whether the first register of a measurement is at this address in the reference map. */
    static boolean isReal(int address) {
        return address >= 0x2001 && address <= 0x2006 && address % 2 == 1 || address == 0x2100 || address == 0x2185
                || address >= 0x218E && address <= 0x2194 && address % 2 == 0 || address == 0x219F || address == 0x21A1
                || address >= 0x2420 && address <= 0x2428 && address % 2 == 0;
    }

    /** Value of a register at a step, 0..65535. */
    public static int word(int address, long step) {
        int h = mix(address, (int) step);
        if (isReal(address)) {
            return h & 0xFFFF;
        }
        return switch (address) {
            case 0x2000, 0x2007, 0x200E, 0x20F4, 0x2411 -> h & 0xFFFF;
            case 0x2008 -> h & 0x3FFF;
            case 0x2009 -> h & 0xF7FF;
            case 0x200A -> h & 0x0FFF;
            case 0x200B -> h & 0x000F;
            case 0x200F -> h & 0x0003;
            case 0x2010 -> Integer.remainderUnsigned(h, 248);
            case 0x2102 -> 1 + Integer.remainderUnsigned(h, 23);
            case 0x2410 -> Integer.remainderUnsigned(h, 7);
            case 0x2412 -> h & 0x00FF;
            default -> 0x3F80 + (h & 0x7F);
        };
    }

    /** Whether the registers match one of these steps. */
    public static boolean fits(int[] words, int address, long firstStep, long lastStep) {
        for (long step = firstStep; step <= lastStep; step++) {
            boolean fits = true;
            for (int i = 0; i < words.length && fits; i++) {
                fits = words[i] == word(address + i, step);
            }
            if (fits) {
                return true;
            }
        }
        return false;
    }

    /** Whether the bench checks the register of a value. */
    static boolean knows(Point point) {
        RegisterLocation location = point.register();
        return location != null && location.type().isNumber() && location.table() == RegisterLocation.Table.INPUT;
    }

    /** Whether a known value of a snapshot matches a step, low word first. */
    static boolean fits(BoardSnapshot snapshot, Point point, long step) {
        RegisterLocation location = point.register();
        return location != null && Double.compare(snapshot.number(point), value(location, step)) == 0;
    }

    private static double value(RegisterLocation location, long step) {
        int low = word(location.address(), step);
        int bits = location.type().bytes() == 4 ? word(location.address() + 1, step) << 16 | low : low;
        if (location.bit() != Location.NO_BIT) {
            return bits >>> location.bit() & 1;
        }
        if (location.type() == WireType.REAL32) {
            return Double.parseDouble(Float.toString(Float.intBitsToFloat(bits)));
        }
        return bits & 0xFFFF_FFFFL;
    }

    /** Returns the function of a relay according to the manual; the relay shows its state. */
    static @Nullable Point function(Point relay) {
        return switch (Catalogue.RELAYS.indexOf(relay)) {
            case 0 -> Catalogue.DISCHARGING_CONTACTOR;
            case 1 -> Catalogue.ALLOW_CHARGING;
            case 2 -> Catalogue.CHARGING_CONTACTOR;
            case 3 -> Catalogue.HEATER;
            default -> null;
        };
    }
}
