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
 * Why a board cannot be read. Each cause has a text with advice on what to check.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum FailureCause {
    /** The serial port or CAN interface does not exist, or was unplugged. */
    PORT_MISSING,
    /** The port is used by another program, or by another Thing with other settings. */
    PORT_BUSY,
    /** Another program is known to have the port open, with or without a lock. Detail: which. */
    PORT_HELD,
    /** The user that runs this program may not open the port. */
    NO_PERMISSION,
    /** Nothing at all came back. */
    NO_ANSWER,
    /** Nothing came back yet on a new connection; some devices need seconds before they answer. */
    NO_ANSWER_YET,
    /** Some requests are answered and others are not: the link works, and the needs of the device are being learnt. */
    SOME_ANSWERS,
    /** Bytes came back that are no frames. */
    GARBAGE,
    /** Valid frames came back, but from another address. */
    WRONG_UNIT,
    /** Two devices on a CAN bus have the node ID of the board. */
    DUPLICATE_NODE_ID,
    /** The device answered every read with a Modbus exception or an SDO abort. */
    EXCEPTION,
    /** The device answers, but its registers all hold one word, as on a board without readings. */
    FILLED,
    /** Answers to another master cannot be told apart from ours. */
    SECOND_MASTER,
    /** Frames of the other framing came back. Detail: {@code rtu} or {@code tcp}. */
    WRONG_FRAMING,
    /** A serial server treats the connection as a telnet terminal. */
    TELNET,
    /** The host name could not be resolved. */
    HOST_UNKNOWN,
    /** The host refused the connection. */
    REFUSED,
    /** The host could not be reached in time. */
    TIMED_OUT,
    /** The far end closed the connection. */
    CONNECTION_LOST,
    /** The interface exists, but is not a CAN interface. */
    NOT_CAN,
    /** The CAN interface is switched off. */
    INTERFACE_DOWN,
    /** The CAN controller had too many transmit errors and left the bus. */
    BUS_OFF,
    /** The CAN adapter refused a command, such as a bit rate that it does not have. */
    ADAPTER_REFUSED,
    /** The device at the port of the CAN adapter sent nothing since the port was opened, not even an adapter reply. */
    ADAPTER_SILENT,
    /** This system has no CAN interfaces, or no access to them. */
    NO_CAN,
    /** The library for serial ports cannot be loaded on this system. */
    NO_SERIAL,
    /** An unexpected error; details are in the log. */
    INTERNAL;

    /** The key in texts, such as {@code no-answer}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
