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
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Creates Modbus lines with any settings, for exclusive use.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface ModbusLineFactory {

    /** A serial line. */
    ModbusLine serial(SerialSettings settings);

    /** A TCP connection. */
    ModbusLine tcp(String host, int port, TcpMode mode, Duration connectTimeout);

    /** The ports and the network of this machine. */
    static ModbusLineFactory system(Ticker ticker) {
        return new ModbusLineFactory() {
            @Override
            public ModbusLine serial(SerialSettings settings) {
                return ModbusLine.serial(settings, ticker);
            }

            @Override
            public ModbusLine tcp(String host, int port, TcpMode mode, Duration connectTimeout) {
                return ModbusLine.tcp(host, port, mode, connectTimeout, ticker);
            }
        };
    }
}
