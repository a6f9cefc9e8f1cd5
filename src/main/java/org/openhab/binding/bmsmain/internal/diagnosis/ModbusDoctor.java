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

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.diagnosis.Finding.Layer;
import org.openhab.binding.bmsmain.internal.diagnosis.Finding.Level;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusProbe.Reply;
import org.openhab.binding.bmsmain.internal.modbus.FrameScan;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusRequest;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.PortHolders;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Diagnoses a Modbus link layer by layer: it opens, traffic is received, the board responds, the values are plausible,
 * responses keep coming. Only reads. Blocks for some seconds, and for a minute where nothing responds.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class ModbusDoctor {

    private static final long MILLI = 1_000_000;
    private static final long LISTEN_NANOS = 1_500 * MILLI;
    private static final long SEARCH_NANOS = 150 * MILLI;
    private static final long PATIENT_NANOS = 4_000 * MILLI;
    private static final int ATTEMPTS = 3;
    /** Upper bound of attempts for a device that may need some seconds after a connect before it responds. */
    private static final int MOST_ATTEMPTS = 40;
    private static final int CLEAN_TURNS = 20;
    private static final int MOST_TURNS = 100;
    /** Share of the listening time above which unsolicited bytes count as babble instead of traffic. */
    private static final double BABBLE_SHARE = 0.6;
    private static final int PERCENT = 100;
    private static final int SIGNALS_REGISTER = 0x2000;
    /** A request for ten registers ends with a line feed (0x0A), which makes a line-based server reply. */
    private static final int LINE_FEED_REGISTERS = 10;
    /** On a line of 600 baud the longest read takes 4.5 s, and a gateway does not report that its line is slow. */
    private static final long READ_NANOS = 6_000 * MILLI;
    /** Addresses in common use, starting with the factory default. */
    private static final List<Integer> USUAL_ADDRESSES = List.of(32, 1, 2, 3, 4, 5, 10, 16, 31, 33, 34, 64, 100, 247);

    private final ModbusConnectionParameters parameters;
    private final @Nullable ModbusLineFactory wires;
    private final ModbusProbe line;
    private final Ticker ticker;
    private final int requests;
    private final Progress progress;
    private final DiagnosisReport report;
    private final ReadMeter reads;
    /** Reports of the board while its values are checked; later reports are dropped. */
    private final List<BoardReport> reports = new ArrayList<>();
    private final ModbusBoard board;
    private boolean measuring;
    private @Nullable FrameScan unasked;

    private ModbusDoctor(ModbusConnectionParameters parameters, @Nullable ModbusLineFactory wires, ModbusProbe line,
            Ticker ticker, int requests, Progress progress) {
        this.parameters = parameters;
        this.wires = wires;
        this.line = line;
        this.ticker = ticker;
        this.requests = requests;
        this.progress = progress;
        this.report = new DiagnosisReport(parameters.place(), parameters.address(), progress);
        this.reads = meter();
        this.board = DeviceIdentification.board(parameters, report -> {
            if (!measuring) {
                reports.add(report);
            }
        }, ticker);
    }

    private ReadMeter meter() {
        SerialSettings serial = parameters.serial();
        // On a shared bus long waits would let the values of the other boards expire.
        return new ReadMeter(line, serial == null ? 0 : serial.characterNanos(), parameters.responseTimeout().toNanos(),
                wires == null ? PATIENT_NANOS : READ_NANOS);
    }

    /**
     * Examines a link that no other program on this machine uses.
     *
     * @param requests number of requests that test whether responses keep coming
     */
    public static Diagnosis examine(ModbusConnectionParameters parameters, ModbusLineFactory wires, Ticker ticker,
            int requests, Progress progress) {
        try (ModbusProbe line = ModbusProbe.exclusive(parameters.line(wires), ticker)) {
            return new ModbusDoctor(parameters, wires, line, ticker, requests, progress).examine();
        }
    }

    /**
     * Examines the link of a Thing through the bus of the Thing, whose boards are still polled. Must not be called by
     * the bus thread.
     *
     * @param shared the line of the Thing
     * @param requests number of requests that test whether responses keep coming
     * @throws BusConflictException when the line is in use with other settings
     */
    public static Diagnosis examine(ModbusConnectionParameters parameters, ModbusLine shared, BusRegistry registry,
            Ticker ticker, int requests, Progress progress) throws BusConflictException {
        try (ModbusProbe line = ModbusProbe.shared(shared, registry, ticker)) {
            return new ModbusDoctor(parameters, null, line, ticker, requests, progress).examine();
        }
    }

    private boolean isSerial() {
        return parameters.serial() != null;
    }

    private Diagnosis examine() {
        String holder = isSerial() ? new PortHolders().of(parameters.place()) : null;
        if (holder != null) {
            report.find(Layer.OPEN, Level.BAD, "port-held", parameters.place(), holder);
            if (wires != null) {
                // Nothing is sent: the other program may be communicating with the board.
                return report.conclude(Cause.PORT_BUSY, holder);
            }
        }
        Failure failure = line.open();
        if (failure != null) {
            return notOpened(failure);
        }
        report.find(Layer.OPEN, Level.GOOD, "open", parameters.place());
        if (wires != null && isSerial()) {
            listen();
        }
        Diagnosis wrong = ask();
        if (wrong == null) {
            wrong = values();
        } else if (holder != null) {
            return report.conclude(Cause.PORT_BUSY, holder);
        }
        if (wrong == null && reads.late() > 0) {
            return tooSlow(reads);
        }
        return wrong == null ? load() : wrong;
    }

    // ---- layer: open ----

    private Diagnosis notOpened(Failure failure) {
        report.find(Layer.OPEN, Level.BAD, "not-open", parameters.place());
        return report.conclude(switch (failure.cause()) {
            case PORT_BUSY, PORT_HELD -> Cause.PORT_BUSY;
            case NO_PERMISSION -> Cause.NO_PERMISSION;
            case NO_SERIAL -> Cause.NO_SERIAL;
            case HOST_UNKNOWN -> Cause.HOST_UNKNOWN;
            case REFUSED -> Cause.REFUSED;
            case TIMED_OUT -> Cause.UNREACHABLE;
            case CONNECTION_LOST -> isSerial() ? Cause.PORT_MISSING : Cause.CONNECTION_CLOSED;
            default -> isSerial() ? Cause.PORT_MISSING : Cause.SILENT_CONNECTION;
        }, failure.detail().isEmpty() ? "-" : failure.detail());
    }

    // ---- layer: listen ----

    private void listen() {
        FrameScan heard = line.listen(LISTEN_NANOS);
        unasked = heard;
        if (heard.bytes() == 0) {
            report.find(Layer.LISTEN, Level.GOOD, "quiet");
        } else if (!heard.requests().isEmpty()) {
            report.find(Layer.LISTEN, Level.BAD, "other-master", words(heard.requests()));
        } else if (!heard.answers().isEmpty()) {
            report.find(Layer.LISTEN, Level.BAD, "other-master", words(heard.answers()));
        } else if (heard.isOneLevel()) {
            report.find(Layer.LISTEN, Level.BAD, "one-level", heard.bytes());
        } else {
            report.find(Layer.LISTEN, Level.BAD, isBabble(heard) ? "babble" : "unreadable", heard.bytes());
        }
    }

    private static String words(Iterable<Integer> addresses) {
        List<String> words = new ArrayList<>();
        addresses.forEach(address -> {
            String word = Integer.toString(address);
            if (!words.contains(word)) {
                words.add(word);
            }
        });
        return String.join(" ", words);
    }

    private boolean isBabble(FrameScan heard) {
        SerialSettings serial = parameters.serial();
        return serial != null && heard.garbage() * serial.characterNanos() > LISTEN_NANOS * BABBLE_SHARE;
    }

    private boolean heardOtherMaster() {
        FrameScan heard = unasked;
        return heard != null && (!heard.requests().isEmpty() || !heard.answers().isEmpty());
    }

    // ---- layer: answer ----

    /** @return the cause when the board does not respond; null when it does */
    private @Nullable Diagnosis ask() {
        List<Reply> replies = new ArrayList<>();
        long timeout = parameters.responseTimeout().toNanos();
        boolean mayComeYet = false;
        for (int attempt = 1; attempt <= ATTEMPTS || mayComeYet && attempt <= MOST_ATTEMPTS; attempt++) {
            // The last attempt waits longer, to tell a late response from none.
            long wait = attempt == ATTEMPTS ? Math.max(PATIENT_NANOS, 4 * timeout) : timeout;
            Reply reply = line.askBoard(parameters.address(), wait);
            if (reply.isUnderstood()) {
                return understood(reply, attempt == ATTEMPTS && reply.nanos() > timeout);
            }
            replies.add(reply);
            mayComeYet = reply.failedWith(FailureCause.NO_ANSWER_YET);
            if (reply.failedWith(FailureCause.CONNECTION_LOST)) {
                Failure failure = line.open();
                if (failure != null) {
                    return notOpened(failure);
                }
            }
        }
        return noAnswer(replies);
    }

    private @Nullable Diagnosis understood(Reply reply, boolean late) {
        String millis = String.format(Locale.ROOT, "%.0f", reply.nanos() / (double) MILLI);
        if (late) {
            // The duration of the longest reads is measured with the values.
            report.find(Layer.ANSWER, Level.BAD, "late", parameters.address(), millis);
            reads.answered(ModbusProbe.battery(parameters.address()), reply.nanos());
            return null;
        }
        if (reply.isOfGateway()) {
            report.find(Layer.ANSWER, Level.BAD, "refused", parameters.address(), reply.exception());
            return report.conclude(Cause.GATEWAY, reply.exception());
        }
        if (reply.exception() != 0) {
            report.find(Layer.ANSWER, Level.STRANGE, "refused", parameters.address(), reply.exception());
        } else {
            report.find(Layer.ANSWER, Level.GOOD, "answers", parameters.address(), millis);
        }
        if (reply.heard().echoes() > 0) {
            report.find(Layer.ANSWER, Level.STRANGE, "echo");
        }
        return null;
    }

    /** No valid response: classifies the received bytes, and searches for settings that work. */
    private Diagnosis noAnswer(List<Reply> replies) {
        boolean echo = replies.stream().anyMatch(reply -> reply.heard().echoes() > 0);
        boolean oneLevel = replies.stream().anyMatch(reply -> reply.heard().isOneLevel());
        boolean closed = replies.stream().allMatch(reply -> reply.failedWith(FailureCause.CONNECTION_LOST));
        int garbage = replies.stream().mapToInt(reply -> reply.heard().garbage()).max().orElse(0);
        for (Reply reply : replies) {
            Integer other = otherAddress(reply);
            if (other != null) {
                report.find(Layer.ANSWER, Level.BAD, "other-address", parameters.address(), other);
                return report.conclude(Cause.WRONG_ADDRESS, other);
            }
        }
        if (replies.stream().anyMatch(reply -> reply.failedWith(FailureCause.TELNET))) {
            return telnet();
        }
        boolean mixed = replies.stream().anyMatch(reply -> reply.failedWith(FailureCause.WRONG_FRAMING));
        report.find(Layer.ANSWER, Level.BAD,
                mixed ? "rtu-frames" : closed ? "closed" : garbage > 0 ? "garbage" : echo ? "only-echo" : "silent",
                parameters.address(), garbage);
        String service = isSerial() ? "" : service(line, parameters.mode(), replies);
        if (!service.isEmpty()) {
            return report.conclude(Cause.OTHER_SERVICE, service);
        }
        String alteration = isSerial() ? "" : first(replies, FrameScan::alteration);
        if (!alteration.isEmpty()) {
            return report.conclude(Cause.ALTERED, alteration);
        }
        Diagnosis found = isSerial() ? searchSerial() : searchNetwork();
        if (found != null) {
            return found;
        }
        report.find(Layer.SEARCH, Level.BAD, "nothing");
        if (mixed) {
            return report.conclude(Cause.MIXED_FRAMING);
        }
        if (!isSerial() && garbage > 0 && parameters.mode() == TcpMode.TCP) {
            // A gateway sends complete frames, whatever happens on the line behind it.
            return report.conclude(Cause.OTHER_SERVICE, first(replies, FrameScan::begin));
        }
        if (!isSerial()) {
            return report.conclude(
                    closed ? Cause.CONNECTION_CLOSED : garbage > 0 ? Cause.NETWORK_GARBAGE : Cause.SILENT_CONNECTION);
        }
        FrameScan before = unasked;
        if (oneLevel || before != null && before.isOneLevel()) {
            return report.conclude(Cause.WIRES_SWAPPED);
        }
        if (heardOtherMaster()) {
            return report.conclude(Cause.SECOND_MASTER, before == null ? "-" : words(before.requests()));
        }
        if (before != null && isBabble(before)) {
            return report.conclude(Cause.BABBLE);
        }
        return report.conclude(garbage > 0 ? Cause.GARBAGE : echo ? Cause.ONLY_ECHO : Cause.SILENT);
    }

    private Diagnosis telnet() {
        report.find(Layer.ANSWER, Level.BAD, "telnet");
        return report.conclude(Cause.TELNET);
    }

    /** Name of a service other than Modbus behind a TCP port; empty when unknown. */
    private String service(ModbusProbe where, TcpMode mode, List<Reply> replies) {
        String name = first(replies, FrameScan::service);
        boolean silent = replies.stream().allMatch(
                reply -> reply.failedWith(FailureCause.NO_ANSWER) || reply.failedWith(FailureCause.NO_ANSWER_YET));
        if (!name.isEmpty() || !silent || mode != TcpMode.TCP) {
            return name;
        }
        return where.ask(ModbusRequest.read(parameters.address(), ModbusRequest.READ_INPUT, SIGNALS_REGISTER,
                LINE_FEED_REGISTERS), parameters.responseTimeout().toNanos()).heard().service();
    }

    private static String first(List<Reply> replies, Function<FrameScan, String> what) {
        for (Reply reply : replies) {
            String text = what.apply(reply.heard());
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    private @Nullable Integer otherAddress(Reply reply) {
        Failure failure = reply.failure();
        if (failure != null && failure.cause() == FailureCause.WRONG_UNIT && !heardOtherMaster()) {
            return Integer.valueOf(failure.detail());
        }
        return null;
    }

    // ---- layer: search ----

    private @Nullable Diagnosis searchSerial() {
        SerialSettings serial = parameters.serial();
        if (wires == null || serial == null || heardOtherMaster()) {
            return searchAddress(USUAL_ADDRESSES);
        }
        line.close();
        for (SerialSettings other : SerialCandidates.others(serial)) {
            progress.at(0, 0, other.baudRate() + " " + other.parity().name().toLowerCase(Locale.ROOT), 0);
            if (progress.isCancelled()) {
                return null;
            }
            if (answersAt(other)) {
                if (other.baudRate() != serial.baudRate()) {
                    report.find(Layer.SEARCH, Level.BAD, "baud-rate", other.baudRate());
                    return report.conclude(Cause.WRONG_BAUD_RATE, other.baudRate());
                }
                String parity = other.parity().name().toLowerCase(Locale.ROOT);
                report.find(Layer.SEARCH, Level.BAD, "parity", parity);
                return report.conclude(Cause.WRONG_PARITY, parity);
            }
        }
        List<Integer> all = new ArrayList<>(USUAL_ADDRESSES);
        for (int address = 1; address <= ModbusSettings.MAX_ADDRESS; address++) {
            if (!all.contains(address)) {
                all.add(address);
            }
        }
        return searchAddress(all);
    }

    private boolean answersAt(SerialSettings other) {
        ModbusLineFactory own = wires;
        if (own == null) {
            return false;
        }
        try (ModbusProbe candidate = ModbusProbe.exclusive(parameters.with(other).line(own), ticker)) {
            return candidate.open() == null
                    && candidate.askBoard(parameters.address(), 2 * SEARCH_NANOS).isUnderstood();
        }
    }

    private @Nullable Diagnosis searchAddress(List<Integer> addresses) {
        int done = 0;
        for (int address : addresses) {
            progress.at(++done, addresses.size(), Integer.toString(address), 0);
            if (progress.isCancelled()) {
                return null;
            }
            if (address != parameters.address()) {
                Reply reply = line.askBoard(address, SEARCH_NANOS);
                if (reply.isUnderstood() && !reply.isOfGateway()) {
                    report.find(Layer.SEARCH, Level.BAD, "address", address);
                    return report.conclude(Cause.WRONG_ADDRESS, address);
                }
            }
        }
        return null;
    }

    private @Nullable Diagnosis searchNetwork() {
        ModbusLineFactory own = wires;
        if (own != null) {
            TcpMode other = parameters.mode() == TcpMode.TCP ? TcpMode.RTU : TcpMode.TCP;
            line.close();
            try (ModbusProbe candidate = ModbusProbe.exclusive(parameters.with(other).line(own), ticker)) {
                Reply reply = candidate.open() != null ? null
                        : candidate.askBoard(parameters.address(), parameters.responseTimeout().toNanos());
                if (reply != null && reply.isUnderstood()) {
                    String framing = other.name().toLowerCase(Locale.ROOT);
                    report.find(Layer.SEARCH, Level.BAD, "framing", framing);
                    return report.conclude(Cause.WRONG_FRAMING, framing);
                }
                String service = reply == null ? "" : service(candidate, other, List.of(reply));
                if (!service.isEmpty()) {
                    return report.conclude(Cause.OTHER_SERVICE, service);
                }
            }
        }
        return searchAddress(USUAL_ADDRESSES);
    }

    // ---- layer: values ----

    private @Nullable Diagnosis values() {
        DeviceIdentification identity = DeviceIdentification.read(line, reads::serve, board, reports);
        if (reads.sawTelnet()) {
            // Any response with a byte 0xFF will be lost, even if none contained one so far.
            return telnet();
        }
        String alteration = reads.alteration();
        if (!isSerial() && !alteration.isEmpty()) {
            return report.conclude(Cause.ALTERED, alteration);
        }
        Failure failure = identity.failure();
        if (failure != null && failure.cause() == FailureCause.EXCEPTION) {
            report.find(Layer.VALUES, Level.BAD, "all-refused", failure.detail());
            return report.conclude(Cause.REFUSES, failure.detail());
        }
        if (failure != null && failure.cause() == FailureCause.FILLED) {
            report.find(Layer.VALUES, Level.BAD, "filled", failure.detail());
            return report.conclude(Cause.FILLED, failure.detail());
        }
        BoardSnapshot values = identity.snapshot();
        if (values == null) {
            // The load layer measures how often responses are missing.
            report.find(Layer.VALUES, Level.STRANGE, "incomplete");
            return null;
        }
        WordOrder order = identity.wordOrder();
        if (!identity.isBoard()) {
            report.find(Layer.VALUES, Level.BAD, "other-device", identity.rejected());
            return report.conclude(Cause.OTHER_DEVICE);
        }
        if (identity.isInitialising()) {
            report.find(Layer.VALUES, Level.STRANGE, "initialising");
        } else {
            report.find(Layer.VALUES, identity.rejected() == 0 ? Level.GOOD : Level.STRANGE, "sensible",
                    identity.rejected(), order == null ? "-" : order.id());
        }
        learnt(values, Catalogue.REQUEST_GAP, "request-gap");
        learnt(values, Catalogue.WAKE_UP, "wake-up");
        learnt(values, Catalogue.READ_LIMIT, "read-limit");
        learnt(values, Catalogue.CONNECT_WAIT, "connect-wait");
        learnt(values, Catalogue.MISSING_REGISTERS, "missing-registers");
        learnt(values, Catalogue.GATEWAY_HEADER, "gateway-header");
        WordOrder chosen = parameters.wordOrder();
        if (chosen != null && order != null && chosen != order) {
            report.find(Layer.VALUES, Level.BAD, "word-order", chosen.id(), order.id());
            return report.conclude(Cause.WRONG_WORD_ORDER, order.id());
        }
        return report.faults(values);
    }

    /** Reports a property of the device that was detected while its values were read. */
    private void learnt(BoardSnapshot values, Point property, String finding) {
        String text = values.text(property);
        if (text != null) {
            report.find(Layer.VALUES, Level.STRANGE, finding, text);
        }
    }

    // ---- layer: load ----

    private Diagnosis load() {
        ReadMeter meter = meter();
        measuring = true;
        settle();
        while (meter.asked() < requests && !progress.isCancelled()) {
            meter.serve(board);
            progress.at(Math.min(requests, meter.asked()), requests, "", meter.secondsFor(requests - meter.asked()));
        }
        int failed = meter.missing() + meter.damaged() + meter.late();
        String percent = String.format(Locale.ROOT, "%.1f", failed * (double) PERCENT / Math.max(1, meter.asked()));
        report.find(Layer.LOAD, failed == 0 ? Level.GOOD : Level.BAD, "load", meter.asked(), failed,
                meter.longestMillis() == 0 ? "-" : String.format(Locale.ROOT, "%.0f", meter.longestMillis()));
        if (heardOtherMaster() || meter.sawOtherMaster()) {
            report.find(Layer.LOAD, Level.BAD, "master");
            return report.conclude(Cause.SECOND_MASTER);
        }
        if (failed == 0) {
            return report.conclude(Cause.HEALTHY);
        }
        if (2 * meter.late() >= failed) {
            return tooSlow(meter);
        }
        boolean isDamaged = meter.damaged() >= meter.missing();
        if (isSerial()) {
            return report.conclude(isDamaged ? Cause.DISTURBED : Cause.LOSSES, percent);
        }
        String alteration = meter.alteration();
        if (isDamaged && !alteration.isEmpty()) {
            return report.conclude(Cause.ALTERED, alteration);
        }
        return report.conclude(2 * meter.closed() >= failed ? Cause.CLOSES
                : isDamaged ? Cause.NETWORK_DISTURBED : Cause.NETWORK_LOSSES, percent);
    }

    /**
     * Requests that failed while the values were read may be probes by which the binding detects what the device
     * supports. The measurement starts after the probing has ended.
     */
    private void settle() {
        int clean = reads.missing() + reads.damaged() == 0 ? CLEAN_TURNS : 0;
        for (int cycle = 0; cycle < MOST_TURNS && clean < CLEAN_TURNS && !progress.isCancelled(); cycle++) {
            clean = reads.serve(board) == null ? clean + 1 : 0;
        }
    }

    /** Responses arrive, but some of them after the timeout. */
    private Diagnosis tooSlow(ReadMeter meter) {
        report.find(Layer.LOAD, Level.BAD, "slow-reads", meter.late(),
                String.format(Locale.ROOT, "%.0f", meter.longestMillis()));
        return report.conclude(Cause.TOO_SLOW, meter.rightTimeout());
    }
}
