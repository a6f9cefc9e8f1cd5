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

import java.time.Duration;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Configuration of a Modbus link.
 *
 * @param serial the port and its settings; null for a TCP connection
 * @param host host of the connection; empty for a serial port
 * @param port TCP port of the connection
 * @param mode framing of the connection
 * @param address address of the board
 * @param wordOrder order of the words, or null for automatic detection
 * @param responseTimeout maximum time until the first byte of a response
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record ModbusConnectionParameters(@Nullable SerialSettings serial, String host, int port, TcpMode mode,
        int address, @Nullable WordOrder wordOrder, Duration responseTimeout) {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** A board on a serial line. */
    public static ModbusConnectionParameters serial(SerialSettings serial, int address, @Nullable WordOrder wordOrder,
            Duration responseTimeout) {
        return new ModbusConnectionParameters(serial, "", 0, TcpMode.RTU, address, wordOrder, responseTimeout);
    }

    /** A board behind a TCP connection. */
    public static ModbusConnectionParameters tcp(String host, int port, TcpMode mode, int address,
            @Nullable WordOrder wordOrder, Duration responseTimeout) {
        return new ModbusConnectionParameters(null, host, port, mode, address, wordOrder, responseTimeout);
    }

    /** Port or endpoint, as shown to users. */
    public String place() {
        SerialSettings line = serial;
        return line == null ? host + ":" + port : line.port();
    }

    /** The line to the board. */
    public ModbusLine line(Ticker ticker) {
        return line(ModbusLineFactory.system(ticker));
    }

    ModbusLine line(ModbusLineFactory wires) {
        SerialSettings line = serial;
        return line == null ? wires.tcp(host, port, mode, CONNECT_TIMEOUT) : wires.serial(line);
    }

    ModbusConnectionParameters with(SerialSettings other) {
        return new ModbusConnectionParameters(other, host, port, mode, address, wordOrder, responseTimeout);
    }

    ModbusConnectionParameters with(TcpMode other) {
        return new ModbusConnectionParameters(serial, host, port, other, address, wordOrder, responseTimeout);
    }
}
