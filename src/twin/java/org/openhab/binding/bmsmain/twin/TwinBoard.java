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

import java.time.Clock;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * A simulated BMS Main 2.1: battery, contactors, signals, faults and settings, read and written by register.
 * <p>
 * A battery model driven by the given clock supplies the values. {@link #set} overrides a value, {@link #clear}
 * removes the override. Derived values still follow their inputs: closing the charge request by software control
 * closes the charging contactor, a blocking fault opens it again.
 * <p>
 * The protocol page leaves some points open. These choices are inventions: the battery states 1 charging, 2
 * discharging and 3 relaxed after charging beside the published 6; which faults open which contactor; the addresses
 * listed in {@link TwinRow}. Of the input signals, charger connected, charge request, discharge request and
 * interlock are wired; all others are 0 unless scripted or forced.
 * <p>
 * Thread-safe; each read is a consistent snapshot.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class TwinBoard {

    /** Which register of a 32-bit value comes first. */
    public enum WordOrder {
        /** Low word first: the likely reading of the vendor's page. */
        LITTLE,
        /** High word first. */
        BIG
    }

    /** State of the software control of an input signal. */
    public enum SoftwareControl {
        CLEARED,
        SET,
        /** The signal follows its physical input. */
        PHYSICAL
    }

    /** Bus address of the board as delivered. */
    public static final int DEFAULT_ADDRESS = 32;

    private final int address;
    private final TwinScript script = new TwinScript();
    private final TwinState state;
    private final TwinRegisters registers;

    /**
     * @param address bus address, 1..247
     * @param wordOrder order of the two registers of a 32-bit value
     * @param clock drives the battery model and the device clock
     * @param speed factor by which charging and discharging are faster than in a real battery
     */
    public TwinBoard(int address, WordOrder wordOrder, Clock clock, double speed) {
        this.address = address;
        this.state = new TwinState(script, clock, speed);
        this.registers = new TwinRegisters(script, state, wordOrder);
    }

    /** Creates a board as delivered: address 32, low word first, with the system clock at real speed. */
    public TwinBoard() {
        this(DEFAULT_ADDRESS, WordOrder.LITTLE, Clock.systemDefaultZone(), 1);
    }

    /** The board's bus address. */
    public int address() {
        return address;
    }

    /** Stops or restarts the battery model and the device clock. Scripted changes remain visible. */
    public synchronized TwinBoard frozen(boolean stop) {
        state.advance();
        state.freeze(stop);
        return this;
    }

    /**
     * Selects the response to a read that includes an address outside the map.
     *
     * @param strict true: exception 02; false: such registers read as 0, and only a read entirely outside the map
     *            is rejected
     */
    public synchronized TwinBoard strictHoles(boolean strict) {
        registers.strictHoles(strict);
        return this;
    }

    /** Moves the values that the public map lacks to random addresses, with random types and among decoys. */
    public synchronized TwinBoard hiddenMap(long seed) {
        state.hide(seed);
        return this;
    }

    /** Returns the layout of the values that the public map lacks; null for the twin's default addresses. */
    public synchronized @Nullable HiddenMap hiddenMap() {
        return state.hidden();
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
     *            register's 16 bits
     * @return this board
     * @throws IllegalArgumentException if no register carries the value, or the value is invalid; the message is
     *             suitable for users
     */
    public synchronized TwinBoard set(String id, String value) {
        state.advance();
        script.set(id, value);
        state.followStateOfCharge();
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
     * @throws IllegalArgumentException if there is no such fault
     */
    public synchronized TwinBoard fault(String id) {
        state.advance();
        script.fault(id);
        return this;
    }

    /**
     * Removes a scripted value or a fault.
     *
     * @param id the ID that was passed to {@link #set} or {@link #fault}, or {@code all}
     * @throws IllegalArgumentException if there is no such value
     */
    public synchronized TwinBoard clear(String id) {
        state.advance();
        script.clear(id);
        return this;
    }

    /**
     * Returns all IDs that {@link #set} accepts, in alphabetical order. It also accepts registers
     * ({@code input:ADDRESS}).
     */
    public Set<String> settable() {
        return script.settable();
    }

    /** Returns all IDs that {@link #fault} accepts, in bit order. */
    public Set<String> faults() {
        return TwinSignals.FAULTS.keySet();
    }

    /**
     * Returns the state of the software control of an input signal.
     *
     * @param signal a name such as {@code charge-request}
     */
    public synchronized SoftwareControl softwareControl(String signal) {
        Boolean forced = script.forced(signal);
        if (forced == null) {
            return SoftwareControl.PHYSICAL;
        }
        return forced ? SoftwareControl.SET : SoftwareControl.CLEARED;
    }

    /** Returns the present value of a number in a register, as the next read returns it but before rounding. */
    public synchronized double number(String id) {
        state.advance();
        TwinRow row = TwinRow.of(id);
        if (row == null || !row.type().isNumber()) {
            throw new IllegalArgumentException("No register contains the number " + id);
        }
        return state.number(row);
    }

    /**
     * Returns the totals since the board was created, from its own current and voltage: kWh in and out,
     * Ah in and out.
     */
    public synchronized double[] flowed() {
        state.advance();
        return state.flowed();
    }

    /** Returns the present value of a flag in a register. */
    public synchronized boolean flag(String id) {
        state.advance();
        if (!script.isFlag(id)) {
            throw new IllegalArgumentException("No register contains the flag " + id);
        }
        return state.flag(id);
    }

    /**
     * Returns the present value of any ID that {@link #set} accepts, as text.
     *
     * @throws IllegalArgumentException if there is no such value
     */
    public synchronized String show(String id) {
        if (script.isFlag(id)) {
            return flag(id) ? "ON" : "OFF";
        }
        String version = script.versionText(id);
        return version != null ? version : Double.toString(number(id));
    }

    /**
     * Reads input registers.
     *
     * @return the registers, or null if the read is rejected with exception 02
     */
    synchronized int @Nullable [] readInput(int first, int count) {
        state.advance();
        return registers.readInput(first, count);
    }

    /**
     * Reads holding registers. The software control registers are write-only and count as holes.
     *
     * @return the registers, or null if the read is rejected with exception 02
     */
    synchronized int @Nullable [] readHolding(int first, int count) {
        return registers.readHolding(first, count);
    }

    /** True when a holding register can be written. */
    boolean writable(int register) {
        return registers.writable(register);
    }

    /** True when a writable register accepts the value. */
    synchronized boolean accepts(int register, int value) {
        return registers.accepts(register, value);
    }

    /** Writes a holding register that is writable and accepts the value. */
    synchronized void write(int register, int value) {
        state.advance();
        registers.write(register, value);
    }
}
