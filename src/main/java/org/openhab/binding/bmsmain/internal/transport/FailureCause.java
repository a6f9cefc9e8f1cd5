/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.transport;

import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Why a board cannot be read. Every cause has a text that says what to check.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum FailureCause {
    /** The serial port or CAN interface does not exist, or was unplugged. */
    PORT_MISSING,
    /** Another program, or another Thing with other settings, has the port. */
    PORT_BUSY,
    /** Another program is known to have the port open, with or without a lock. Detail: which. */
    PORT_HELD,
    /** The user that runs this program may not open the port. */
    NO_PERMISSION,
    /** Nothing at all came back. */
    NO_ANSWER,
    /** Nothing came back yet on a connection that is new; some devices need seconds before they answer. */
    NO_ANSWER_YET,
    /**
     * Some requests are answered and others are not: the link works, and it is being found out what the device needs.
     */
    SOME_ANSWERS,
    /** Bytes came back that are no frames. */
    GARBAGE,
    /** Valid frames came back, but from another address. */
    WRONG_UNIT,
    /** Two devices on a CAN bus have the node id of the board. */
    DUPLICATE_NODE_ID,
    /** The device answered every read with a Modbus exception or an SDO abort. */
    EXCEPTION,
    /** The device answers, but its registers hold one word, as those of a board without readings do. */
    FILLED,
    /** Answers to another master cannot be told from ours. */
    SECOND_MASTER,
    /** Frames came, but of the other framing. Detail: {@code rtu} or {@code tcp}. */
    WRONG_FRAMING,
    /** A serial server takes the connection for one of a terminal. */
    TELNET,
    /** The host name could not be resolved. */
    HOST_UNKNOWN,
    /** The host refused the connection. */
    REFUSED,
    /** The host could not be reached in time. */
    TIMED_OUT,
    /** The far end closed the connection. */
    CONNECTION_LOST,
    /** The interface exists, but is none for CAN. */
    NOT_CAN,
    /** The CAN interface is switched off. */
    INTERFACE_DOWN,
    /** The CAN controller saw too many errors while it sent, and left the bus. */
    BUS_OFF,
    /** The CAN adapter refused a command, such as a bit rate that it does not have. */
    ADAPTER_REFUSED,
    /** What is at the port of the CAN adapter has said nothing since the port was opened, not even as an adapter. */
    ADAPTER_SILENT,
    /** This system has no CAN interfaces, or the way to them is missing. */
    NO_CAN,
    /** What serial ports need cannot be loaded on this system. */
    NO_SERIAL,
    /** Something that should not happen, and is in the log. */
    INTERNAL;

    /** The word in the keys of texts, such as {@code no-answer}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
