/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.bench.FaultKind.Transport;
import org.openhab.binding.bmsmain.internal.modbus.ModbusClient;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusRequest;
import org.openhab.binding.bmsmain.internal.modbus.RegisterView;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

import com.digitalpetri.modbus.client.ModbusRtuClient;
import com.digitalpetri.modbus.client.ModbusTcpClient;
import com.digitalpetri.modbus.pdu.ReadInputRegistersRequest;
import com.digitalpetri.modbus.serial.client.SerialPortClientTransport;
import com.digitalpetri.modbus.tcp.client.NettyTcpClientTransport;
import com.ghgande.j2mod.modbus.Modbus;
import com.ghgande.j2mod.modbus.facade.AbstractModbusMaster;
import com.ghgande.j2mod.modbus.facade.ModbusSerialMaster;
import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import com.ghgande.j2mod.modbus.procimg.InputRegister;
import com.ghgande.j2mod.modbus.util.SerialParameters;

/**
 * A Modbus client in the bench: the binding's, j2mod's, or digitalpetri's.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
interface ClientUnderTest extends AutoCloseable {

    int UNIT = 32;

    /** The clients that are compared. */
    enum Library {
        BMSMAIN,
        J2MOD,
        DIGITALPETRI;

        /** Whether the client supports the transport. */
        boolean speaks(Transport transport) {
            return this != DIGITALPETRI || transport != Transport.RTU_OVER_TCP;
        }

        /** Opens a connected client. */
        ClientUnderTest open(Transport transport, Path device, int port, int baud, int timeoutMillis) throws Exception {
            return switch (this) {
                case BMSMAIN -> new Ours(transport, device, port, baud, timeoutMillis);
                case J2MOD -> new J2mod(transport, device, port, baud, timeoutMillis);
                case DIGITALPETRI -> new DigitalPetri(transport, device, port, baud, timeoutMillis);
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Reads input registers. */
    int[] read(int address, int count) throws Exception;

    @Override
    void close();

    /** The client of the binding. */
    final class Ours implements ClientUnderTest {
        private final ModbusLine line;
        private final long timeoutNanos;
        private ModbusClient client;
        private boolean lost;

        Ours(Transport transport, Path device, int port, int baud, int timeoutMillis) throws LinkException {
            line = switch (transport) {
                case RTU ->
                    ModbusLine.serial(new SerialSettings(device.toString(), baud, Parity.NONE, 1), Ticker.system());
                case RTU_OVER_TCP -> ModbusLine.tcp("127.0.0.1", port, TcpMode.RTU, Ticker.system());
                case TCP -> ModbusLine.tcp("127.0.0.1", port, TcpMode.TCP, Ticker.system());
            };
            timeoutNanos = timeoutMillis * 1_000_000L;
            client = line.open();
        }

        @Override
        public int[] read(int address, int count) throws Exception {
            if (lost) {
                // As the bus in the binding does.
                client.close();
                client = line.open();
                lost = false;
            }
            try {
                RegisterView view = client.transact(ModbusRequest.read(UNIT, ModbusRequest.READ_INPUT, address, count),
                        timeoutNanos);
                int[] words = new int[view.count()];
                for (int i = 0; i < words.length; i++) {
                    words[i] = view.word(i);
                }
                return words;
            } catch (LinkException e) {
                lost = e.isSessionLost();
                throw e;
            }
        }

        @Override
        public void close() {
            client.close();
        }
    }

    /** j2mod with the minimum number of retries, so that a call ends in time. */
    final class J2mod implements ClientUnderTest {
        private final AbstractModbusMaster master;

        J2mod(Transport transport, Path device, int port, int baud, int timeoutMillis) throws Exception {
            if (transport == Transport.RTU) {
                SerialParameters parameters = new SerialParameters();
                parameters.setPortName(device.toString());
                parameters.setBaudRate(baud);
                parameters.setDatabits(8);
                parameters.setStopbits(1);
                parameters.setParity("none");
                parameters.setEncoding(Modbus.SERIAL_ENCODING_RTU);
                parameters.setEcho(false);
                master = new ModbusSerialMaster(parameters, timeoutMillis);
            } else {
                master = new ModbusTCPMaster("127.0.0.1", port, timeoutMillis, false,
                        transport == Transport.RTU_OVER_TCP);
            }
            master.connect();
            master.setRetries(1);
        }

        @Override
        public int[] read(int address, int count) throws Exception {
            InputRegister[] registers = master.readInputRegisters(UNIT, address, count);
            int[] words = new int[registers.length];
            for (int i = 0; i < words.length; i++) {
                words[i] = registers[i].getValue() & 0xFFFF;
            }
            return words;
        }

        @Override
        public void close() {
            master.disconnect();
        }
    }

    /** digitalpetri's modbus. */
    final class DigitalPetri implements ClientUnderTest {
        private final com.digitalpetri.modbus.client.ModbusClient client;

        DigitalPetri(Transport transport, Path device, int port, int baud, int timeoutMillis) throws Exception {
            Duration timeout = Duration.ofMillis(timeoutMillis);
            client = transport == Transport.RTU ? ModbusRtuClient.create(SerialPortClientTransport.create(config -> {
                config.serialPort = device.toString();
                config.baudRate = baud;
                config.dataBits = 8;
                config.stopBits = 1;
                config.parity = 0;
            }), config -> config.requestTimeout = timeout)
                    : ModbusTcpClient.create(NettyTcpClientTransport.create(config -> {
                        config.hostname = "127.0.0.1";
                        config.port = port;
                    }), config -> config.requestTimeout = timeout);
            client.connect();
        }

        @Override
        public int[] read(int address, int count) throws Exception {
            byte[] bytes = client.readInputRegisters(UNIT, new ReadInputRegistersRequest(address, count)).registers();
            int[] words = new int[bytes.length / 2];
            for (int i = 0; i < words.length; i++) {
                words[i] = (bytes[2 * i] & 0xFF) << 8 | bytes[2 * i + 1] & 0xFF;
            }
            return words;
        }

        @Override
        public void close() {
            try {
                client.disconnect();
            } catch (Exception e) {
                // Closed as far as possible.
            }
        }
    }
}
