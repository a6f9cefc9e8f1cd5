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

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.LocationLine;
import org.openhab.binding.bmsmain.internal.board.LocationLine.LineException;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSearchTask;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion.Evidence;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.RegisterSyntax;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.PortHolders;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/**
 * {@code bms registers --suggest} and {@code --report}: polls a board as the binding does, searches for the registers
 * of undocumented values meanwhile, and prints the result. Only reads.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RegisterSuggest implements BoardListener {

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().serializeSpecialFloatingPointValues()
            .create();
    private static final Duration LIFETIME = Duration.ofSeconds(5);
    private static final Duration SLOW_LIFETIME = Duration.ofSeconds(90);
    /** How long to wait for the first response before giving up, in seconds. */
    private static final long PATIENCE_SECONDS = 20;
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int LOOK_SECONDS = 10;

    private final PrintWriter out;
    private final PrintWriter err;
    private final LinkOptions link;
    private final Map<Point, Location> inUse;
    private final boolean withCells;
    private final CountDownLatch heard = new CountDownLatch(1);
    private volatile @Nullable BoardReport newest;
    private volatile double leastCurrent = Double.NaN;
    private volatile double mostCurrent = Double.NaN;

    /**
     * @param lines lines for the parameter {@code registers} that are in use
     * @param withCells whether to read the window of the BMS Logic boards as well
     * @throws LineException when a line is invalid
     */
    RegisterSuggest(LinkOptions link, List<String> lines, boolean withCells, PrintWriter out, PrintWriter err)
            throws LineException {
        this.link = link;
        this.inUse = LocationLine.parseAll(lines, RegisterSyntax::parse);
        this.withCells = withCells;
        this.out = out;
        this.err = err;
    }

    /** Output format of the findings. */
    enum Show {
        TABLE,
        JSON,
        REPORT
    }

    /** Called by the bus thread. */
    @Override
    public void report(BoardReport report) {
        newest = report;
        double current = report.snapshot().number(Catalogue.CURRENT);
        if (report.isOnline() && !Double.isNaN(current)) {
            leastCurrent = Double.isNaN(leastCurrent) ? current : Math.min(leastCurrent, current);
            mostCurrent = Double.isNaN(mostCurrent) ? current : Math.max(mostCurrent, current);
            heard.countDown();
        }
    }

    /**
     * Runs the search.
     *
     * @param time maximum duration: the search ends early when all places are sure
     * @return the exit code
     */
    int run(Duration time, Show show) throws InterruptedException {
        Ticker ticker = Ticker.system();
        ModbusLine line = link.line(ticker);
        ModbusSettings settings = link.settings();
        BoardSetup setup = new BoardSetup(BoardSetup.DEFAULT_RELAY_FUNCTIONS, Arrays.asList(null, null, null, null),
                inUse, List.of(), LIFETIME, SLOW_LIFETIME, false);
        try (BusRegistry buses = new BusRegistry(ticker)) {
            line.join(buses, new ModbusBoard(settings, setup, line.isNetwork(), this, ticker));
            if (!heard.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                BoardReport last = newest;
                Failure failure = last == null ? null : last.failure();
                tell(failure == null ? Failure.of(FailureCause.NO_ANSWER) : failure, line);
                return ExitCode.NO_DEVICE;
            }
            RegisterSearchTask task = RegisterSearchTask.begin(line, buses, settings.unit(), settings.responseTimeout(),
                    withCells, time, ticker);
            List<RegisterSuggestion> found = search(task, (int) time.toSeconds(), settings.wordOrder());
            RegisterSearchTask.State state = task.state();
            Failure failure = state.failure();
            if (failure != null) {
                tell(failure, line);
            }
            switch (show) {
                case JSON -> found.forEach(one -> out.println(GSON.toJson(json(one))));
                case TABLE -> table(state, found);
                case REPORT -> contribution(state, found);
            }
            return found.stream().anyMatch(one -> one.line() != null && one.isSure()) ? ExitCode.OK
                    : ExitCode.NO_DEVICE;
        } catch (BusConflictException e) {
            // Both members have the same settings.
            throw new IllegalStateException(e);
        }
    }

    private void tell(Failure failure, ModbusLine line) {
        err.println(Texts.of(PortHolders.explain(failure, line.name()), link.wire(), line.name(), link.address()));
    }

    private List<RegisterSuggestion> search(RegisterSearchTask task, int seconds, @Nullable WordOrder order)
            throws InterruptedException {
        ProgressLine progress = ProgressLine.of(err);
        boolean isEnded = false;
        for (int second = 1; !isEnded; second++) {
            isEnded = task.await(TICK);
            RegisterSearchTask.State state = task.state();
            progress.show(seconds - (int) state.secondsLeft(), seconds,
                    "s, " + state.found() + " registers, read " + state.passes() + " times, " + current(),
                    state.secondsLeft());
            if (!isEnded && second % LOOK_SECONDS == 0 && RegisterSuggestion.areAllSure(task.suggest(order))) {
                task.stop();
                isEnded = true;
            }
        }
        progress.clear();
        return task.suggest(order);
    }

    private String current() {
        return String.format(Locale.ROOT, "current from %.1f to %.1f A", leastCurrent, mostCurrent);
    }

    private static String words(Evidence reason) {
        return Texts.of(reason.key(), reason.arguments().toArray(String[]::new));
    }

    private static List<String> reasons(RegisterSuggestion one) {
        return Stream.concat(one.evidence().stream(), one.advice().stream()).map(RegisterSuggest::words).toList();
    }

    private static String value(RegisterSuggestion one) {
        Point point = Catalogue.byId(one.quantity().id());
        String unit = point != null ? point.unit().symbol()
                : one.quantity() == RegisterSuggestion.Quantity.COUNTER ? "" : "V";
        return (String.format(Locale.ROOT, "%.5g ", one.value()) + unit).strip();
    }

    private static String verdict(RegisterSuggestion one) {
        return Texts.of(one.isSure() ? "suggest.sure" : "suggest.not-sure");
    }

    // ---- table ----

    private void table(RegisterSearchTask.State state, List<RegisterSuggestion> found) {
        out.println(state.found() + " registers, read " + state.passes() + " times, " + current());
        for (RegisterSuggestion one : found) {
            RegisterLocation place = one.place();
            out.println(place == null ? Texts.of("suggest.nothing", one.quantity().id())
                    : String.format(Locale.ROOT, "%-29s %-26s %13s  %s", one.quantity().id(), place, value(one),
                            verdict(one)));
            reasons(one).forEach(reason -> out.println("    " + reason));
        }
        List<RegisterSuggestion> sure = sure(found);
        out.println();
        if (sure.isEmpty()) {
            out.println("No suggestion is sure enough for the parameter registers.");
        } else {
            out.println("Lines for the parameter registers:");
            sure.forEach(one -> out.println("    " + one.line()));
        }
    }

    private static List<RegisterSuggestion> sure(List<RegisterSuggestion> found) {
        return found.stream().filter(one -> one.line() != null && one.isSure()).toList();
    }

    // ---- JSON ----

    private static JsonObject json(RegisterSuggestion one) {
        JsonObject object = new JsonObject();
        object.addProperty("quantity", one.quantity().id());
        object.addProperty("sure", one.isSure());
        RegisterLocation place = one.place();
        if (place != null) {
            object.addProperty("address", place.address());
            object.addProperty("type", place.type().name());
            object.addProperty("scale", place.scale());
            WordOrder order = one.order();
            object.addProperty("wordOrder", order == null ? null : order.id());
            object.addProperty("count", one.count());
            object.addProperty("value", one.value());
            object.addProperty("points", one.points());
        }
        object.add("evidence", array(one.evidence()));
        object.add("advice", array(one.advice()));
        if (one.line() != null) {
            object.addProperty("line", one.line());
        }
        return object;
    }

    private static JsonArray array(List<Evidence> reasons) {
        JsonArray array = new JsonArray();
        reasons.forEach(reason -> array.add(words(reason)));
        return array;
    }

    // ---- report ----

    /** Prints nothing that identifies the installation: no host, port, address or serial number. */
    private void contribution(RegisterSearchTask.State state, List<RegisterSuggestion> found) {
        BoardReport last = newest;
        BoardSnapshot values = last == null ? null : last.snapshot();
        out.println("## Register places");
        out.println();
        out.println("- firmware " + text(values, Catalogue.FIRMWARE_VERSION) + ", hardware "
                + text(values, Catalogue.HARDWARE_VERSION));
        out.println("- " + (link.wire() == ConnectionType.SERIAL ? "Modbus RTU" : "Modbus over a network")
                + ", word order " + text(values, Catalogue.WORD_ORDER) + ", tool " + Texts.version());
        out.println("- " + state.found() + " registers, read " + state.passes() + " times, " + current());
        out.println();
        out.println("Confirmed places, in use:");
        out.println();
        if (inUse.isEmpty()) {
            out.println("- none (list those in use with --in-use)");
        }
        inUse.forEach((point, location) -> out.println("- `" + point.id() + " = " + location + "` reads "
                + (values == null || !values.isKnown(point) ? "nothing"
                        : String.format(Locale.ROOT, "%.5g %s", values.number(point), point.unit().symbol()).strip())
                + compared(point, location, found)));
        out.println();
        out.println("Found by the search:");
        out.println();
        for (RegisterSuggestion one : found) {
            if (one.place() != null) {
                List<String> reasons = new ArrayList<>(reasons(one));
                out.println("- `" + (one.line() != null ? one.line() : one.quantity().id() + " = " + one.place())
                        + "` reads " + value(one) + ", " + verdict(one) + ": " + String.join("; ", reasons));
            }
        }
    }

    private static String compared(Point point, Location location, List<RegisterSuggestion> found) {
        for (RegisterSuggestion one : found) {
            if (point.id().equals(one.quantity().channel()) && one.place() != null) {
                return location.equals(one.place()) ? "; the search finds the same place"
                        : "; the search finds another place";
            }
        }
        return "; the search finds no place";
    }

    private static String text(@Nullable BoardSnapshot values, Point point) {
        String text = values == null ? null : values.text(point);
        return text == null ? "unknown" : text;
    }
}
