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

    private final int address;
    private final TwinScript script = new TwinScript();
    private final TwinState state;
    private final TwinRegisters registers;

    /**
     * @param address bus address, 1..247
     * @param wordOrder order of the two registers of a 32-bit value
     * @param clock what the battery model and the device clock go by
     * @param speed how many times faster than a real battery this one charges and discharges
     */
    public TwinBoard(int address, WordOrder wordOrder, Clock clock, double speed) {
        this.address = address;
        this.state = new TwinState(script, clock, speed);
        this.registers = new TwinRegisters(script, state, wordOrder);
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
        state.advance();
        state.freeze(stop);
        return this;
    }

    /**
     * Chooses the answer to a read that touches an address outside the map.
     *
     * @param strict true: exception 02; false: such registers read as 0, and only a read wholly outside is refused
     */
    public synchronized TwinBoard strictHoles(boolean strict) {
        registers.strictHoles(strict);
        return this;
    }

    /** Moves the values that the public map lacks to random places, in random types and among decoys. */
    public synchronized TwinBoard hiddenMap(long seed) {
        state.hide(seed);
        return this;
    }

    /** Where the values stand that the public map lacks; null while the twin's own places hold. */
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
     * @throws IllegalArgumentException when no register carries the value, or the value does not fit; the message is
     *             fit for a user
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
     * @throws IllegalArgumentException when there is no such fault
     */
    public synchronized TwinBoard fault(String id) {
        state.advance();
        script.fault(id);
        return this;
    }

    /**
     * Takes a scripted value or a fault back.
     *
     * @param id what was given to {@link #set} or {@link #fault}, or {@code all}
     * @throws IllegalArgumentException when there is no such value
     */
    public synchronized TwinBoard clear(String id) {
        state.advance();
        script.clear(id);
        return this;
    }

    /** Every id that {@link #set} takes, in alphabetical order; registers ({@code input:ADDRESS}) come on top. */
    public Set<String> settable() {
        return script.settable();
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
        Boolean forced = script.forced(signal);
        if (forced == null) {
            return SoftwareControl.PHYSICAL;
        }
        return forced ? SoftwareControl.SET : SoftwareControl.CLEARED;
    }

    /** The present value of a number that a register carries, as the next read would show it before rounding. */
    public synchronized double number(String id) {
        state.advance();
        TwinRow row = TwinRow.of(id);
        if (row == null || !row.type().isNumber()) {
            throw new IllegalArgumentException("No register carries the number " + id);
        }
        return state.number(row);
    }

    /** What flowed since the twin was made, by its own current and voltage: kWh in and out, Ah in and out. */
    public synchronized double[] flowed() {
        state.advance();
        return state.flowed();
    }

    /** The present value of a flag that a register carries. */
    public synchronized boolean flag(String id) {
        state.advance();
        if (!script.isFlag(id)) {
            throw new IllegalArgumentException("No register carries the flag " + id);
        }
        return state.flag(id);
    }

    /**
     * The present value of anything that {@link #set} takes by its id, in words.
     *
     * @throws IllegalArgumentException when there is no such value
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
     * @return the registers, or null when the read is refused with exception 02
     */
    synchronized int @Nullable [] readInput(int first, int count) {
        state.advance();
        return registers.readInput(first, count);
    }

    /**
     * Reads holding registers. The software control registers are write-only and count as holes.
     *
     * @return the registers, or null when the read is refused with exception 02
     */
    synchronized int @Nullable [] readHolding(int first, int count) {
        return registers.readHolding(first, count);
    }

    /** True when a holding register can be written. */
    boolean writable(int register) {
        return registers.writable(register);
    }

    /** True when a writable register takes the value. */
    synchronized boolean accepts(int register, int value) {
        return registers.accepts(register, value);
    }

    /** Writes a holding register that is writable and accepts the value. */
    synchronized void write(int register, int value) {
        state.advance();
        registers.write(register, value);
    }
}
