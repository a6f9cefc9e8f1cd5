/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import java.time.Duration;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusMember;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.bus.SessionFactory;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.PortNames;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialTransport;
import org.openhab.binding.bmsmain.internal.transport.SocketTransport;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.internal.transport.TraceTap;
import org.openhab.binding.bmsmain.internal.transport.TraceTransport;

/**
 * A Modbus line or connection that boards can join.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class ModbusLine {

    /** How frames travel over a TCP connection. */
    public enum TcpMode {
        /** Modbus TCP. */
        TCP,
        /** RTU frames, passed on by a gateway. */
        RTU
    }

    /** Baud rate above which the standard fixes the silence between frames. */
    private static final int FIXED_SILENCE_ABOVE = 19200;
    private static final long FIXED_SILENCE_NANOS = 1_750_000;
    /** The standard counts eleven bits per character for the silence, whatever the parity. */
    private static final double SILENCE_BITS = 3.5 * 11;
    private static final long POLL_NANOS = 300_000;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private final String name;
    private final Object settings;
    private final boolean network;
    private final TraceTap tap;
    private final SessionFactory<ModbusClient> factory;

    private record Endpoint(String host, int port, TcpMode mode) {
    }

    private interface Connector {
        ModbusClient connect(ByteTransport transport);
    }

    private ModbusLine(String name, Object settings, boolean network, ByteTransport carrier, LinkProfile profile,
            Connector connector, Ticker ticker) {
        this.name = name;
        this.settings = settings;
        this.network = network;
        this.tap = new TraceTap(ticker);
        TraceTransport transport = new TraceTransport(carrier, tap);
        this.factory = new SessionFactory<>() {
            @Override
            public ModbusClient open() throws LinkException {
                transport.open();
                return connected();
            }

            @Override
            public ModbusClient open(long until) throws LinkException {
                transport.open(until);
                return connected();
            }

            private ModbusClient connected() {
                profile.connected(ticker.nanos());
                return client();
            }

            private ModbusClient client() {
                ModbusClient client = connector.connect(transport);
                return network ? new ReconnectingClient(client, this::reconnect) : client;
            }

            private ModbusClient reconnect(long patienceNanos) throws LinkException {
                transport.open(ticker.nanos() + patienceNanos);
                profile.connected(ticker.nanos());
                return connector.connect(transport);
            }

            @Override
            public ModbusClient renew(ModbusClient session) {
                return client();
            }

            @Override
            public String device(String name) {
                return network ? name : PortNames.real(name);
            }

            @Override
            public @Nullable TraceTap tap() {
                return tap;
            }
        };
    }

    /** A serial line. */
    public static ModbusLine serial(SerialSettings settings, Ticker ticker) {
        return serial(settings, new SerialTransport(settings, ticker, POLL_NANOS), ticker);
    }

    /** A serial line over a given transport. */
    public static ModbusLine serial(SerialSettings settings, ByteTransport carrier, Ticker ticker) {
        long silence = silenceNanos(settings.baudRate());
        RtuGuard guard = new RtuGuard();
        LinkProfile profile = new LinkProfile();
        return new ModbusLine(settings.port(), settings.withoutPort(), false, carrier, profile,
                transport -> new RtuClient(transport, ticker, silence, guard, profile), ticker);
    }

    /** A TCP connection. */
    public static ModbusLine tcp(String host, int port, TcpMode mode, Ticker ticker) {
        return tcp(host, port, mode, CONNECT_TIMEOUT, ticker);
    }

    /** A TCP connection with a connect timeout. */
    public static ModbusLine tcp(String host, int port, TcpMode mode, Duration connectTimeout, Ticker ticker) {
        return tcp(host, port, mode, new SocketTransport(host, port, connectTimeout, ticker), ticker);
    }

    /** A TCP connection over a given transport. */
    public static ModbusLine tcp(String host, int port, TcpMode mode, ByteTransport carrier, Ticker ticker) {
        RtuGuard guard = new RtuGuard();
        LinkProfile profile = new LinkProfile();
        Connector connector = mode == TcpMode.TCP
                ? transport -> profile.header().ignoresTransactionIds()
                        ? RtuClient.withoutTransactionIds(transport, ticker, guard, profile)
                        : new TcpClient(transport, ticker, profile)
                : transport -> new RtuClient(transport, ticker, 0, guard, profile);
        return new ModbusLine(host + ":" + port, new Endpoint(host, port, mode), true, carrier, profile, connector,
                ticker);
    }

    /** The silence that separates RTU frames: 3.5 characters, or 1.75 ms above 19200 baud. */
    static long silenceNanos(int baudRate) {
        return baudRate > FIXED_SILENCE_ABOVE ? FIXED_SILENCE_NANOS : (long) (SILENCE_BITS * 1e9 / baudRate);
    }

    /** Whether the line is a network connection, where only the number of requests counts. */
    public boolean isNetwork() {
        return network;
    }

    /** The port or endpoint, as shown to users. */
    public String name() {
        return name;
    }

    /**
     * Adds a board to the line.
     *
     * @throws BusConflictException when the port is in use with other settings
     */
    public BusRegistry.Membership join(BusRegistry registry, BusMember<ModbusClient> board)
            throws BusConflictException {
        return registry.join(name, settings, factory, board);
    }

    /** The tap that records the traffic of the line. */
    public TraceTap tap() {
        return tap;
    }

    /** Opens the line without a registry, for tools that use it alone. */
    public ModbusClient open() throws LinkException {
        return factory.open();
    }
}
