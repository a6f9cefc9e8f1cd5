/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.diagnosis;

import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The most likely cause of what is wrong with a link. Each has a text that names it, and one with the rule to check:
 * {@code diagnosis.cause.*} and {@code diagnosis.rule.*}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum Cause {
    /** Nothing is wrong. */
    HEALTHY,

    /** There is no such port. */
    PORT_MISSING,
    /** Another program has the port. */
    PORT_BUSY,
    /** The port may not be opened. */
    NO_PERMISSION,
    /** What serial ports need cannot be loaded. Detail: from where. */
    NO_SERIAL,
    /** There is no such host. */
    HOST_UNKNOWN,
    /** The host refuses the connection. */
    REFUSED,
    /** The host does not react. */
    UNREACHABLE,

    /** Nothing at all is heard on a serial line. */
    SILENT,
    /** Only our own request is heard: the adapter hears itself, the board does not answer. */
    ONLY_ECHO,
    /** The line rests at the wrong level. */
    WIRES_SWAPPED,
    /** Somebody sends without end. */
    BABBLE,
    /** Another master asks on the line. */
    SECOND_MASTER,
    /** The board answers at another baud rate. Detail: which. */
    WRONG_BAUD_RATE,
    /** The board answers with another parity. Detail: which. */
    WRONG_PARITY,
    /** Another address answers. Detail: which. */
    WRONG_ADDRESS,
    /** What comes back cannot be read. */
    GARBAGE,

    /** The connection is accepted, but nothing answers. */
    SILENT_CONNECTION,
    /** The far end closes the connection when it is asked. */
    CONNECTION_CLOSED,
    /** RTU frames are needed where Modbus TCP was chosen, or the other way round. Detail: the right framing. */
    WRONG_FRAMING,
    /** Requests in Modbus TCP are answered with RTU frames. */
    MIXED_FRAMING,
    /** A serial server negotiates telnet options, and doubles bytes of value FF. */
    TELNET,
    /** A serial server changes the bytes that it passes on. Detail: how. */
    ALTERED,
    /** What comes back from a serial server cannot be read. */
    NETWORK_GARBAGE,
    /** Another service listens on the TCP port. */
    OTHER_SERVICE,
    /** A gateway cannot reach the board. Detail: the code of its exception. */
    GATEWAY,

    /** The answers come, but later than is waited for. Detail: after how many milliseconds. */
    TOO_SLOW,
    /** Every read is refused. Detail: the code of the exception. */
    REFUSES,
    /** The board answers, but has no readings. Detail: the word that fills its registers. */
    FILLED,
    /** What answers is no BMS Main 2.1. */
    OTHER_DEVICE,
    /** The words of 32-bit values have the other order. Detail: which. */
    WRONG_WORD_ORDER,
    /** Some answers are damaged. Detail: how many in a hundred. */
    DISTURBED,
    /** Some answers are missing. Detail: how many in a hundred. */
    LOSSES,
    /** Some answers that come over a network are damaged. Detail: how many in a hundred. */
    NETWORK_DISTURBED,
    /** Some answers are missing on a network. Detail: how many in a hundred. */
    NETWORK_LOSSES,
    /** The far end closes the connection again and again. Detail: before how many answers in a hundred. */
    CLOSES,

    /** There is no such CAN adapter or interface. */
    CAN_ADAPTER_MISSING,
    /** This system has no way to CAN interfaces. */
    CAN_NO_SUPPORT,
    /** The CAN adapter or interface went away while it was examined. */
    CAN_ADAPTER_LOST,
    /** There is a network interface of this name, but it is none for CAN. */
    CAN_NOT_AN_INTERFACE,
    /** The CAN interface is switched off. */
    CAN_INTERFACE_DOWN,
    /** The CAN adapter refuses a command. Detail: which. */
    CAN_ADAPTER_REFUSES,
    /** What is behind the port says nothing at all, not even as an adapter. */
    CAN_ADAPTER_MUTE,
    /** The adapter answers at another baud rate of its serial port. Detail: which. */
    CAN_WRONG_SERIAL_BAUD_RATE,
    /** Nothing at all is heard on a CAN bus. */
    CAN_SILENT,
    /** No frame is heard on a CAN bus, but errors are. */
    CAN_ERRORS,
    /** The controller has left the CAN bus after too many errors. */
    CAN_BUS_OFF,
    /** The bus has another bit rate. Detail: which, in kbit/s. */
    CAN_WRONG_BIT_RATE,
    /** Two devices have the node id of the board. */
    CAN_DUPLICATE_NODE,
    /** A board with another node id is heard. Detail: which. */
    CAN_WRONG_NODE,
    /** The bus works, but the board is not heard. Detail: which nodes are. */
    CAN_OTHERS_ONLY,
    /** The board is there, but sends no process data. */
    CAN_NO_OBJECTS,
    /** The board sends process data, but answers no question. */
    CAN_NO_SDO,
    /** The bus works, but the controller tells of errors. */
    CAN_DISTURBED,
    /** Some answers are missing on a CAN bus. Detail: how many in a hundred. */
    CAN_LOSSES,

    /** The link is in order; the board has lost its current sensor. */
    CURRENT_SENSOR,
    /** The link is in order; the board has lost BMS Logic boards. */
    LOGIC_OFFLINE;

    /** The word in the keys of texts, such as {@code wrong-address}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
