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
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.cli.SoakTwin.Kind;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.EnergyMeter;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry.Membership;
import org.openhab.binding.bmsmain.internal.canopen.CanBoard;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSettings;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.twin.TwinBoard;

/**
 * One connection of the soak test: simulated boards, and the binding's core that reads one.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SoakWire implements BoardListener, AutoCloseable {

    private static final Duration REFRESH = Duration.ofMillis(200);
    private static final Duration SLOW_REFRESH = Duration.ofSeconds(2);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofMillis(300);
    private static final Duration LIFETIME = Duration.ofSeconds(3);
    /** Maximum age of a value at its time stamp: a poll interval, and delays of this machine. */
    private static final Duration WINDOW = Duration.ofMillis(1_500);

    private final SoakTwin twin;
    private final EnergyMeter meter = new EnergyMeter();
    private final Membership membership;

    private long reports;
    private long outages;
    private boolean online;
    private @Nullable BoardSnapshot last;

    SoakWire(Kind kind, BusRegistry registry, Random random) {
        twin = new SoakTwin(kind, 1, random);
        try {
            membership = join(registry);
        } catch (BusConflictException e) {
            throw new IllegalStateException(e);
        }
    }

    private Membership join(BusRegistry registry) throws BusConflictException {
        Ticker ticker = Ticker.system();
        BoardSetup setup = BoardSetup.standard(LIFETIME, LIFETIME).with(Double.NaN,
                new Counting(meter, ZoneId::systemDefault));
        if (twin.kind() == Kind.SLCAN) {
            CanSettings settings = new CanSettings(TwinBoard.DEFAULT_ADDRESS, Duration.ZERO, false);
            return CanLine.slcan(twin.device(), SoakTwin.KILO_BITS, false, ticker).join(registry,
                    new CanBoard(settings, setup, this, ticker));
        }
        ModbusLine line = switch (twin.kind()) {
            case RTU -> ModbusLine.serial(new SerialSettings(twin.device(), SoakTwin.BAUD, Parity.NONE, 1), ticker);
            case RTU_OVER_TCP -> ModbusLine.tcp("127.0.0.1", twin.port(), TcpMode.RTU, ticker);
            default -> ModbusLine.tcp("127.0.0.1", twin.port(), TcpMode.TCP, ticker);
        };
        ModbusSettings settings = new ModbusSettings(TwinBoard.DEFAULT_ADDRESS, REFRESH, SLOW_REFRESH, RESPONSE_TIMEOUT,
                WordOrder.LITTLE);
        return line.join(registry, new ModbusBoard(settings, setup, line.isNetwork(), this, ticker));
    }

    SoakTwin twin() {
        return twin;
    }

    /** Whether the last report showed the board online. */
    synchronized boolean isOnline() {
        return online;
    }

    @Override
    public synchronized void report(BoardReport report) {
        reports++;
        BoardSnapshot snapshot = report.snapshot();
        last = snapshot;
        if (online && !report.isOnline()) {
            outages++;
        }
        online = report.isOnline();
        SoakTwin.NUMBERS.forEach(point -> compare(snapshot, point));
        SoakTwin.FLAGS.forEach(point -> compare(snapshot, point));
    }

    private void compare(BoardSnapshot snapshot, Point point) {
        Instant time = snapshot.time(point);
        if (time != null) {
            twin.compare(point, snapshot.number(point), time.minus(WINDOW), time);
        }
    }

    /** Charge counted in both directions, as a share of the charge that flowed while the current was known. */
    double counted() {
        return (meter.chargeIn() + meter.chargeOut()) / (twin.flowedPerSecond() * meter.record().measuredNanos() / 1e9);
    }

    static String head() {
        return String.format(Locale.ROOT, "%-12s %9s %9s %7s %7s %8s %9s %7s %8s", "wire", "compared", "reports",
                "wrong", "faults", "outages", "requests", "failed", "counted");
    }

    @Override
    public synchronized String toString() {
        BoardSnapshot snapshot = last;
        double requests = snapshot == null ? 0 : snapshot.number(Catalogue.REQUESTS);
        double failed = snapshot == null ? 0 : snapshot.number(Catalogue.FAILED_REQUESTS);
        return String.format(Locale.ROOT, "%-12s %9d %9d %7d %7d %8d %9.0f %7.0f %8.4f", twin.kind(), twin.compared(),
                reports, twin.wrong(), twin.faults(), outages, requests, failed, counted());
    }

    @Override
    public void close() {
        membership.leave();
        twin.close();
    }
}
