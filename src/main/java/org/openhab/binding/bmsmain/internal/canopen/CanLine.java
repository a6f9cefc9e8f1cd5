/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.NumberParameter;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusMember;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry.Membership;
import org.openhab.binding.bmsmain.internal.bus.SessionFactory;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.PortNames;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.internal.transport.SerialTransport;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.internal.transport.TraceTap;
import org.openhab.binding.bmsmain.internal.transport.TraceTransport;

/**
 * A CAN bus that boards can be added to.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class CanLine {

    /** Bit rates of the board in kbit/s (protocol, section 4). */
    public static final List<Integer> BIT_RATES = List.of(125, 250, 500, 1000);
    public static final int DEFAULT_BIT_RATE = 250;

    /**
     * Baud rates of the serial port for adapters with a UART, most common first. Native USB adapters, the majority,
     * ignore the baud rate.
     */
    public static final List<Integer> SERIAL_BAUD_RATES = List.of(115_200, 57_600, 1_000_000, 2_000_000, 921_600,
            500_000, 460_800, 230_400, 38_400, 19_200, 9600);
    public static final int DEFAULT_SERIAL_BAUD_RATE = 115_200;
    /** Range of the serial baud rate, as supported by drivers. */
    public static final NumberParameter SERIAL_BAUD_RATE = new NumberParameter("serialBaudRate", "", 1200, 4_000_000,
            DEFAULT_SERIAL_BAUD_RATE);

    /** Time in nanoseconds that an adapter may need to start, if opening its port resets it. */
    public static final long STARTING_NANOS = 3_500_000_000L;

    /** Poll interval for bytes, in nanoseconds: short enough for any port's buffer, but little load. */
    private static final long POLL_NANOS = 3_000_000;
    private static final int KILO = 1000;

    private final String name;
    private final Object settings;
    private final SessionFactory<CanSession> factory;

    private record Slcan(int serialBaudRate, int kiloBits, boolean listenOnly) {
    }

    private record SocketCan(String networkInterface, boolean listenOnly) {
    }

    private CanLine(String name, Object settings, SessionFactory<CanSession> factory) {
        this.name = name;
        this.settings = settings;
        this.factory = factory;
    }

    /** A bus on an slcan adapter with the default serial baud rate. */
    public static CanLine slcan(String port, int kiloBits, boolean listenOnly, Ticker ticker) {
        return slcan(port, DEFAULT_SERIAL_BAUD_RATE, kiloBits, listenOnly, ticker);
    }

    /**
     * A bus on an slcan adapter.
     *
     * @param port serial port of the adapter
     * @param serialBaudRate baud rate of the serial port, 1200 to 4000000
     * @param kiloBits bit rate of the bus in kbit/s
     * @param listenOnly whether nothing may be sent
     */
    public static CanLine slcan(String port, int serialBaudRate, int kiloBits, boolean listenOnly, Ticker ticker) {
        return slcan(port, serialBaudRate, kiloBits, listenOnly, serialPort(port, serialBaudRate, ticker), ticker);
    }

    /** A bus on an slcan adapter with a given transport in place of the serial port. */
    public static CanLine slcan(String port, int kiloBits, boolean listenOnly, ByteTransport carrier, Ticker ticker) {
        return slcan(port, DEFAULT_SERIAL_BAUD_RATE, kiloBits, listenOnly, carrier, ticker);
    }

    private static ByteTransport serialPort(String port, int baudRate, Ticker ticker) {
        return new SerialTransport(new SerialSettings(port, baudRate, Parity.NONE, 1), ticker, POLL_NANOS);
    }

    /**
     * An slcan adapter in listen-only mode, not yet open.
     *
     * @param port serial port of the adapter
     * @param serialBaudRate baud rate of the serial port
     * @param kiloBits bit rate of the bus in kbit/s
     */
    public static CanAdapter slcanListener(String port, int serialBaudRate, int kiloBits, Ticker ticker) {
        return new SlcanAdapter(serialPort(port, serialBaudRate, ticker), ticker, kiloBits, true);
    }

    private static CanLine slcan(String port, int serialBaudRate, int kiloBits, boolean listenOnly,
            ByteTransport carrier, Ticker ticker) {
        TraceTap tap = new TraceTap(ticker);
        TraceTransport transport = new TraceTransport(carrier, tap);
        return new CanLine(port, new Slcan(serialBaudRate, kiloBits, listenOnly), new SessionFactory<>() {
            @Override
            public CanSession open() throws LinkException {
                CanAdapter adapter = new SlcanAdapter(transport, ticker, kiloBits, listenOnly);
                adapter.open();
                return new CanSession(adapter, listenOnly, kiloBits * KILO, ticker);
            }

            @Override
            public String device(String name) {
                return PortNames.real(name);
            }

            @Override
            public @Nullable TraceTap tap() {
                return tap;
            }
        });
    }

    /**
     * A CAN interface of Linux.
     *
     * @param networkInterface interface name, such as can0
     * @param listenOnly whether nothing may be sent
     */
    public static CanLine socketCan(String networkInterface, boolean listenOnly, Ticker ticker) {
        return socketCan(networkInterface, listenOnly, () -> socketCanAdapter(networkInterface, listenOnly, ticker),
                ticker);
    }

    /** Creates the adapter of a bus. */
    interface AdapterFactory {
        CanAdapter make() throws LinkException;
    }

    /** A CAN interface with a given adapter factory. */
    static CanLine socketCan(String networkInterface, boolean listenOnly, AdapterFactory adapters, Ticker ticker) {
        return new CanLine(networkInterface, new SocketCan(networkInterface, listenOnly), () -> {
            CanAdapter adapter = adapters.make();
            adapter.open();
            return new CanSession(adapter, listenOnly, 0, ticker);
        });
    }

    /**
     * An adapter for a CAN interface of Linux, not yet open.
     *
     * @throws LinkException when this system does not support CAN interfaces
     */
    public static CanAdapter socketCanAdapter(String networkInterface, boolean listenOnly, Ticker ticker)
            throws LinkException {
        try {
            return new SocketCanAdapter(networkInterface, listenOnly, ticker);
        } catch (LinkageError e) {
            // The bundle imports JNA as an optional package.
            throw LinkException.lost(FailureCause.NO_CAN, "JNA");
        }
    }

    /** Tap for the bytes of the adapter; null if the adapter has none. */
    public @Nullable TraceTap tap() {
        return factory.tap();
    }

    /** The port or interface, as shown to users. */
    public String name() {
        return name;
    }

    /**
     * Adds a board to the bus.
     *
     * @throws BusConflictException when the adapter is in use with other settings
     */
    public Membership join(BusRegistry registry, CanBoard board) throws BusConflictException {
        Membership membership = registry.join(name, settings, factory, board);
        return new Membership() {
            @Override
            public void leave() {
                board.leave();
                membership.leave();
            }

            @Override
            public void wake() {
                membership.wake();
            }
        };
    }

    /**
     * Adds a member without a board to the bus.
     *
     * @throws BusConflictException when the adapter is in use with other settings
     */
    public Membership visit(BusRegistry registry, BusMember<CanSession> visitor) throws BusConflictException {
        return registry.join(name, settings, factory, visitor);
    }

    /** Opens the bus without a registry, for tools that use it exclusively. */
    public CanSession open() throws LinkException {
        return factory.open();
    }
}
