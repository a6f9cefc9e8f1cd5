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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.modbus.FrameScan;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.PortHolders;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Searches for boards on a serial line or behind a TCP endpoint. Only reads, and listens before it sends: where
 * another master is active, nothing is sent.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class ModbusScan {

    /** Default maximum time until the first byte of a response. */
    public static final Duration STANDARD_TIMEOUT = Duration.ofMillis(100);

    private static final long MILLI = 1_000_000;
    private static final long LISTEN_NANOS = 400 * MILLI;
    private static final long FIRST_LISTEN_NANOS = 1_500 * MILLI;
    private static final long LATE_NANOS = 150 * MILLI;
    private static final int NOBODY = 0;
    /** Time around each request: gaps between frames, and the silence required after a failure. */
    private static final long OVERHEAD_NANOS = 40 * MILLI;
    private static final int REQUEST_AND_ANSWER_BYTES = 19;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    /** More bytes than noise produces: devices communicate at another rate. */
    private static final int TRAFFIC_BYTES = 8;
    private static final Duration SHORTEST_IDENTIFY_TIMEOUT = Duration.ofMillis(500);

    private final ModbusLineFactory wires;
    private final Ticker ticker;
    private final Duration timeout;
    /** Timeout for the identification of a device that responded; at least as long as the timeout of a Thing. */
    private final Duration identifyTimeout;
    private final Progress progress;

    private final List<ScanResult> found = new ArrayList<>();
    private final Set<Integer> heardAddresses = new TreeSet<>();
    private final Set<Integer> listenedTo = new HashSet<>();
    private final Set<Integer> busyRates = new HashSet<>();
    private @Nullable Failure failure;
    private int done;
    private int total;
    private long nanosLeft;

    /**
     * A device that responded.
     *
     * @param parameters how to reach it by Modbus
     * @param isBoard whether its values are those of a BMS Main
     * @param wordOrder order of the words of its values, or null when unknown
     * @param firmware version of its firmware; empty when unknown
     */
    public record ScanResult(ModbusConnectionParameters parameters, boolean isBoard, @Nullable WordOrder wordOrder,
            String firmware) {
    }

    /** Addresses to try at one setting of the line. */
    private record Round(SerialSettings settings, List<Integer> addresses) {
    }

    /**
     * @param timeout maximum time until the first byte of a response
     */
    public ModbusScan(ModbusLineFactory wires, Ticker ticker, Duration timeout, Progress progress) {
        this.wires = wires;
        this.ticker = ticker;
        this.timeout = timeout;
        this.identifyTimeout = timeout.compareTo(SHORTEST_IDENTIFY_TIMEOUT) > 0 ? timeout : SHORTEST_IDENTIFY_TIMEOUT;
        this.progress = progress;
    }

    /** The devices found so far. */
    public List<ScanResult> found() {
        return List.copyOf(found);
    }

    /** Why the port or connection could not be opened, or null. */
    public @Nullable Failure failure() {
        return failure;
    }

    /** Addresses that another master communicates with. If there are any, nothing was sent. */
    public Set<Integer> heardAddresses() {
        return Set.copyOf(heardAddresses);
    }

    /** Searches for a board at address 32, the factory default, at all baud rates; takes some seconds. */
    public void serialAtStandardAddress(String port) {
        run(port,
                SerialCandidates.BAUD_RATES.stream()
                        .map(rate -> new Round(settings(port, rate), List.of(ModbusSettings.DEFAULT_ADDRESS))).toList(),
                false);
    }

    /**
     * Searches for boards at all baud rates and addresses, the likely ones first.
     *
     * @param everyAddress whether to continue after a board was found, to find others at the same rate
     */
    public void serial(String port, boolean everyAddress) {
        List<Integer> others = new ArrayList<>();
        for (int address = 1; address <= ModbusSettings.MAX_ADDRESS; address++) {
            if (address != ModbusSettings.DEFAULT_ADDRESS) {
                others.add(address);
            }
        }
        List<Round> rounds = new ArrayList<>();
        SerialCandidates.BAUD_RATES
                .forEach(rate -> rounds.add(new Round(settings(port, rate), List.of(ModbusSettings.DEFAULT_ADDRESS))));
        SerialCandidates.BAUD_RATES.forEach(rate -> rounds.add(new Round(settings(port, rate), others)));
        run(port, rounds, everyAddress);
    }

    private static SerialSettings settings(String port, int rate) {
        return new SerialSettings(port, rate, Parity.NONE, 1);
    }

    private void run(String port, List<Round> rounds, boolean everyAddress) {
        String holder = new PortHolders().of(port);
        if (holder != null) {
            // Requests could disturb the program that holds the port.
            failure = new Failure(FailureCause.PORT_HELD, holder);
            return;
        }
        for (Round round : rounds) {
            total += round.addresses.size();
            nanosLeft += round.addresses.size() * nanosOf(round.settings);
        }
        int rateFound = 0;
        for (Round round : rounds) {
            int rate = round.settings.baudRate();
            boolean wanted = rateFound == 0 || everyAddress && rate == rateFound;
            if (!wanted || progress.isCancelled() || busyRates.contains(rate)) {
                skip(round, round.addresses.size());
                continue;
            }
            if (!ask(round, everyAddress)) {
                return;
            }
            if (hasBoard() && rateFound == 0) {
                rateFound = rate;
            }
        }
    }

    /** Other devices on the line, such as meters, do not end the search. */
    private boolean hasBoard() {
        return found.stream().anyMatch(ScanResult::isBoard);
    }

    private long nanosOf(SerialSettings settings) {
        return settings.characterNanos() * REQUEST_AND_ANSWER_BYTES + timeout.toNanos() + OVERHEAD_NANOS;
    }

    private void skip(Round round, int count) {
        done += count;
        nanosLeft -= count * nanosOf(round.settings);
    }

    /** @return whether to continue with other settings */
    private boolean ask(Round round, boolean everyAddress) {
        try (ModbusProbe line = ModbusProbe.exclusive(wires.serial(round.settings), ticker)) {
            failure = line.open();
            if (failure != null) {
                return false;
            }
            if (!isFree(line, round)) {
                skip(round, round.addresses.size());
                return heardAddresses.isEmpty();
            }
            IntFunction<ModbusConnectionParameters> at = address -> ModbusConnectionParameters.serial(round.settings,
                    address, null, identifyTimeout);
            for (int address : round.addresses) {
                progress.at(done, total, round.settings.baudRate() + " Bd, address " + address,
                        nanosLeft / NANOS_PER_SECOND);
                if (progress.isCancelled()) {
                    return false;
                }
                ask(line, address, at);
                skip(round, 1);
                if (hasBoard() && !everyAddress) {
                    return false;
                }
            }
            // The last response may still arrive. At the next rate it would look like traffic of other devices.
            askAgain(line, line.listen(LATE_NANOS), NOBODY, at);
        }
        return true;
    }

    /** Listens before sending. @return whether nothing is active at this rate */
    private boolean isFree(ModbusProbe line, Round round) {
        int rate = round.settings.baudRate();
        if (!listenedTo.add(rate)) {
            return true;
        }
        progress.at(done, total, rate + " Bd, listening", nanosLeft / NANOS_PER_SECOND);
        FrameScan heard = line.listen(listenedTo.size() == 1 ? FIRST_LISTEN_NANOS : LISTEN_NANOS);
        heardAddresses.addAll(heard.requests());
        heardAddresses.addAll(heard.answers());
        if (heard.bytes() >= TRAFFIC_BYTES) {
            busyRates.add(rate);
        }
        return heardAddresses.isEmpty() && !busyRates.contains(rate);
    }

    private void ask(ModbusProbe line, int address, IntFunction<ModbusConnectionParameters> at) {
        ModbusProbe.Reply reply = ask(line, at.apply(address), timeout);
        askAgain(line, reply.heard(), address, at);
    }

    /** Sends another request, with a longer timeout, to addresses whose response arrived too late. */
    private void askAgain(ModbusProbe line, FrameScan heard, int asked, IntFunction<ModbusConnectionParameters> at) {
        for (int late : new TreeSet<>(heard.answers())) {
            if (late != asked && found.stream().noneMatch(device -> device.parameters().address() == late)) {
                ask(line, at.apply(late), identifyTimeout);
            }
        }
    }

    private ModbusProbe.Reply ask(ModbusProbe line, ModbusConnectionParameters parameters, Duration patience) {
        ModbusProbe.Reply reply = line.askBoard(parameters.address(), patience.toNanos());
        if (reply.isUnderstood() && !reply.isOfGateway()) {
            DeviceIdentification identity = DeviceIdentification.read(line, parameters, ticker);
            found.add(new ScanResult(parameters, identity.isBoard(), identity.wordOrder(), identity.firmware()));
        }
        return reply;
    }

    /**
     * Searches for boards behind a TCP endpoint, in both framings.
     *
     * @param addresses unit addresses to try
     */
    public void tcp(String host, int port, List<Integer> addresses, Duration connectTimeout) {
        for (TcpMode mode : TcpMode.values()) {
            try (ModbusProbe line = ModbusProbe.exclusive(wires.tcp(host, port, mode, connectTimeout), ticker)) {
                failure = line.open();
                if (failure != null || progress.isCancelled()) {
                    return;
                }
                for (int address : addresses) {
                    ask(line, address,
                            each -> ModbusConnectionParameters.tcp(host, port, mode, each, null, identifyTimeout));
                    if (hasBoard()) {
                        // Most servers respond to any address: the first is as good as the others.
                        return;
                    }
                }
            }
        }
    }
}
