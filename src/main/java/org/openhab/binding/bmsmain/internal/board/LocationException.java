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
 * A location configured by the user cannot be used.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class LocationException extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST_TEXT = 100;

    private final Reason reason;
    private final String text;

    /** Reason of the error. Each has a text under {@code location.<key>}. */
    public enum Reason {
        /** The line has no equals sign between channel and location. */
        NO_EQUALS,
        /** There is no such channel. */
        UNKNOWN_CHANNEL,
        /** The location of the channel cannot be configured. */
        NOT_READABLE,
        /** The channel has a location already. */
        DUPLICATE,
        /** The name is used by the binding itself. */
        RESERVED,
        /** Not a valid name for a channel of a BMS Logic board. */
        NAME,
        /** The location lacks parts, or has too many. */
        SYNTAX,
        /** Neither input nor holding registers. */
        TABLE,
        /** Not an address, or outside the range. */
        ADDRESS,
        /** Not a data type, or one that does not fit. */
        TYPE,
        /** Not a bit number, or one that the data type does not have. */
        BIT,
        /** A switch or contact needs a bit. */
        BIT_MISSING,
        /** A bit is given, but the channel shows a number. */
        BIT_UNEXPECTED,
        /** Not a number, or zero. */
        SCALE,
        /** Not a unit of openHAB. */
        UNIT,
        /** Not a number of registers, or outside 1..125. */
        LENGTH,
        /** The CAN location lacks parts, or has too many. */
        CAN_SYNTAX,
        /** Not an index and sub-index of an object. */
        OBJECT,
        /** Not a COB-ID. */
        COB_ID,
        /** Not a byte of a frame at which the value can begin. */
        BYTE,
        /** The location is in the window of the BMS Logic boards, but they are not scanned. */
        NEEDS_SCAN;

        /** The suffix of the text keys. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * @param text the wrong part, as the user wrote it; a long text is cut
     */
    public LocationException(Reason reason, String text) {
        super(reason.key() + ": " + cut(text));
        this.reason = reason;
        this.text = cut(text);
    }

    /** Cuts a long text, because it is shown in the status of a Thing. */
    private static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
    }

    public Reason reason() {
        return reason;
    }

    /** The wrong part, as the user wrote it; cut if long. */
    public String text() {
        return text;
    }
}
