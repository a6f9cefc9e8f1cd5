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

import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.canopen.CanAdapter;
import org.openhab.binding.bmsmain.internal.canopen.CanHealth;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.diagnosis.CanProbe.Reply;
import org.openhab.binding.bmsmain.internal.diagnosis.Finding.Layer;
import org.openhab.binding.bmsmain.internal.diagnosis.Finding.Level;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.PortHolders;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Diagnoses a CAN link layer by layer: the adapter opens and responds, frames are received, they come from the board,
 * the process data are plausible, the board responds, and it keeps responding. Listens before it joins the bus, and
 * only reads. Blocks for some seconds, and for up to a minute where nothing is received.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class CanDoctor {

    private static final long MILLI = 1_000_000;
    /** Longer than two heartbeats, which are sent once a second. */
    private static final long LISTEN_NANOS = 2_500 * MILLI;
    private static final long SEARCH_NANOS = 1_500 * MILLI;
    /** How long to keep listening after a sign of two boards with one node ID, in nanoseconds. */
    private static final long DOUBT_NANOS = 12_000 * MILLI;
    /** Process data are sent on SYNC, whose interval may be up to 10 s. */
    private static final long SLOWEST_SYNC_NANOS = 11_000 * MILLI;
    private static final long LISTEN_STEP_NANOS = 1_000 * MILLI;
    /** An object that the vendor documents: the input signals. */
    private static final int KNOWN_OBJECT = 0x4000;
    private static final int STOPPED = 0x04;
    private static final int PRE_OPERATIONAL = 0x7F;
    private static final int MOST_ATTEMPTS = 3;
    private static final String LISTEN_COMMAND = "L";

    private final CanConnectionParameters parameters;
    private final CanProbe can;
    private final Ticker ticker;
    private final int requests;
    private final Progress progress;
    private final DiagnosisReport report;
    private boolean takesPart;
    private boolean hasTrouble;
    private boolean hasSearched;

    private CanDoctor(CanConnectionParameters parameters, CanProbe can, Ticker ticker, int requests,
            Progress progress) {
        this.parameters = parameters;
        this.can = can;
        this.ticker = ticker;
        this.requests = requests;
        this.progress = progress;
        this.report = new DiagnosisReport(parameters.place(), parameters.node(), progress);
    }

    /**
     * Examines a link that no other program on this machine uses.
     *
     * @param requests number of requests that test whether responses keep coming
     */
    public static Diagnosis examine(CanConnectionParameters parameters, CanLineFactory wires, Ticker ticker,
            int requests, Progress progress) {
        try (CanProbe can = new CanProbe(parameters, wires, ticker)) {
            return new CanDoctor(parameters, can, ticker, requests, progress).examine();
        }
    }

    /**
     * Examines the link of a Thing through the bus of the Thing, which stays in operation. Must not be called by the
     * bus thread.
     *
     * @param shared the bus of the Thing
     * @param requests number of requests that test whether responses keep coming
     * @throws BusConflictException when the bus is in use with other settings
     */
    public static Diagnosis examine(CanConnectionParameters parameters, CanLine shared, BusRegistry registry,
            Ticker ticker, int requests, Progress progress) throws BusConflictException {
        try (CanProbe can = new CanProbe(parameters, shared, registry, ticker)) {
            return new CanDoctor(parameters, can, ticker, requests, progress).examine();
        }
    }

    private static String words(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private Diagnosis examine() {
        try {
            Diagnosis wrong = open();
            return wrong != null ? wrong : listen();
        } catch (LinkException e) {
            return lost(e.failure());
        }
    }

    private Diagnosis listen() throws LinkException {
        CanTrafficAnalyzer heard = listen(LISTEN_NANOS);
        if (heard.isEmpty()) {
            CanTrafficAnalyzer alone = new CanTrafficAnalyzer(parameters.node());
            Diagnosis wrong = quiet(alone);
            if (wrong != null) {
                return wrong;
            }
            heard = alone;
        } else {
            report.find(Layer.LISTEN, Level.GOOD, "can-heard", heard.frames());
            hasTrouble = isTrouble(can.health());
        }
        return board(heard);
    }

    private CanTrafficAnalyzer listen(long nanos) throws LinkException {
        CanTrafficAnalyzer hearing = new CanTrafficAnalyzer(parameters.node());
        can.listen(hearing, nanos);
        return hearing;
    }

    /** Checks for two boards with the node ID. @return null when there is one */
    private @Nullable Diagnosis duplicate(CanTrafficAnalyzer heard) throws LinkException {
        for (long nanos = 0; heard.mayBeDuplicate() && nanos < DOUBT_NANOS
                && !progress.isCancelled(); nanos += SEARCH_NANOS) {
            can.listen(heard, SEARCH_NANOS);
        }
        if (!heard.isDuplicate()) {
            return null;
        }
        report.find(Layer.ANSWER, Level.BAD, "can-duplicate", parameters.node());
        return report.conclude(Cause.CAN_DUPLICATE_NODE);
    }

    /** The adapter or interface was lost while in use. Opening it again shows the cause. */
    private Diagnosis lost(Failure failure) {
        report.find(Layer.OPEN, Level.BAD, "can-lost", parameters.place());
        Cause cause = causeOf(failure);
        if (cause != null) {
            return report.conclude(cause, detail(failure));
        }
        Failure now = can.open(parameters.kiloBits(), true);
        cause = now == null ? null : causeOf(now);
        return cause == null ? report.conclude(Cause.CAN_ADAPTER_LOST)
                : report.conclude(cause, now == null ? "-" : detail(now));
    }

    /** Why a bus cannot be opened; null when it was opened and lost for no known reason. */
    private static @Nullable Cause causeOf(Failure failure) {
        return switch (failure.cause()) {
            case PORT_MISSING -> Cause.CAN_ADAPTER_MISSING;
            case PORT_BUSY, PORT_HELD -> Cause.PORT_BUSY;
            case NO_PERMISSION -> Cause.NO_PERMISSION;
            case INTERFACE_DOWN -> Cause.CAN_INTERFACE_DOWN;
            case NOT_CAN -> Cause.CAN_NOT_AN_INTERFACE;
            case NO_SERIAL -> Cause.NO_SERIAL;
            case NO_CAN -> Cause.CAN_NO_SUPPORT;
            case ADAPTER_REFUSED -> Cause.CAN_ADAPTER_REFUSES;
            default -> null;
        };
    }

    /** Keeps listening until the condition holds, for at most {@link #SLOWEST_SYNC_NANOS}. */
    private void listenUntil(BooleanSupplier heard, CanTrafficAnalyzer hearing) throws LinkException {
        long end = ticker.nanos() + SLOWEST_SYNC_NANOS;
        while (!heard.getAsBoolean() && end - ticker.nanos() > 0 && !progress.isCancelled()) {
            can.listen(hearing, LISTEN_STEP_NANOS);
            progress.at(0, 0, "SYNC", 0);
        }
    }

    // ---- layer: open ----

    private @Nullable Diagnosis open() {
        String holder = new PortHolders().of(parameters.place());
        if (holder != null) {
            report.find(Layer.OPEN, Level.BAD, "port-held", parameters.place(), holder);
            if (can.isFree()) {
                // Nothing is sent: the other program may be using the adapter.
                return report.conclude(Cause.PORT_BUSY, holder);
            }
        }
        boolean onlyListens = can.isFree() || parameters.listenOnly();
        takesPart = !onlyListens;
        Failure failure = can.open(parameters.kiloBits(), onlyListens);
        if (failure != null && failure.cause() == FailureCause.ADAPTER_REFUSED
                && LISTEN_COMMAND.equals(failure.detail()) && !parameters.listenOnly()) {
            report.find(Layer.OPEN, Level.STRANGE, "can-no-listening");
            takesPart = true;
            failure = can.open(parameters.kiloBits(), false);
        }
        if (failure == null) {
            report.find(Layer.OPEN, Level.GOOD, "open", parameters.place());
            return null;
        }
        report.find(Layer.OPEN, Level.BAD, "not-open", parameters.place());
        Cause cause = causeOf(failure);
        return report.conclude(cause == null ? Cause.CAN_ADAPTER_MISSING : cause, detail(failure));
    }

    private static String detail(Failure failure) {
        return failure.detail().isEmpty() ? "-" : failure.detail();
    }

    /** Opens the bus for sending: from here on frames of others are acknowledged, and requests can be sent. */
    private void takePart() throws LinkException {
        takesPart = true;
        Failure failure = can.open(parameters.kiloBits(), false);
        if (failure != null) {
            throw new LinkException(failure, true);
        }
    }

    // ---- layer: listen, where no frame was received ----

    /**
     * @param hearing receives frames that arrive after all
     * @return null when frames were received
     */
    private @Nullable Diagnosis quiet(CanTrafficAnalyzer hearing) throws LinkException {
        CanHealth health = can.health();
        boolean disturbed = health.isDisturbed();
        report.find(Layer.LISTEN, Level.BAD, disturbed ? "can-errors" : "can-quiet");
        if (!health.answers()) {
            return searchSerialBaudRates();
        }
        Diagnosis found = searchBitRates(true);
        if (found == null && parameters.listenOnly()) {
            can.open(parameters.kiloBits(), true);
            listenUntil(() -> !hearing.isEmpty(), hearing);
            if (!hearing.isEmpty()) {
                return null;
            }
        }
        if (found == null && !parameters.listenOnly()) {
            found = takePartInSilence(hearing);
            if (found == null) {
                return null;
            }
        }
        if (found != null && found.cause() == Cause.CAN_WRONG_BIT_RATE) {
            return found;
        }
        if (hasSearched) {
            report.find(Layer.SEARCH, Level.BAD, "nothing");
        }
        if (can.health().state() == CanAdapter.State.BUS_OFF) {
            return report.conclude(Cause.CAN_BUS_OFF);
        }
        return report.conclude(disturbed ? Cause.CAN_ERRORS : Cause.CAN_SILENT);
    }

    /** An adapter with a UART responds only at its own baud rate. */
    private Diagnosis searchSerialBaudRates() {
        if (can.isFree() && parameters.hasBitRate()) {
            int done = 0;
            for (int baudRate : CanLine.SERIAL_BAUD_RATES) {
                progress.at(done++, CanLine.SERIAL_BAUD_RATES.size(), baudRate + " baud", 0);
                if (progress.isCancelled()) {
                    break;
                }
                if (baudRate != parameters.serialBaudRate() && can.answersAt(baudRate)) {
                    report.find(Layer.SEARCH, Level.BAD, "can-serial-baud-rate", baudRate);
                    return report.conclude(Cause.CAN_WRONG_SERIAL_BAUD_RATE, baudRate);
                }
            }
            report.find(Layer.SEARCH, Level.BAD, "nothing");
        }
        return report.conclude(Cause.CAN_ADAPTER_MUTE);
    }

    /** A board that is alone on the bus is received only if another node acknowledges its frames. */
    private @Nullable Diagnosis takePartInSilence(CanTrafficAnalyzer hearing) throws LinkException {
        if (can.isFree()) {
            takePart();
        }
        can.listen(hearing, LISTEN_NANOS);
        if (!hearing.isEmpty()) {
            // A Linux CAN interface always acknowledges.
            boolean alone = can.isFree() && parameters.hasBitRate();
            report.find(Layer.LISTEN, alone ? Level.STRANGE : Level.GOOD, alone ? "can-alone" : "can-heard",
                    hearing.frames());
            return null;
        }
        if (ask() != Reply.SILENCE) {
            return null;
        }
        Diagnosis found = searchBitRates(false);
        return found != null ? found : report.conclude(Cause.CAN_SILENT);
    }

    /** Listening received no other node before, so sending at a wrong bit rate disturbs none. */
    private @Nullable Diagnosis searchBitRates(boolean listenOnly) throws LinkException {
        if (!can.isFree() || !parameters.hasBitRate()) {
            return null;
        }
        for (int kiloBits : CanLine.BIT_RATES) {
            progress.at(0, 0, kiloBits + " kbit/s", 0);
            if (progress.isCancelled()) {
                return null;
            }
            if (kiloBits != parameters.kiloBits() && isOpenAt(kiloBits, listenOnly)
                    && !listen(SEARCH_NANOS).isEmpty()) {
                report.find(Layer.SEARCH, Level.BAD, "can-bit-rate", kiloBits);
                return report.conclude(Cause.CAN_WRONG_BIT_RATE, kiloBits);
            }
        }
        return null;
    }

    /** Whether the adapter supports this bit rate and this mode. */
    private boolean isOpenAt(int kiloBits, boolean listenOnly) throws LinkException {
        Failure failure = can.open(kiloBits, listenOnly);
        if (failure != null && failure.cause() != FailureCause.ADAPTER_REFUSED) {
            throw new LinkException(failure, true);
        }
        hasSearched |= failure == null;
        return failure == null;
    }

    private Reply ask() throws LinkException {
        Reply reply = Reply.SILENCE;
        for (int i = 0; i < MOST_ATTEMPTS && reply == Reply.SILENCE; i++) {
            reply = can.read(parameters.node(), KNOWN_OBJECT, 0);
        }
        return reply;
    }

    // ---- layer: answer ----

    private Diagnosis board(CanTrafficAnalyzer heard) throws LinkException {
        List<Integer> boards = heard.boards();
        if (!heard.isNodeHeard() && !boards.isEmpty()) {
            report.find(Layer.ANSWER, Level.BAD, "can-other-board", parameters.node(), words(boards));
            return report.conclude(Cause.CAN_WRONG_NODE, boards.get(0));
        }
        Diagnosis wrong = duplicate(heard);
        if (wrong != null) {
            return wrong;
        }
        if (!parameters.listenOnly() && !takesPart) {
            takePart();
        }
        Reply reply = takesPart ? ask() : Reply.SILENCE;
        if (!heard.isNodeHeard() && reply == Reply.SILENCE) {
            String others = heard.others().isEmpty() ? "-" : words(heard.others());
            report.find(Layer.ANSWER, Level.BAD, "can-not-heard", parameters.node(), others);
            return report.conclude(Cause.CAN_OTHERS_ONLY, others);
        }
        report.find(Layer.ANSWER, Level.GOOD, "can-board-heard", parameters.node());
        if (takesPart) {
            report.find(Layer.ANSWER, reply == Reply.SILENCE ? Level.BAD : Level.GOOD,
                    reply == Reply.SILENCE ? "can-no-sdo" : "can-sdo", parameters.node());
        } else {
            report.find(Layer.ANSWER, Level.GOOD, "can-not-asked");
        }
        wrong = values(heard);
        if (wrong != null) {
            return wrong;
        }
        return takesPart && reply == Reply.SILENCE ? report.conclude(Cause.CAN_NO_SDO) : load();
    }

    // ---- layer: values ----

    private @Nullable Diagnosis values(CanTrafficAnalyzer before) throws LinkException {
        CanTrafficAnalyzer heard = before;
        if (!heard.hasObjects() && takesPart && !parameters.syncInterval().isZero()) {
            // SYNC is sent by this side now.
            heard = listen(LISTEN_NANOS);
            Diagnosis wrong = duplicate(heard);
            if (wrong != null) {
                return wrong;
            }
        }
        boolean held = heard.state() == STOPPED || heard.state() == PRE_OPERATIONAL;
        if (!held && !heard.isOtherDevice()) {
            CanTrafficAnalyzer seldom = heard;
            listenUntil(seldom::hasObjects, seldom);
        }
        if (heard.isOtherDevice()) {
            report.find(Layer.VALUES, Level.BAD, "other-device", heard.rejected());
            return report.conclude(Cause.OTHER_DEVICE);
        }
        if (!heard.hasObjects()) {
            report.find(Layer.VALUES, Level.BAD,
                    held ? "can-not-operational" : heard.hasSync() ? "can-no-objects" : "can-no-sync");
            return report.conclude(Cause.CAN_NO_OBJECTS);
        }
        BoardSnapshot values = heard.snapshot(ticker);
        if (values.isSet(Catalogue.INITIALISATION)) {
            report.find(Layer.VALUES, Level.STRANGE, "initialising");
        } else if (heard.isEmptyBoard()) {
            report.find(Layer.VALUES, Level.STRANGE, "can-no-readings");
        } else {
            report.find(Layer.VALUES, heard.rejected() == 0 ? Level.GOOD : Level.STRANGE, "can-sensible",
                    heard.rejected());
        }
        return report.faults(values);
    }

    // ---- layer: load ----

    private static boolean isTrouble(CanHealth health) {
        return health.busErrors() > 0 || health.state() != CanAdapter.State.ACTIVE;
    }

    private Diagnosis load() throws LinkException {
        int asked = 0;
        int failed = 0;
        while (takesPart && asked < requests && !progress.isCancelled()) {
            failed += can.read(parameters.node(), KNOWN_OBJECT, 0) == Reply.SILENCE ? 1 : 0;
            asked++;
            progress.at(asked, requests, "", 0);
        }
        if (asked > 0) {
            report.find(Layer.LOAD, failed == 0 ? Level.GOOD : Level.BAD, "can-load", asked, failed);
        }
        if (failed > 0) {
            return report.conclude(Cause.CAN_LOSSES, String.format(Locale.ROOT, "%.1f", 100.0 * failed / asked));
        }
        if (hasTrouble || isTrouble(can.health())) {
            report.find(Layer.LOAD, Level.BAD, "can-trouble");
            return report.conclude(Cause.CAN_DISTURBED);
        }
        return report.conclude(Cause.HEALTHY);
    }
}
