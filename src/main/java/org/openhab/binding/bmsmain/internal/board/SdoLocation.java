/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A location in the CANopen object dictionary (CiA 301), read by SDO upload.
 *
 * @param index index of the object, 0..0xFFFF
 * @param subIndex sub-index, 0..255
 * @param type data type
 * @param bit bit in that word, or {@link Location#NO_BIT}
 * @param scale factor from the raw number to the unit
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record SdoLocation(int index, int subIndex, WireType type, int bit, double scale) implements Location {

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "SDO 0x%04X:%02X", index, subIndex) + (bit == NO_BIT ? "" : " bit " + bit);
    }
}
