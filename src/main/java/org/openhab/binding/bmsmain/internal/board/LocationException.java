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
 * What a user wrote about the place of a value cannot be used.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class LocationException extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST_TEXT = 100;

    private final Reason reason;
    private final String text;

    /** What is wrong. Each has a text under {@code location.<key>}. */
    public enum Reason {
        /** The line has no equals sign between channel and place. */
        NO_EQUALS,
        /** There is no such channel. */
        UNKNOWN_CHANNEL,
        /** The channel cannot be read from a place of its own. */
        NOT_READABLE,
        /** The channel was named before. */
        DUPLICATE,
        /** The name is used by the binding itself. */
        RESERVED,
        /** No name that a channel of a BMS Logic board could have. */
        NAME,
        /** The place does not have the parts that it needs. */
        SYNTAX,
        /** Neither input nor holding registers. */
        TABLE,
        /** No address, or one outside the range. */
        ADDRESS,
        /** No data type of that name, or one that does not fit. */
        TYPE,
        /** No number of a bit, or one that the data type does not have. */
        BIT,
        /** A switch or contact needs a bit. */
        BIT_MISSING,
        /** A number is not a bit. */
        BIT_UNEXPECTED,
        /** No number, or zero. */
        SCALE,
        /** No unit that openHAB knows. */
        UNIT,
        /** No number of registers, or one outside 1..125. */
        LENGTH,
        /** A place on CAN does not have the parts that it needs. */
        CAN_SYNTAX,
        /** No index and sub-index of an object. */
        OBJECT,
        /** No identifier of a frame. */
        COB_ID,
        /** No byte of a frame at which the value could begin. */
        BYTE,
        /** The place is in the window of the BMS Logic boards, which are not scanned. */
        NEEDS_SCAN;

        /** The word in the keys of texts. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * @param text the part that is wrong, as the user wrote it; where it is long, its beginning is kept
     */
    public LocationException(Reason reason, String text) {
        super(reason.key() + ": " + cut(text));
        this.reason = reason;
        this.text = cut(text);
    }

    /** It is shown in the status of a Thing, which is no place for a million digits. */
    private static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
    }

    public Reason reason() {
        return reason;
    }

    /** The part that is wrong, as the user wrote it. */
    public String text() {
        return text;
    }
}
