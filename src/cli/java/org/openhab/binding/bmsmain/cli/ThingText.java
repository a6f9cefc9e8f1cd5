/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSettings;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusConnectionParameters;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusScan.ScanResult;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.transport.PortNames;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;

/**
 * The definition of a Thing, to be copied into the configuration of openHAB.
 *
 * @param type thing type, such as serial
 * @param id id of the Thing
 * @param configuration parameters that differ from their defaults or have none
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record ThingText(String type, String id, Map<String, Object> configuration) {

    private static final int STANDARD_BAUD_RATE = 9600;
    private static final int STANDARD_TCP_PORT = 502;
    private static final Duration STANDARD_RESPONSE_TIMEOUT = Duration.ofMillis(500);

    /** The Thing for a board found on Modbus, with the persistent name of its port. */
    static ThingText of(ScanResult found, PortNames names) {
        ModbusConnectionParameters parameters = found.parameters();
        Map<String, Object> configuration = new LinkedHashMap<>();
        SerialSettings serial = parameters.serial();
        if (serial != null) {
            configuration.put("port", names.stable(serial.port()));
            if (serial.baudRate() != STANDARD_BAUD_RATE) {
                configuration.put("baudRate", serial.baudRate());
            }
        } else {
            configuration.put("host", parameters.host());
            if (parameters.port() != STANDARD_TCP_PORT) {
                configuration.put("port", parameters.port());
            }
            if (parameters.mode() == TcpMode.RTU) {
                configuration.put("framing", "rtu");
            }
        }
        if (parameters.address() != ModbusSettings.DEFAULT_ADDRESS) {
            configuration.put("address", parameters.address());
        }
        if (parameters.responseTimeout().compareTo(STANDARD_RESPONSE_TIMEOUT) > 0) {
            configuration.put("responseTimeout", (int) parameters.responseTimeout().toMillis());
        }
        return new ThingText(serial != null ? "serial" : "tcp", "board" + parameters.address(), configuration);
    }

    /** The Thing for a node found on CAN. */
    static ThingText can(String adapter, String place, CanScan.Heard heard) {
        Map<String, Object> configuration = new LinkedHashMap<>();
        configuration.put("adapter", adapter);
        configuration.put("slcan".equals(adapter) ? "port" : "interface", place);
        if (heard.serialBaudRate() != 0 && heard.serialBaudRate() != CanLine.DEFAULT_SERIAL_BAUD_RATE) {
            configuration.put("serialBaudRate", heard.serialBaudRate());
        }
        if (heard.kiloBits() != 0 && heard.kiloBits() != CanLine.DEFAULT_BIT_RATE) {
            configuration.put("bitRate", heard.kiloBits());
        }
        if (heard.node() != CanSettings.DEFAULT_NODE) {
            configuration.put("nodeId", heard.node());
        }
        return new ThingText("can", "board" + heard.node(), configuration);
    }

    /** The same Thing with another ID. */
    ThingText named(String other) {
        return new ThingText(type, other, configuration);
    }

    String uid() {
        return "bmsmain:" + type + ":" + id;
    }

    /** A line for a file {@code conf/things/*.things}. */
    String things() {
        List<String> parts = new ArrayList<>();
        configuration
                .forEach((name, value) -> parts.add(name + "=" + (value instanceof Number ? value : quoted(value))));
        return "Thing " + uid() + " \"BMS Main 2.1\" [ " + String.join(", ", parts) + " ]";
    }

    /** Lines for a file {@code conf/yaml/*.yaml}. */
    List<String> yaml() {
        List<String> lines = new ArrayList<>(
                List.of("version: 1", "things:", "  " + uid() + ":", "    label: BMS Main 2.1", "    config:"));
        configuration.forEach(
                (name, value) -> lines.add("      " + name + ": " + (value instanceof Number ? value : quoted(value))));
        return lines;
    }

    private static String quoted(Object value) {
        return '"' + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
