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
 * The most likely cause of a problem with a link. Each has a text that names it ({@code diagnosis.cause.*}), and one
 * with the rule to check ({@code diagnosis.rule.*}).
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum Cause {
    /** Nothing is wrong. */
    HEALTHY,

    /** The port does not exist. */
    PORT_MISSING,
    /** Another program uses the port. */
    PORT_BUSY,
    /** This process has no permission to open the port. */
    NO_PERMISSION,
    /** The library for serial ports cannot be loaded. Detail: from where. */
    NO_SERIAL,
    /** The host name is unknown. */
    HOST_UNKNOWN,
    /** The host refuses the connection. */
    REFUSED,
    /** The host does not respond. */
    UNREACHABLE,

    /** Nothing is received on a serial line. */
    SILENT,
    /** Only our own request is received: the adapter echoes, the board does not respond. */
    ONLY_ECHO,
    /** The idle level of the line is wrong. */
    WIRES_SWAPPED,
    /** A device sends without end. */
    BABBLE,
    /** Another master sends requests on the line. */
    SECOND_MASTER,
    /** The board responds at another baud rate. Detail: which. */
    WRONG_BAUD_RATE,
    /** The board responds with another parity. Detail: which. */
    WRONG_PARITY,
    /** Another address responds. Detail: which. */
    WRONG_ADDRESS,
    /** The received bytes are not valid frames. */
    GARBAGE,

    /** The connection is accepted, but nothing responds. */
    SILENT_CONNECTION,
    /** The remote end closes the connection on a request. */
    CONNECTION_CLOSED,
    /** RTU frames are needed where Modbus TCP was configured, or vice versa. Detail: the right framing. */
    WRONG_FRAMING,
    /** Modbus TCP requests are answered with RTU frames. */
    MIXED_FRAMING,
    /** A serial server negotiates telnet options, and doubles bytes of value FF. */
    TELNET,
    /** A serial server alters the bytes that it forwards. Detail: how. */
    ALTERED,
    /** The bytes received from a serial server are not valid frames. */
    NETWORK_GARBAGE,
    /** Another service listens on the TCP port. */
    OTHER_SERVICE,
    /** A gateway cannot reach the board. Detail: the exception code. */
    GATEWAY,

    /** Responses arrive after the timeout. Detail: the recommended timeout in milliseconds. */
    TOO_SLOW,
    /** Every read is refused. Detail: the exception code. */
    REFUSES,
    /** The board responds, but has no readings. Detail: the word that fills its registers. */
    FILLED,
    /** The device that responds is no BMS Main 2.1. */
    OTHER_DEVICE,
    /** The two words of 32-bit values have the other order. Detail: which. */
    WRONG_WORD_ORDER,
    /** Some responses are damaged. Detail: percentage. */
    DISTURBED,
    /** Some responses are missing. Detail: percentage. */
    LOSSES,
    /** Some responses over a network are damaged. Detail: percentage. */
    NETWORK_DISTURBED,
    /** Some responses over a network are missing. Detail: percentage. */
    NETWORK_LOSSES,
    /** The remote end closes the connection repeatedly. Detail: percentage of failed requests. */
    CLOSES,

    /** The CAN adapter or interface does not exist. */
    CAN_ADAPTER_MISSING,
    /** This system does not support CAN interfaces. */
    CAN_NO_SUPPORT,
    /** The CAN adapter or interface was lost during the diagnosis. */
    CAN_ADAPTER_LOST,
    /** The network interface of this name is no CAN interface. */
    CAN_NOT_AN_INTERFACE,
    /** The CAN interface is down. */
    CAN_INTERFACE_DOWN,
    /** The CAN adapter refuses a command. Detail: which. */
    CAN_ADAPTER_REFUSES,
    /** The port opens, but no adapter responds. */
    CAN_ADAPTER_MUTE,
    /** The adapter responds at another baud rate of its serial port. Detail: which. */
    CAN_WRONG_SERIAL_BAUD_RATE,
    /** No frame is received on a CAN bus. */
    CAN_SILENT,
    /** No frame is received on a CAN bus, but errors are. */
    CAN_ERRORS,
    /** The CAN controller is in the bus-off state after too many errors. */
    CAN_BUS_OFF,
    /** The bus has another bit rate. Detail: which, in kbit/s. */
    CAN_WRONG_BIT_RATE,
    /** Two devices have the node ID of the board. */
    CAN_DUPLICATE_NODE,
    /** A board with another node ID is on the bus. Detail: which. */
    CAN_WRONG_NODE,
    /** The bus works, but the board sends nothing. Detail: the other nodes on the bus. */
    CAN_OTHERS_ONLY,
    /** The board is on the bus, but sends no process data. */
    CAN_NO_OBJECTS,
    /** The board sends process data, but does not respond to SDO requests. */
    CAN_NO_SDO,
    /** The bus works, but the controller reports errors. */
    CAN_DISTURBED,
    /** Some SDO responses are missing on a CAN bus. Detail: percentage. */
    CAN_LOSSES,

    /** The link works; the board reports its current sensor faulty or offline. */
    CURRENT_SENSOR,
    /** The link works; the board reports BMS Logic boards offline. */
    LOGIC_OFFLINE;

    /** Part of the keys of texts, such as {@code wrong-address}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
