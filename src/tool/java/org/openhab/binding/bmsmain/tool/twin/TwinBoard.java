/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.tool.twin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * A simulated BMS Main 2.1: battery, contactors, signals, faults and settings, read and written by register.
 * <p>
 * Values come from a battery model that moves with the given clock. Any value can be scripted with {@link #set} and
 * given back to the model with {@link #clear}. What follows from something else keeps following: closing the charge
 * request by software control closes the charging contactor, a blocking fault opens it again.
 * <p>
 * Choices where the protocol page is silent, all of them inventions: the battery states 1 charging, 2 discharging and 3
 * relaxed after charging beside the published 6; which faults open which contactor; the addresses listed in
 * {@link TwinRow}. Of the input signals, charger connected, charge request, discharge request and interlock are wired;
 * every other one stays 0 until it is scripted or forced.
 * <p>
 * Safe for use by several threads; each read is one consistent moment.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class TwinBoard {

    /** Which register of a 32-bit value comes first. */
    public enum WordOrder {
        /** The register with the low half first: the likely reading of the vendor's page. */
        LITTLE,
        /** The register with the high half first. */
        BIG
    }

    /** What software control did to an input signal. */
    public enum SoftwareControl {
        CLEARED,
        SET,
        /** The signal follows its physical input. */
        PHYSICAL
    }

    /** The board's bus address as delivered. */
    public static final int DEFAULT_ADDRESS = 32;

    /** Highest number of BMS Logic boards that a BMS Main 2.1 serves. */
    public static final int MAX_LOGIC_BOARDS = 23;

    private static final int SELECT_BOARD = 0x4000;
    private static final int SOFTWARE_CONTROL = 0x5100;
    private static final int CELLS_PER_BOARD = 12;
    private static final double CURRENT_PRESENT = 0.5;

    private static final Set<String> BLOCK_BOTH = Set.of("critical-error", "battery-cover-open", "cell-count-mismatch",
            "adc-error", "short-circuit", "bms-logic-offline", "insulation-fault", "contactor-stuck");
    private static final Set<String> BLOCK_CHARGING = Set.of("overvoltage", "low-temperature-charging",
            "high-temperature-charging", "charging-contactor-cycle-limit");
    private static final Set<String> BLOCK_DISCHARGING = Set.of("undervoltage", "overcurrent",
            "low-temperature-discharging", "high-temperature-discharging", "discharging-contactor-cycle-limit",
            "precharge-error");

    private static final Set<String> FLAGS = flagIds();

    private final Clock clock;
    private final BatteryModel model;
    private final int address;
    private final WordOrder wordOrder;

    private final Map<String, Double> numbers = new HashMap<>();
    private final Map<String, Boolean> flags = new HashMap<>();
    private final Map<String, int[]> versions = new HashMap<>();
    private final Map<Integer, Integer> rawRegisters = new TreeMap<>();
    private final Map<Integer, Boolean> forced = new HashMap<>();

    private Instant last;
    /** What the device clock shows: stands still on a frozen board. */
    private Instant shown;
    private int logicBoards = 2;
    private int selectedBoard = 1;
    private long errors;
    private boolean frozen;
    private boolean strictHoles;

    /**
     * @param address bus address, 1..247
     * @param wordOrder order of the two registers of a 32-bit value
     * @param clock what the battery model and the device clock go by
     * @param speed how many times faster than a real battery this one charges and discharges
     */
    public TwinBoard(int address, WordOrder wordOrder, Clock clock, double speed) {
        this.address = address;
        this.wordOrder = wordOrder;
        this.clock = clock;
        this.model = new BatteryModel(speed);
        this.last = clock.instant();
        this.shown = last;
        versions.put(TwinRow.HARDWARE_VERSION.id(), new int[] { 1, 2 });
        versions.put(TwinRow.FIRMWARE_VERSION.id(), new int[] { 7, 4, 2, 0 });
        versions.put(TwinRow.BOOTLOADER_VERSION.id(), new int[] { 3, 1, 1, 0 });
        versions.put(TwinRow.NETMASK.id(), new int[] { 255, 255, 255, 0 });
        versions.put(TwinRow.GATEWAY.id(), new int[] { 192, 168, 1, 1 });
    }

    /** A board as delivered: address 32, low word first, with the machine's clock at real speed. */
    public TwinBoard() {
        this(DEFAULT_ADDRESS, WordOrder.LITTLE, Clock.systemDefaultZone(), 1);
    }

    /** The board's bus address. */
    public int address() {
        return address;
    }

    /** Stops or restarts the battery model and the device clock; scripted changes still show. */
    public synchronized TwinBoard frozen(boolean stop) {
        advance();
        frozen = stop;
        return this;
    }

    /**
     * Chooses the answer to a read that touches an address outside the map.
     *
     * @param strict true: exception 02; false: such registers read as 0, and only a read wholly outside is refused
     */
    public synchronized TwinBoard strictHoles(boolean strict) {
        strictHoles = strict;
        return this;
    }

    /** Starts or ends the initialisation phase, in which the board reports zeros and keeps the contactors open. */
    public synchronized TwinBoard initialising(boolean running) {
        return running ? set("internal-signals#initialisation", "ON") : clear("internal-signals#initialisation");
    }

    /**
     * Scripts one value.
     *
     * @param id a channel such as {@code battery#current}, a version property such as {@code firmwareVersion}, or a
     *            register such as {@code input:0x2150}
     * @param value a number (also {@code NaN}), {@code ON} or {@code OFF}, a version such as {@code 2.1.7}, or a
     *            register's
     *            16 bits
     * @return this board
     * @throws IllegalArgumentException when no register carries the value, or the value does not fit; the message is
     *             fit
     *             for a user
     */
    public synchronized TwinBoard set(String id, String value) {
        advance();
        TwinRow row = TwinRow.of(id);
        if (id.startsWith("input:")) {
            rawRegisters.put((int) integer(id, id.substring("input:".length()), 0xFFFF),
                    (int) integer(id, value, 0xFFFF));
        } else if (FLAGS.contains(id)) {
            setFlag(id, onOff(id, value));
        } else if (versions.containsKey(id)) {
            versions.put(id, version(id, value));
        } else if (row != null && row.isScriptable()) {
            setNumber(row, value);
        } else {
            throw new IllegalArgumentException("No register carries " + id);
        }
        return this;
    }

    /** Scripts one number. */
    public TwinBoard set(String id, double value) {
        return set(id, Double.toString(value));
    }

    /** Scripts one flag. */
    public TwinBoard set(String id, boolean value) {
        return set(id, value ? "ON" : "OFF");
    }

    /**
     * Raises a fault.
     *
     * @param id a fault such as {@code bms-logic-offline}
     * @throws IllegalArgumentException when there is no such fault
     */
    public synchronized TwinBoard fault(String id) {
        advance();
        errors |= 1L << faultBit(id);
        return this;
    }

    /**
     * Takes a scripted value or a fault back.
     *
     * @param id what was given to {@link #set} or {@link #fault}, or {@code all}
     * @throws IllegalArgumentException when there is no such value
     */
    public synchronized TwinBoard clear(String id) {
        advance();
        String channel = TwinSignals.FAULTS.containsKey(id) ? "faults#" + id : id;
        if ("all".equals(id)) {
            numbers.clear();
            flags.clear();
            rawRegisters.clear();
            errors = 0;
        } else if (id.startsWith("input:")) {
            rawRegisters.remove((int) integer(id, id.substring("input:".length()), 0xFFFF));
        } else if (settable().contains(channel)) {
            numbers.remove(channel);
            flags.remove(channel);
            clearFaults(channel);
        } else {
            throw new IllegalArgumentException("Nothing is called " + id);
        }
        return this;
    }

    /** Every id that {@link #set} takes, in alphabetical order; registers ({@code input:ADDRESS}) come on top. */
    public Set<String> settable() {
        Set<String> ids = new TreeSet<>(FLAGS);
        for (TwinRow row : TwinRow.values()) {
            if (row.isScriptable()) {
                ids.add(row.id());
            }
        }
        ids.addAll(versions.keySet());
        return ids;
    }

    /** Every id that {@link #fault} takes, in the order of the bits. */
    public Set<String> faults() {
        return TwinSignals.FAULTS.keySet();
    }

    /**
     * What the bus did to an input signal.
     *
     * @param signal a name such as {@code charge-request}
     */
    public synchronized SoftwareControl softwareControl(String signal) {
        Boolean state = forced.get(TwinSignals.input(signal));
        if (state == null) {
            return SoftwareControl.PHYSICAL;
        }
        return state ? SoftwareControl.SET : SoftwareControl.CLEARED;
    }

    /** The present value of a number that a register carries, as the next read would show it before rounding. */
    public synchronized double number(String id) {
        advance();
        TwinRow row = TwinRow.of(id);
        if (row == null || !row.type().isNumber()) {
            throw new IllegalArgumentException("No register carries the number " + id);
        }
        return number(row);
    }

    /** The present value of a flag that a register carries. */
    public synchronized boolean flag(String id) {
        advance();
        if (!FLAGS.contains(id)) {
            throw new IllegalArgumentException("No register carries the flag " + id);
        }
        return flagNow(id);
    }

    /**
     * The present value of anything that {@link #set} takes by its id, in words.
     *
     * @throws IllegalArgumentException when there is no such value
     */
    public synchronized String show(String id) {
        if (FLAGS.contains(id)) {
            return flag(id) ? "ON" : "OFF";
        }
        int[] version = versions.get(id);
        return version != null ? text(id, version) : Double.toString(number(id));
    }

    /**
     * Reads input registers.
     *
     * @return the registers, or null when the read is refused with exception 02
     */
    synchronized int @Nullable [] readInput(int first, int count) {
        advance();
        int[] registers = new int[count];
        Map<TwinRow, int[]> encoded = new HashMap<>();
        int holes = 0;
        for (int i = 0; i < count; i++) {
            Integer raw = rawRegisters.get(first + i);
            TwinRow row = TwinRow.at(first + i);
            if (raw != null) {
                registers[i] = raw;
            } else if (row == null) {
                holes++;
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

    /**
     * Reads holding registers. The software control registers are write-only and count as holes.
     *
     * @return the registers, or null when the read is refused with exception 02
     */
    synchronized int @Nullable [] readHolding(int first, int count) {
        int[] registers = new int[count];
        boolean hit = SELECT_BOARD >= first && SELECT_BOARD < first + count;
        if (!hit || strictHoles && count > 1) {
            return null;
        }
        registers[SELECT_BOARD - first] = selectedBoard;
        return registers;
    }

    /** True when a holding register can be written. */
    boolean writable(int register) {
        return register == SELECT_BOARD
                || register >= SOFTWARE_CONTROL && register < SOFTWARE_CONTROL + TwinSignals.INPUT.size();
    }

    /** True when a writable register takes the value. */
    synchronized boolean accepts(int register, int value) {
        return register != SELECT_BOARD || value >= 1 && value <= logicBoards;
    }

    /** Writes a holding register that is writable and accepts the value. */
    synchronized void write(int register, int value) {
        advance();
        if (register == SELECT_BOARD) {
            selectedBoard = value;
        } else if (value > 1) {
            forced.remove(register - SOFTWARE_CONTROL);
        } else {
            forced.put(register - SOFTWARE_CONTROL, value == 1);
        }
    }

    private void advance() {
        Instant now = clock.instant();
        double elapsed = Duration.between(last, now).toMillis() / 1000.0;
        if (elapsed == 0) {
            return;
        }
        if (!frozen) {
            shown = now;
            if (elapsed > 0 && !initialising()) {
                model.advance(elapsed, internal("charging-contactor"), internal("discharging-contactor"));
                followStateOfCharge();
            }
        }
        last = now;
    }

    /** The model starts from a scripted state of charge, so that voltages and limits fit it. */
    private void followStateOfCharge() {
        Double pinned = numbers.get(TwinRow.STATE_OF_CHARGE.id());
        if (pinned != null && !pinned.isNaN()) {
            model.stateOfCharge(pinned);
        }
    }

    // ---- scripting ----

    private static Set<String> flagIds() {
        Set<String> ids = new TreeSet<>();
        TwinSignals.INPUT.forEach(name -> ids.add("input-signals#" + name));
        for (int bit = 0; bit < TwinSignals.INTERNAL.size(); bit++) {
            ids.add(internalId(bit));
        }
        TwinSignals.FAULTS.keySet().forEach(name -> ids.add("faults#" + name));
        for (int n = 1; n <= 4; n++) {
            ids.add("relays#relay-" + n);
            ids.add("outputs#out-" + n);
        }
        return ids;
    }

    private void setFlag(String id, boolean state) {
        if (id.startsWith("faults#")) {
            long bit = 1L << faultBit(id.substring("faults#".length()));
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
            case STATE_OF_CHARGE:
                numbers.put(id, real(id, value));
                followStateOfCharge();
                break;
            default:
                numbers.put(id, real(id, value));
                break;
        }
    }

    private void clearFaults(String channel) {
        if ("faults#errors-1".equals(channel)) {
            errors &= 0xFFFF_FFFF_0000_0000L;
        } else if ("faults#errors-2".equals(channel)) {
            errors &= 0xFFFF_FFFFL;
        } else if (channel.startsWith("faults#")) {
            errors &= ~(1L << faultBit(channel.substring("faults#".length())));
        }
    }

    private static int faultBit(String id) {
        Integer bit = TwinSignals.FAULTS.get(id);
        if (bit == null) {
            throw new IllegalArgumentException("There is no fault called " + id);
        }
        return bit;
    }

    private static boolean onOff(String id, String value) {
        switch (value.toUpperCase(Locale.ROOT)) {
            case "ON":
            case "1":
                return true;
            case "OFF":
            case "0":
                return false;
            default:
                throw new IllegalArgumentException(id + " is ON or OFF, not " + value);
        }
    }

    private static double real(String id, String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(id + " is a number, not " + value, e);
        }
    }

    private static long integer(String id, String value, long max) {
        try {
            double number = value.startsWith("0x") ? Long.parseLong(value.substring(2), 16) : Double.parseDouble(value);
            if (number >= 0 && number <= max && number == Math.rint(number)) {
                return (long) number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(id + " is a whole number, not " + value, e);
        }
        throw new IllegalArgumentException(id + " is a whole number from 0 to " + max + ", not " + value);
    }

    /** How many numbers a version or internet address has. */
    private static int parts(String id) {
        return id.equals(TwinRow.HARDWARE_VERSION.id()) ? 2 : isInternetAddress(id) ? 4 : 3;
    }

    /** The byte of a part: versions stand with the least part first, addresses as they are written. */
    private static int byteOf(String id, int part) {
        return isInternetAddress(id) ? part : parts(id) - 1 - part;
    }

    private static boolean isInternetAddress(String id) {
        return id.equals(TwinRow.NETMASK.id()) || id.equals(TwinRow.GATEWAY.id());
    }

    private static int[] version(String id, String value) {
        String[] texts = value.split("\\.", -1);
        if (texts.length != parts(id)) {
            throw new IllegalArgumentException(id + " has " + parts(id) + " parts, not " + value);
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

    // ---- what the board reports ----

    private boolean initialising() {
        return flags.getOrDefault("internal-signals#initialisation", false);
    }

    private boolean raised(Set<String> names) {
        return names.stream().anyMatch(name -> (errors & 1L << faultBit(name)) != 0);
    }

    private boolean raised(String name) {
        return raised(Set.of(name));
    }

    private boolean input(String name) {
        Boolean software = forced.get(TwinSignals.input(name));
        if (software != null) {
            return software;
        }
        Boolean pinned = flags.get("input-signals#" + name);
        if (pinned != null) {
            return pinned;
        }
        switch (name) {
            case "charger-connected":
            case "charge-request":
                return model.phase() == BatteryModel.Phase.CHARGING;
            case "discharge-request":
                return model.phase() == BatteryModel.Phase.DISCHARGING;
            case "interlock":
                return true;
            default:
                return false;
        }
    }

    private static String internalId(int bit) {
        // the channels of these two bits stand in the battery group
        return (bit == 4 || bit == 6 ? "battery#" : "internal-signals#") + TwinSignals.INTERNAL.get(bit);
    }

    private boolean internal(String name) {
        return flagNow(internalId(TwinSignals.INTERNAL.indexOf(name)));
    }

    private boolean flagNow(String id) {
        String name = id.substring(id.indexOf('#') + 1);
        if (id.startsWith("input-signals#")) {
            return input(name);
        } else if (id.startsWith("faults#")) {
            return raised(name);
        }
        Boolean pinned = flags.get(id);
        if (pinned != null) {
            return pinned;
        } else if (id.startsWith("relays#")) {
            return relay(name);
        }
        return !id.startsWith("outputs#") && internalByModel(name);
    }

    private boolean relay(String name) {
        switch (name) {
            case "relay-1":
                return internal("discharging-contactor");
            case "relay-2":
                return internal("allow-charging");
            case "relay-3":
                return internal("charging-contactor");
            default:
                return internal("heater");
        }
    }

    private boolean internalByModel(String name) {
        switch (name) {
            case "low-soc":
                return !initialising() && number(TwinRow.STATE_OF_CHARGE) < 10;
            case "charging":
                return number(TwinRow.CURRENT) > CURRENT_PRESENT;
            case "discharging":
                return number(TwinRow.CURRENT) < -CURRENT_PRESENT;
            case "ready-to-charge":
                return !initialising() && !raised(BLOCK_BOTH) && !raised(BLOCK_CHARGING);
            case "ready-to-discharge":
                return !initialising() && !raised(BLOCK_BOTH) && !raised(BLOCK_DISCHARGING);
            case "allow-charging":
                return internal("ready-to-charge") && !input("inhibit-charging");
            case "charging-contactor":
                return internal("allow-charging") && input("charge-request");
            case "discharging-contactor":
                return internal("ready-to-discharge") && !input("inhibit-discharging") && input("discharge-request")
                        && !model.precharging();
            case "precharging-contactor":
                return internal("ready-to-discharge") && !input("inhibit-discharging")
                        && (input("precharge-request") || input("discharge-request") && model.precharging());
            case "common-contactor":
                return internal("charging-contactor") || internal("discharging-contactor");
            case "main-contactor":
                return internal("common-contactor") || input("close-main-contactor");
            case "voltage-too-high":
                return raised("overvoltage");
            case "heater":
                return !initialising() && number(TwinRow.MIN_CELL_TEMPERATURE) < 5;
            case "cooler":
                return !initialising() && number(TwinRow.MAX_CELL_TEMPERATURE) > 45;
            case "balancing-1":
                return input("balancing-request") || internal("charging-contactor") && model.stateOfCharge() > 95;
            case "power-up":
                return !initialising();
            case "external-1":
                return input("close-external-1");
            default:
                return false;
        }
    }

    private double number(TwinRow row) {
        Double pinned = numbers.get(row.id());
        if (pinned != null) {
            return pinned;
        }
        switch (row) {
            case ERRORS_1:
                return errors & 0xFFFF_FFFFL;
            case ERRORS_2:
                return errors >>> 32;
            case INTERNAL_SIGNALS:
                return bits(TwinSignals.INTERNAL.stream().map(this::internal).toList());
            case INPUT_SIGNALS_LOW:
                return inputs() & 0xFFFF;
            case INPUT_SIGNALS_HIGH:
                return inputs() >>> 16;
            case RELAYS:
                return bits(numbered("relays#relay-"));
            case OUTPUTS:
                return bits(numbered("outputs#out-"));
            case SELECTED_BOARD:
                return selectedBoard;
            case STATE:
                return state();
            case STATE_DURATION:
                return Math.floor(model.secondsInPhase());
            case NOMINAL_CAPACITY:
                return BatteryModel.NOMINAL_CAPACITY;
            case MAX_CHARGE_VOLTAGE:
                return BatteryModel.CELLS * BatteryModel.MAX_CELL_VOLTAGE;
            case MIN_DISCHARGE_VOLTAGE:
                return BatteryModel.CELLS * BatteryModel.MIN_CELL_VOLTAGE;
            case MAX_CHARGE_CURRENT:
                return BatteryModel.MAX_CHARGE_CURRENT;
            case MAX_DISCHARGE_CURRENT:
                return BatteryModel.MAX_DISCHARGE_CURRENT;
            default:
                return initialising() ? 0 : measured(row);
        }
    }

    private double measured(TwinRow row) {
        switch (row) {
            case CURRENT:
                return flowing() ? model.current() : 0;
            case EXTERNAL_TEMPERATURE:
                return model.externalTemperature();
            case HUMIDITY:
                return model.humidity();
            case STATE_OF_CHARGE:
                return model.stateOfCharge();
            case BOARD_COUNT:
                return logicBoards;
            case VOLTAGE:
                return cells().stream().mapToDouble(model::cellVoltage).sum();
            case MIN_CELL_VOLTAGE:
                return cells().stream().mapToDouble(model::cellVoltage).min().orElse(0);
            case MAX_CELL_VOLTAGE:
                return cells().stream().mapToDouble(model::cellVoltage).max().orElse(0);
            case MIN_CELL_TEMPERATURE:
                return cells().stream().mapToDouble(model::cellTemperature).min().orElse(0);
            case MAX_CELL_TEMPERATURE:
                return cells().stream().mapToDouble(model::cellTemperature).max().orElse(0);
            case SENSOR_VOLTAGE:
                return 2.5 + number(TwinRow.CURRENT) * 0.00625;
            case SENSOR_REFERENCE_CALIBRATED:
                return 2.503;
            case SENSOR_REFERENCE:
            case AUX_SENSOR_VOLTAGE:
            case AUX_SENSOR_REFERENCE:
                return 2.5;
            case CHARGE_CURRENT_LIMIT:
                return internal("allow-charging")
                        ? BatteryModel.MAX_CHARGE_CURRENT * Math.min(1, (100 - model.stateOfCharge()) / 10)
                        : 0;
            case DISCHARGE_CURRENT_LIMIT:
                return internal("ready-to-discharge")
                        ? BatteryModel.MAX_DISCHARGE_CURRENT * Math.min(1, model.stateOfCharge() / 15)
                        : 0;
            default:
                return 0;
        }
    }

    private boolean flowing() {
        return internal(model.phase() == BatteryModel.Phase.CHARGING ? "charging-contactor" : "discharging-contactor");
    }

    private int state() {
        switch (model.phase()) {
            case CHARGING:
                return 1;
            case DISCHARGING:
                return 2;
            case RESTING_AFTER_CHARGING:
                return 3;
            default:
                return 6;
        }
    }

    private long inputs() {
        return bits(TwinSignals.INPUT.stream().map(this::input).toList());
    }

    private List<Boolean> numbered(String prefix) {
        List<Boolean> states = new ArrayList<>();
        for (int n = 1; n <= 4; n++) {
            states.add(flagNow(prefix + n));
        }
        return states;
    }

    private static List<Integer> cells() {
        List<Integer> cells = new ArrayList<>();
        for (int cell = 0; cell < BatteryModel.CELLS; cell++) {
            cells.add(cell);
        }
        return cells;
    }

    private static long bits(List<Boolean> states) {
        long bits = 0;
        for (int bit = 0; bit < states.size(); bit++) {
            bits |= states.get(bit) ? 1L << bit : 0;
        }
        return bits;
    }

    // ---- registers ----

    private int[] encode(TwinRow row) {
        switch (row.type()) {
            case U16:
                return new int[] { (int) number(row) & 0xFFFF };
            case U16_MILLI:
                return new int[] { (int) Math.round(number(row) * 1000) & 0xFFFF };
            case S16_TENTH:
                return new int[] { (int) Math.round(number(row) * 10) & 0xFFFF };
            case U32:
                return words((long) number(row));
            case REAL32:
                return words(Float.floatToIntBits((float) number(row)) & 0xFFFF_FFFFL);
            case BCD_CLOCK:
                return bcdClock();
            case WINDOW:
                return window();
            default:
                return bytes(versions.getOrDefault(row.id(), new int[4]));
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
        LocalDateTime now = LocalDateTime.ofInstant(shown, clock.getZone());
        int[] parts = { now.getDayOfMonth(), now.getMonthValue(), now.getYear() % 100, now.getHour(), now.getMinute(),
                now.getSecond() };
        int[] bcd = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            bcd[i] = parts[i] / 10 << 4 | parts[i] % 10;
        }
        return bytes(bcd);
    }

    private int[] window() {
        int[] registers = new int[TwinRow.Type.WINDOW.registers()];
        if (initialising()) {
            return registers;
        }
        boolean ready = !raised("bms-logic-offline");
        boolean sensor = !raised("no-temperature-sensors");
        registers[0] = (ready ? 1 << 2 : 0) | (sensor ? 1 << 4 : 0);
        int first = (selectedBoard - 1) * CELLS_PER_BOARD;
        for (int cell = 0; cell < CELLS_PER_BOARD && ready; cell++) {
            registers[1 + cell] = (int) Math.round(model.cellVoltage((first + cell) % BatteryModel.CELLS) * 1000);
        }
        for (int n = 0; n < 2 && ready && sensor; n++) {
            registers[13 + n] = (int) Math.round(model.cellTemperature((first + n) % BatteryModel.CELLS) * 10) & 0xFFFF;
        }
        return registers;
    }
}
