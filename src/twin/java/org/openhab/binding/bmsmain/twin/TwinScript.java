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

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Inputs of a simulated board: values, versions and faults from a script; the selected BMS Logic board and the
 * software control of input signals from the bus.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TwinScript {

    private static final String REGISTER = "input:";
    private static final String FAULT = "faults#";
    private static final Set<String> FLAGS = flagIds();

    private final Map<String, Double> numbers = new HashMap<>();
    private final Map<String, Boolean> flags = new HashMap<>();
    private final Map<String, int[]> versions = new HashMap<>();
    private final Map<Integer, Integer> registers = new TreeMap<>();
    private final Map<Integer, Boolean> forced = new HashMap<>();

    private int logicBoards = 2;
    private int selectedBoard = 1;
    private long errors;

    TwinScript() {
        versions.put(TwinRow.HARDWARE_VERSION.id(), new int[] { 1, 2 });
        versions.put(TwinRow.FIRMWARE_VERSION.id(), new int[] { 7, 4, 2, 0 });
        versions.put(TwinRow.BOOTLOADER_VERSION.id(), new int[] { 3, 1, 1, 0 });
        versions.put(TwinRow.NETMASK.id(), new int[] { 255, 255, 255, 0 });
        versions.put(TwinRow.GATEWAY.id(), new int[] { 192, 168, 1, 1 });
    }

    // ---- present inputs ----

    /** The scripted value of a number, or null. */
    @Nullable
    Double number(TwinRow row) {
        return numbers.get(row.id());
    }

    /** The scripted value of a flag that is not a fault, or null. */
    @Nullable
    Boolean flag(String id) {
        return flags.get(id);
    }

    /** The scripted value of an input register, or null. */
    @Nullable
    Integer register(int address) {
        return registers.get(address);
    }

    /** The bytes of a version or IP address, in register order; zeros if there is none. */
    int[] version(String id) {
        return versions.getOrDefault(id, new int[4]);
    }

    /** A version or IP address as text; null if there is none. */
    @Nullable
    String versionText(String id) {
        int[] version = versions.get(id);
        return version == null ? null : text(id, version);
    }

    /** The bits of all faults: 0-31 are errors 1, 32-63 are errors 2. */
    long errors() {
        return errors;
    }

    /** Whether any of these faults is raised. */
    boolean isRaised(Set<String> names) {
        return errors != 0 && names.stream().anyMatch(this::isRaised);
    }

    /** Whether a fault is raised. */
    boolean isRaised(String name) {
        return errors != 0 && (errors & 1L << faultBit(name)) != 0;
    }

    int logicBoards() {
        return logicBoards;
    }

    int selectedBoard() {
        return selectedBoard;
    }

    /** The value that software control forces on an input signal; null if the signal follows its physical input. */
    @Nullable
    Boolean forced(String signal) {
        return forced.get(TwinSignals.input(signal));
    }

    // ---- from the bus ----

    void select(int board) {
        selectedBoard = board;
    }

    /**
     * Forces an input signal.
     *
     * @param input bit number of the signal
     * @param signal the forced value; null lets the signal follow its physical input again
     */
    void force(int input, @Nullable Boolean signal) {
        if (signal == null) {
            forced.remove(input);
        } else {
            forced.put(input, signal);
        }
    }

    // ---- from a script ----

    /** Whether the flag is part of a register. */
    boolean isFlag(String id) {
        return FLAGS.contains(id);
    }

    /** Returns all IDs that {@link #set} accepts besides registers, in alphabetical order. */
    Set<String> settable() {
        Set<String> ids = new TreeSet<>(FLAGS);
        for (TwinRow row : TwinRow.values()) {
            if (row.isScriptable()) {
                ids.add(row.id());
            }
        }
        ids.addAll(versions.keySet());
        return ids;
    }

    private static Set<String> flagIds() {
        Set<String> ids = new TreeSet<>();
        TwinSignals.INPUT.forEach(name -> ids.add("input-signals#" + name));
        for (int bit = 0; bit < TwinSignals.INTERNAL.size(); bit++) {
            ids.add(TwinSignals.internalId(bit));
        }
        TwinSignals.FAULTS.keySet().forEach(name -> ids.add("faults#" + name));
        for (int n = 1; n <= 4; n++) {
            ids.add("relays#relay-" + n);
            ids.add("outputs#out-" + n);
        }
        return ids;
    }

    /** See {@link TwinBoard#set(String, String)}. */
    void set(String id, String value) {
        TwinRow row = TwinRow.of(id);
        if (id.startsWith(REGISTER)) {
            registers.put(address(id), (int) integer(id, value, 0xFFFF));
        } else if (isFlag(id)) {
            setFlag(id, onOff(id, value));
        } else if (versions.containsKey(id)) {
            versions.put(id, bytes(id, value));
        } else if (row != null && row.isScriptable()) {
            setNumber(row, value);
        } else {
            throw new IllegalArgumentException("No register contains " + id);
        }
    }

    private static int address(String id) {
        return (int) integer(id, id.substring(REGISTER.length()), 0xFFFF);
    }

    private void setFlag(String id, boolean state) {
        if (id.startsWith(FAULT)) {
            long bit = 1L << faultBit(id.substring(FAULT.length()));
            errors = state ? errors | bit : errors & ~bit;
        } else {
            flags.put(id, state);
        }
    }

    private void setNumber(TwinRow row, String value) {
        String id = row.id();
        switch (row) {
            case ERRORS_1:
                errors = errors & 0xFFFF_FFFF_0000_0000L | integer(id, value, 0xFFFF_FFFFL);
                break;
            case ERRORS_2:
                errors = errors & 0xFFFF_FFFFL | integer(id, value, 0xFFFF_FFFFL) << 32;
                break;
            case SELECTED_BOARD:
                selectedBoard = (int) integer(id, value, 0xFFFF);
                break;
            case BOARD_COUNT:
                logicBoards = (int) integer(id, value, 0xFFFF);
                break;
            case STATE:
                numbers.put(id, (double) integer(id, value, 0xFFFF));
                break;
            case STATE_DURATION:
                numbers.put(id, (double) integer(id, value, 0xFFFF_FFFFL));
                break;
            default:
                numbers.put(id, real(id, value));
                break;
        }
    }

    /** See {@link TwinBoard#fault(String)}. */
    void fault(String id) {
        errors |= 1L << faultBit(id);
    }

    /** See {@link TwinBoard#clear(String)}. */
    void clear(String id) {
        String channel = TwinSignals.FAULTS.containsKey(id) ? FAULT + id : id;
        if ("all".equals(id)) {
            numbers.clear();
            flags.clear();
            registers.clear();
            errors = 0;
        } else if (id.startsWith(REGISTER)) {
            registers.remove(address(id));
        } else if (settable().contains(channel)) {
            numbers.remove(channel);
            flags.remove(channel);
            clearFaults(channel);
        } else {
            throw new IllegalArgumentException("Unknown ID " + id);
        }
    }

    private void clearFaults(String channel) {
        if ("faults#errors-1".equals(channel)) {
            errors &= 0xFFFF_FFFF_0000_0000L;
        } else if ("faults#errors-2".equals(channel)) {
            errors &= 0xFFFF_FFFFL;
        } else if (channel.startsWith(FAULT)) {
            errors &= ~(1L << faultBit(channel.substring(FAULT.length())));
        }
    }

    private static int faultBit(String id) {
        Integer bit = TwinSignals.FAULTS.get(id);
        if (bit == null) {
            throw new IllegalArgumentException("Unknown fault " + id);
        }
        return bit;
    }

    // ---- texts ----

    private static boolean onOff(String id, String value) {
        switch (value.toUpperCase(Locale.ROOT)) {
            case "ON":
            case "1":
                return true;
            case "OFF":
            case "0":
                return false;
            default:
                throw new IllegalArgumentException(id + " must be ON or OFF, not " + value);
        }
    }

    private static double real(String id, String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(id + " must be a number, not " + value, e);
        }
    }

    private static long integer(String id, String value, long max) {
        try {
            double number = value.startsWith("0x") ? Long.parseLong(value.substring(2), 16) : Double.parseDouble(value);
            if (number >= 0 && number <= max && number == Math.rint(number)) {
                return (long) number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(id + " must be a whole number, not " + value, e);
        }
        throw new IllegalArgumentException(id + " must be a whole number from 0 to " + max + ", not " + value);
    }

    /** Number of components of a version or IP address. */
    private static int parts(String id) {
        return id.equals(TwinRow.HARDWARE_VERSION.id()) ? 2 : isInternetAddress(id) ? 4 : 3;
    }

    /**
     * Index of the byte of a component: versions are stored with the least significant component first, IP
     * addresses in written order.
     */
    private static int byteOf(String id, int part) {
        return isInternetAddress(id) ? part : parts(id) - 1 - part;
    }

    private static boolean isInternetAddress(String id) {
        return id.equals(TwinRow.NETMASK.id()) || id.equals(TwinRow.GATEWAY.id());
    }

    private static int[] bytes(String id, String value) {
        String[] texts = value.split("\\.", -1);
        if (texts.length != parts(id)) {
            throw new IllegalArgumentException(id + " must have " + parts(id) + " parts, not " + value);
        }
        int[] bytes = new int[parts(id) == 2 ? 2 : 4];
        for (int part = 0; part < texts.length; part++) {
            bytes[byteOf(id, part)] = (int) integer(id, texts[part], 0xFF);
        }
        return bytes;
    }

    private static String text(String id, int[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int part = 0; part < parts(id); part++) {
            text.append(part == 0 ? "" : ".").append(bytes[byteOf(id, part)]);
        }
        return text.toString();
    }
}
