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

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.diagnosis.Finding.Layer;
import org.openhab.binding.bmsmain.internal.diagnosis.Finding.Level;
import org.openhab.binding.bmsmain.internal.link.BusConflictException;
import org.openhab.binding.bmsmain.internal.link.BusRegistry;
import org.openhab.binding.bmsmain.internal.link.Failure;
import org.openhab.binding.bmsmain.internal.link.FailureCause;
import org.openhab.binding.bmsmain.internal.link.PortHolders;
import org.openhab.binding.bmsmain.internal.link.SerialSettings;
import org.openhab.binding.bmsmain.internal.link.Ticker;
import org.openhab.binding.bmsmain.internal.modbus.FrameScan;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusRequest;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;

/**
 * Finds out what is wrong with a link, layer by layer: it opens, something is heard, the board answers, the values make
 * sense, the answers keep coming. Only reads. Blocks for some seconds, and for a minute where nothing answers.
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
    /** Bytes that come unasked within the time of listening and are more than traffic. */
    private static final double BABBLE_SHARE = 0.6;
    private static final int PERCENT = 100;
    private static final int SIGNALS_REGISTER = 0x2000;
    private static final int SHORTEST_LOAD_READ = 10;
    private static final int LOAD_READS = 4;
    /** Addresses that people choose, after the one of delivery. */
    private static final List<Integer> USUAL_ADDRESSES = List.of(32, 1, 2, 3, 4, 5, 10, 16, 31, 33, 34, 64, 100, 247);

    private final ModbusPatient patient;
    private final @Nullable ModbusWires wires;
    private final LineAccess line;
    private final Ticker ticker;
    private final int requests;
    private final Progress progress;
    private final CaseNotes notes;
    private @Nullable FrameScan unasked;

    private ModbusDoctor(ModbusPatient patient, @Nullable ModbusWires wires, LineAccess line, Ticker ticker,
            int requests, Progress progress) {
        this.patient = patient;
        this.wires = wires;
        this.line = line;
        this.ticker = ticker;
        this.requests = requests;
        this.progress = progress;
        this.notes = new CaseNotes(patient.place(), patient.address(), progress);
    }

    /**
     * Examines a link that nobody uses at the moment.
     *
     * @param requests how many requests show whether the answers keep coming
     */
    public static Diagnosis examine(ModbusPatient patient, ModbusWires wires, Ticker ticker, int requests,
            Progress progress) {
        try (LineAccess line = new OwnLine(patient.line(wires), ticker)) {
            return new ModbusDoctor(patient, wires, line, ticker, requests, progress).examine();
        }
    }

    /**
     * Examines the link of a Thing, through the bus of the Thing, whose boards are read meanwhile. Not to be called by
     * the thread of the bus.
     *
     * @param shared the line of the Thing
     * @param requests how many requests show whether the answers keep coming
     * @throws BusConflictException when the line is in use with other settings
     */
    public static Diagnosis examine(ModbusPatient patient, ModbusLine shared, BusRegistry registry, Ticker ticker,
            int requests, Progress progress) throws BusConflictException {
        try (LineAccess line = new SharedLine(shared, registry, ticker)) {
            return new ModbusDoctor(patient, null, line, ticker, requests, progress).examine();
        }
    }

    private boolean isSerial() {
        return patient.serial() != null;
    }

    private Diagnosis examine() {
        String holder = isSerial() ? new PortHolders().of(patient.place()) : null;
        if (holder != null) {
            notes.find(Layer.OPEN, Level.BAD, "port-held", patient.place(), holder);
            if (wires != null) {
                // Nothing is asked: the other program may be talking to the board.
                return notes.conclude(Cause.PORT_BUSY, holder);
            }
        }
        Failure failure = line.open();
        if (failure != null) {
            return notOpened(failure);
        }
        notes.find(Layer.OPEN, Level.GOOD, "open", patient.place());
        if (wires != null && isSerial()) {
            listen();
        }
        Diagnosis wrong = ask();
        if (wrong == null) {
            wrong = values();
        } else if (holder != null) {
            return notes.conclude(Cause.PORT_BUSY, holder);
        }
        return wrong == null ? load() : wrong;
    }

    // ---- layer: open ----

    private Diagnosis notOpened(Failure failure) {
        notes.find(Layer.OPEN, Level.BAD, "not-open", patient.place());
        return notes.conclude(switch (failure.cause()) {
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
            notes.find(Layer.LISTEN, Level.GOOD, "quiet");
        } else if (!heard.requests().isEmpty()) {
            notes.find(Layer.LISTEN, Level.BAD, "other-master", words(heard.requests()));
        } else if (!heard.answers().isEmpty()) {
            notes.find(Layer.LISTEN, Level.BAD, "other-master", words(heard.answers()));
        } else if (heard.isOneLevel()) {
            notes.find(Layer.LISTEN, Level.BAD, "one-level", heard.bytes());
        } else {
            notes.find(Layer.LISTEN, Level.BAD, isBabble(heard) ? "babble" : "unreadable", heard.bytes());
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
        SerialSettings serial = patient.serial();
        return serial != null && heard.garbage() * serial.characterNanos() > LISTEN_NANOS * BABBLE_SHARE;
    }

    private boolean heardOtherMaster() {
        FrameScan heard = unasked;
        return heard != null && (!heard.requests().isEmpty() || !heard.answers().isEmpty());
    }

    // ---- layer: answer ----

    /** @return what is wrong when the board cannot be asked at all; null when it answers */
    private @Nullable Diagnosis ask() {
        List<ModbusReply> replies = new ArrayList<>();
        long timeout = patient.responseTimeout().toNanos();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            // Patient in the end: an answer that is only late is another matter than none.
            long wait = attempt < ATTEMPTS ? timeout : Math.max(PATIENT_NANOS, 4 * timeout);
            ModbusReply reply = line.askBoard(patient.address(), wait);
            if (reply.isUnderstood()) {
                return understood(reply, attempt == ATTEMPTS && reply.nanos() > timeout);
            }
            replies.add(reply);
            if (reply.failedWith(FailureCause.CONNECTION_LOST)) {
                Failure failure = line.open();
                if (failure != null) {
                    return notOpened(failure);
                }
            }
        }
        return noAnswer(replies);
    }

    private @Nullable Diagnosis understood(ModbusReply reply, boolean late) {
        String millis = String.format(Locale.ROOT, "%.0f", reply.nanos() / (double) MILLI);
        if (late) {
            notes.find(Layer.ANSWER, Level.BAD, "late", patient.address(), millis);
            return notes.conclude(Cause.TOO_SLOW, millis);
        }
        if (reply.isOfGateway()) {
            notes.find(Layer.ANSWER, Level.BAD, "refused", patient.address(), reply.exception());
            return notes.conclude(Cause.GATEWAY, reply.exception());
        }
        if (reply.exception() != 0) {
            notes.find(Layer.ANSWER, Level.STRANGE, "refused", patient.address(), reply.exception());
        } else {
            notes.find(Layer.ANSWER, Level.GOOD, "answers", patient.address(), millis);
        }
        if (reply.heard().echoes() > 0) {
            notes.find(Layer.ANSWER, Level.STRANGE, "echo");
        }
        return null;
    }

    /** Nothing good came back: finds out what came, and whether another setting does better. */
    private Diagnosis noAnswer(List<ModbusReply> replies) {
        boolean echo = replies.stream().anyMatch(reply -> reply.heard().echoes() > 0);
        boolean oneLevel = replies.stream().anyMatch(reply -> reply.heard().isOneLevel());
        boolean text = replies.stream().anyMatch(reply -> reply.heard().isText());
        boolean closed = replies.stream().allMatch(reply -> reply.failedWith(FailureCause.CONNECTION_LOST));
        int garbage = replies.stream().mapToInt(reply -> reply.heard().garbage()).max().orElse(0);
        for (ModbusReply reply : replies) {
            Integer other = otherAddress(reply);
            if (other != null) {
                notes.find(Layer.ANSWER, Level.BAD, "other-address", patient.address(), other);
                return notes.conclude(Cause.WRONG_ADDRESS, other);
            }
        }
        notes.find(Layer.ANSWER, Level.BAD, closed ? "closed" : garbage > 0 ? "garbage" : echo ? "only-echo" : "silent",
                patient.address(), garbage);
        if (text && !isSerial()) {
            return notes.conclude(Cause.OTHER_SERVICE);
        }
        Diagnosis found = isSerial() ? searchSerial() : searchNetwork();
        if (found != null) {
            return found;
        }
        notes.find(Layer.SEARCH, Level.BAD, "nothing");
        if (!isSerial()) {
            return notes
                    .conclude(closed ? Cause.CONNECTION_CLOSED : garbage > 0 ? Cause.GARBAGE : Cause.SILENT_CONNECTION);
        }
        FrameScan before = unasked;
        if (oneLevel || before != null && before.isOneLevel()) {
            return notes.conclude(Cause.WIRES_SWAPPED);
        }
        if (heardOtherMaster()) {
            return notes.conclude(Cause.SECOND_MASTER, before == null ? "-" : words(before.requests()));
        }
        if (before != null && isBabble(before)) {
            return notes.conclude(Cause.BABBLE);
        }
        return notes.conclude(garbage > 0 ? Cause.GARBAGE : echo ? Cause.ONLY_ECHO : Cause.SILENT);
    }

    private @Nullable Integer otherAddress(ModbusReply reply) {
        Failure failure = reply.failure();
        if (failure != null && failure.cause() == FailureCause.WRONG_UNIT && !heardOtherMaster()) {
            return Integer.valueOf(failure.detail());
        }
        return null;
    }

    // ---- layer: search ----

    private @Nullable Diagnosis searchSerial() {
        SerialSettings serial = patient.serial();
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
                    notes.find(Layer.SEARCH, Level.BAD, "baud-rate", other.baudRate());
                    return notes.conclude(Cause.WRONG_BAUD_RATE, other.baudRate());
                }
                String parity = other.parity().name().toLowerCase(Locale.ROOT);
                notes.find(Layer.SEARCH, Level.BAD, "parity", parity);
                return notes.conclude(Cause.WRONG_PARITY, parity);
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
        ModbusWires own = wires;
        if (own == null) {
            return false;
        }
        try (LineAccess candidate = new OwnLine(patient.with(other).line(own), ticker)) {
            return candidate.open() == null && candidate.askBoard(patient.address(), 2 * SEARCH_NANOS).isUnderstood();
        }
    }

    private @Nullable Diagnosis searchAddress(List<Integer> addresses) {
        int done = 0;
        for (int address : addresses) {
            progress.at(++done, addresses.size(), Integer.toString(address), 0);
            if (progress.isCancelled()) {
                return null;
            }
            if (address != patient.address()) {
                ModbusReply reply = line.askBoard(address, SEARCH_NANOS);
                if (reply.isUnderstood() && !reply.isOfGateway()) {
                    notes.find(Layer.SEARCH, Level.BAD, "address", address);
                    return notes.conclude(Cause.WRONG_ADDRESS, address);
                }
            }
        }
        return null;
    }

    private @Nullable Diagnosis searchNetwork() {
        ModbusWires own = wires;
        if (own != null) {
            TcpMode other = patient.mode() == TcpMode.TCP ? TcpMode.RTU : TcpMode.TCP;
            line.close();
            try (LineAccess candidate = new OwnLine(patient.with(other).line(own), ticker)) {
                if (candidate.open() == null
                        && candidate.askBoard(patient.address(), patient.responseTimeout().toNanos()).isUnderstood()) {
                    String framing = other.name().toLowerCase(Locale.ROOT);
                    notes.find(Layer.SEARCH, Level.BAD, "framing", framing);
                    return notes.conclude(Cause.WRONG_FRAMING, framing);
                }
            }
        }
        return searchAddress(USUAL_ADDRESSES);
    }

    // ---- layer: values ----

    private @Nullable Diagnosis values() {
        Identity identity = Identity.read(line, patient.address(), patient.responseTimeout(), ticker);
        Failure failure = identity.failure();
        if (failure != null && failure.cause() == FailureCause.EXCEPTION) {
            notes.find(Layer.VALUES, Level.BAD, "all-refused", failure.detail());
            return notes.conclude(Cause.REFUSES, failure.detail());
        }
        if (failure != null && failure.cause() == FailureCause.FILLED) {
            notes.find(Layer.VALUES, Level.BAD, "filled", failure.detail());
            return notes.conclude(Cause.FILLED, failure.detail());
        }
        BoardSnapshot values = identity.snapshot();
        if (values == null) {
            // The next layer tells how often answers are missing.
            notes.find(Layer.VALUES, Level.STRANGE, "incomplete");
            return null;
        }
        WordOrder order = identity.wordOrder();
        if (!identity.isBoard()) {
            notes.find(Layer.VALUES, Level.BAD, "other-device", identity.rejected());
            return notes.conclude(Cause.OTHER_DEVICE);
        }
        if (identity.isInitialising()) {
            notes.find(Layer.VALUES, Level.STRANGE, "initialising");
        } else {
            notes.find(Layer.VALUES, identity.rejected() == 0 ? Level.GOOD : Level.STRANGE, "sensible",
                    identity.rejected(), order == null ? "-" : order.id());
        }
        learnt(values, Catalogue.REQUEST_GAP, "request-gap");
        learnt(values, Catalogue.READ_LIMIT, "read-limit");
        learnt(values, Catalogue.CONNECT_WAIT, "connect-wait");
        learnt(values, Catalogue.MISSING_REGISTERS, "missing-registers");
        learnt(values, Catalogue.GATEWAY_HEADER, "gateway-header");
        WordOrder chosen = patient.wordOrder();
        if (chosen != null && order != null && chosen != order) {
            notes.find(Layer.VALUES, Level.BAD, "word-order", chosen.id(), order.id());
            return notes.conclude(Cause.WRONG_WORD_ORDER, order.id());
        }
        return notes.faults(values);
    }

    /** Names what was learnt about the device while its values were read. */
    private void learnt(BoardSnapshot values, Point property, String finding) {
        String text = values.text(property);
        if (text != null) {
            notes.find(Layer.VALUES, Level.STRANGE, finding, text);
        }
    }

    // ---- layer: load ----

    private Diagnosis load() {
        long timeout = patient.responseTimeout().toNanos();
        int missing = 0;
        int damaged = 0;
        int asked = 0;
        int good = 0;
        boolean master = heardOtherMaster();
        long longest = 0;
        long total = 0;
        while (asked < requests && !progress.isCancelled()) {
            // Neighbours differ in length, so that no answer can be taken for another.
            int count = SHORTEST_LOAD_READ + asked % LOAD_READS;
            ModbusReply reply = line.ask(
                    ModbusRequest.read(patient.address(), ModbusRequest.READ_INPUT, SIGNALS_REGISTER, count), timeout);
            asked++;
            master |= !reply.heard().requests().isEmpty();
            if (reply.isUnderstood()) {
                good++;
                longest = Math.max(longest, reply.nanos());
                total += reply.nanos();
            } else if (reply.heard().garbage() > 0) {
                damaged++;
            } else {
                missing++;
            }
            progress.at(asked, requests, "", good == 0 ? 0 : total / good * (requests - asked) / (1000 * MILLI));
        }
        int failed = missing + damaged;
        String percent = String.format(Locale.ROOT, "%.1f", failed * (double) PERCENT / Math.max(1, asked));
        if (good > 0) {
            notes.find(Layer.LOAD, failed == 0 ? Level.GOOD : Level.BAD, "load", asked, failed,
                    String.format(Locale.ROOT, "%.0f", longest / (double) MILLI));
        } else {
            notes.find(Layer.LOAD, Level.BAD, "load", asked, failed, "-");
        }
        if (master) {
            notes.find(Layer.LOAD, Level.BAD, "master");
            return notes.conclude(Cause.SECOND_MASTER);
        }
        if (failed == 0) {
            return notes.conclude(Cause.HEALTHY);
        }
        return notes.conclude(damaged >= missing ? Cause.DISTURBED : Cause.LOSSES, percent);
    }
}
