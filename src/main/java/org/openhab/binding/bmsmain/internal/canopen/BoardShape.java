/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;

/**
 * Shape of the PDOs of a BMS Main (protocol, section 4).
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BoardShape {

    private static final int CHARGE_AT = 5;
    private static final int FULL_CHARGE = 100;
    private static final int VOLTAGE_AT = 6;
    private static final int VOLTAGE_BYTES = 2;
    /** In 0.1 V, see {@link Catalogue#VOLTAGE}. */
    private static final long HIGHEST_VOLTAGE = 20_000;
    private static final int ERRORS_AT = 4;
    private static final int NUMBER_BYTES = 4;
    /** Internal signals 28 to 31, and bits 30 and 31 of the errors, are not used. */
    private static final long UNUSED_SIGNALS = 0xF000_0000L;
    private static final long UNUSED_ERRORS = 0xC000_0000L;

    private final boolean knowsVoltage;

    /** @param setup setup of the board; may contain a user-defined location of the voltage */
    public BoardShape(BoardSetup setup) {
        knowsVoltage = !setup.locations().containsKey(Catalogue.VOLTAGE);
    }

    /**
     * Whether a frame is the TPDO1 of a board without readings: all zero, or a battery voltage of 0 V, which cannot
     * supply a board. After a restart, with or without a boot-up message, a board sends it until it has readings.
     */
    public boolean isEmpty(CanFrame frame) {
        return knowsVoltage ? hasNoVoltage(frame) : isFull(frame) && frame.isZero();
    }

    private static boolean hasNoVoltage(CanFrame frame) {
        return isFull(frame) && frame.number(VOLTAGE_AT, VOLTAGE_BYTES) == 0;
    }

    private static boolean isFull(CanFrame frame) {
        return frame.length() == CanFrame.MAX_LENGTH;
    }

    /** Whether a frame can be the TPDO1 of a board with readings. */
    public static boolean isFirst(CanFrame frame) {
        long voltage = isFull(frame) ? frame.number(VOLTAGE_AT, VOLTAGE_BYTES) : 0;
        return voltage > 0 && voltage <= HIGHEST_VOLTAGE && frame.at(CHARGE_AT) <= FULL_CHARGE;
    }

    /** Whether a frame can be the TPDO1 of a board, with readings or just started. */
    public static boolean isFirstOrEmpty(CanFrame frame) {
        return isFirst(frame) || hasNoVoltage(frame) && frame.at(CHARGE_AT) <= FULL_CHARGE;
    }

    /** Whether a frame can be the TPDO2 of a board. */
    public static boolean isSecond(CanFrame frame) {
        return isFull(frame) && (frame.number(0, NUMBER_BYTES) & UNUSED_SIGNALS) == 0
                && (frame.number(ERRORS_AT, NUMBER_BYTES) & UNUSED_ERRORS) == 0;
    }
}
