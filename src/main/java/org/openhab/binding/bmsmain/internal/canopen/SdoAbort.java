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

import java.util.Locale;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Abort codes of SDO transfers (CiA 301, section 7.2.4.3.17).
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SdoAbort {

    /** A response has the wrong toggle bit. */
    public static final int TOGGLE = 0x0503_0000;
    /** Timeout of a response. */
    public static final int TIMED_OUT = 0x0504_0000;
    /** The object is larger than the binding accepts. */
    public static final int OUT_OF_MEMORY = 0x0504_0005;
    /** The object does not exist. */
    public static final int NO_OBJECT = 0x0602_0000;
    /** The sub-index does not exist. */
    public static final int NO_SUB_INDEX = 0x0609_0011;
    /** The object is write-only. */
    public static final int WRITE_ONLY = 0x0601_0001;
    /** General error without a reason. */
    public static final int GENERAL = 0x0800_0000;
    /** The length of the data differs from the announced one. */
    public static final int LENGTH = 0x0607_0010;

    private static final Map<Integer, String> WORDS = Map.ofEntries(Map.entry(TOGGLE, "toggle bit not alternated"),
            Map.entry(TIMED_OUT, "no answer in time"), //
            Map.entry(0x0504_0001, "unknown command"), //
            Map.entry(0x0504_0002, "invalid block size"), //
            Map.entry(0x0504_0003, "invalid sequence number"), //
            Map.entry(0x0504_0004, "checksum error"), //
            Map.entry(OUT_OF_MEMORY, "out of memory"), //
            Map.entry(0x0601_0000, "access not supported"), //
            Map.entry(WRITE_ONLY, "object is write-only"), //
            Map.entry(0x0601_0002, "object is read-only"), //
            Map.entry(NO_OBJECT, "object does not exist"), //
            Map.entry(0x0604_0041, "object cannot be mapped"), //
            Map.entry(0x0604_0042, "mapped objects exceed the length of a PDO"), //
            Map.entry(0x0604_0043, "incompatible parameters"), //
            Map.entry(0x0604_0047, "internal incompatibility in the device"), //
            Map.entry(0x0606_0000, "hardware error"), //
            Map.entry(LENGTH, "length does not match"), //
            Map.entry(0x0607_0012, "data too long"), //
            Map.entry(0x0607_0013, "data too short"), //
            Map.entry(NO_SUB_INDEX, "sub-index does not exist"), //
            Map.entry(0x0609_0030, "value out of range"), //
            Map.entry(0x0609_0031, "value too high"), //
            Map.entry(0x0609_0032, "value too low"), //
            Map.entry(0x0609_0036, "maximum is less than minimum"), //
            Map.entry(0x060A_0023, "resource not available"), //
            Map.entry(GENERAL, "general error"), //
            Map.entry(0x0800_0020, "data cannot be transferred"), //
            Map.entry(0x0800_0021, "data cannot be transferred, local control"), //
            Map.entry(0x0800_0022, "data cannot be transferred in this state"), //
            Map.entry(0x0800_0023, "no object dictionary"), //
            Map.entry(0x0800_0024, "no data available"));

    private SdoAbort() {
    }

    /** The code and its meaning, such as {@code 0x06020000 (object does not exist)}. */
    public static String words(int code) {
        return String.format(Locale.ROOT, "0x%08X (%s)", code, WORDS.getOrDefault(code, "not in the standard"));
    }

    /** Whether a retry is pointless: the object cannot be read at all. */
    public static boolean isPermanent(int code) {
        return code == NO_OBJECT || code == NO_SUB_INDEX || code == WRITE_ONLY;
    }
}
