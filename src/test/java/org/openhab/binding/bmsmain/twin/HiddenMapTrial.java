/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.twin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSearch;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggester;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion.Quantity;
import org.openhab.binding.bmsmain.internal.modbus.ModbusException;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.twin.HostilePack.Load;
import org.openhab.binding.bmsmain.twin.HostilePack.Unkind;
import org.slf4j.LoggerFactory;

/**
 * Searches for the registers of one simulated board after another, in virtual time, and counts the correct proposals.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class HiddenMapTrial implements Ticker, RegisterSearch.Reader {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    /** Bytes of a read request and of its response without the registers. */
    private static final int REQUEST_BYTES = 8;
    private static final int ANSWER_BYTES = 5;
    /** Silence between frames, in characters. */
    private static final double SILENCE = 3.5;
    private static final int BITS = 10;

    /**
     * The board and the parameters of the search.
     *
     * @param baud 0 for Modbus TCP
     * @param atRest whether no current flows
     * @param unkind null for the battery of the twin
     */
    record Scenario(String name, int baud, int seconds, boolean withCells, boolean strictHoles, boolean atRest,
            @Nullable Unkind unkind) {

        static Scenario tcp() {
            return new Scenario("Modbus TCP, 60 s", 0, 60, true, false, false, null);
        }

        static Scenario resting() {
            return new Scenario("Modbus TCP, 60 s, at rest", 0, 60, true, false, true, null);
        }

        static Scenario rtu(int baud, int seconds) {
            return new Scenario("RTU " + baud + ", " + seconds + " s", baud, seconds, false, false, false, null);
        }

        static Scenario hostile(String name, Unkind unkind) {
            return new Scenario(name, 0, 60, true, false, false, unkind);
        }

        /** Batteries of all sizes with non-ideal readings. */
        static List<Scenario> hostile() {
            return List.of(hostile("other packs", new Unkind(Load.DRIVE, 0, 0, 0, false, 0)),
                    hostile("noise of 2 mV a cell", new Unkind(Load.DRIVE, 2, 0.1, 0, false, 0)),
                    hostile("lag, drift, polarisation", new Unkind(Load.DRIVE, 1, 0.3, 0.004, false, 1)),
                    hostile("steps of the current", new Unkind(Load.STEPS, 1, 0.2, 0.001, false, 0.5)),
                    hostile("steady ramp", new Unkind(Load.RAMP, 1, 0.1, 0.001, false, 0.3)),
                    hostile("small current", new Unkind(Load.SMALL, 1, 0.1, 0, false, 0)),
                    hostile("registers missing", new Unkind(Load.DRIVE, 1, 0.1, 0, true, 0)),
                    hostile("registers missing, steps", new Unkind(Load.STEPS, 2, 0.2, 0.002, true, 0.5)),
                    hostile("no current", new Unkind(Load.REST, 1, 0, 0.001, false, 0)));
        }

        static List<Scenario> all() {
            List<Scenario> all = new ArrayList<>(List.of(tcp(), resting(), rtu(9600, 60), rtu(9600, 180),
                    rtu(19_200, 120), rtu(115_200, 60), rtu(115_200, 300).strict(), rtu(9600, 900).strict()));
            all.addAll(hostile());
            return all;
        }

        Scenario strict() {
            return new Scenario(name + ", strict holes", baud, seconds, withCells, true, atRest, unkind);
        }
    }

    /** Results of the proposals for one quantity. */
    static final class Count {
        int cases;
        int absent;
        int right;
        int sure;
        int sureWrong;
        final List<String> wrong = new ArrayList<>();
    }

    private final Scenario scenario;
    private final @Nullable TwinBoard board;
    private final @Nullable HostilePack pack;
    private final HiddenMap map;
    private final boolean isBig;
    private long nanos = 5 * SECOND;
    private int selected = 1;
    /** Maximum number of registers in one request. */
    private int longestRead;

    HiddenMapTrial(Scenario scenario, long seed, TwinBoard.WordOrder order) {
        this.scenario = scenario;
        this.isBig = order == TwinBoard.WordOrder.BIG;
        Unkind unkind = scenario.unkind;
        if (unkind != null) {
            HostilePack hostile = new HostilePack(seed, order, unkind);
            this.pack = hostile;
            this.board = null;
            this.map = hostile.map();
        } else {
            TwinBoard twin = new TwinBoard(32, order, ((InstantSource) this::now).withZone(ZoneOffset.UTC), 1)
                    .hiddenMap(seed).strictHoles(scenario.strictHoles);
            this.pack = null;
            this.board = twin;
            HiddenMap hidden = twin.hiddenMap();
            if (hidden == null) {
                throw new IllegalStateException();
            }
            this.map = hidden;
            if (scenario.atRest) {
                twin.set("input-signals#inhibit-discharging", true);
            }
        }
        pass(new Random(seed).nextInt(600) * SECOND / 10);
        words(0x2001, 2);
    }

    // ---- the clock ----

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.ofEpochMilli(1_790_000_000_000L + nanos / MILLI);
    }

    @Override
    public void parkUntil(long until) {
        pass(Math.max(0, until - nanos));
    }

    private void pass(long duration) {
        nanos += duration;
        HostilePack hostile = pack;
        if (hostile != null) {
            hostile.pass((double) duration / SECOND);
        }
    }

    private int @Nullable [] words(int address, int count) {
        TwinBoard twin = board;
        HostilePack hostile = pack;
        return twin != null ? twin.readInput(address, count)
                : hostile != null ? hostile.read(address, count, selected) : null;
    }

    // ---- the wire ----

    @Override
    public int[] read(int address, int count) throws ModbusException, LinkException {
        double character = scenario.baud == 0 ? 0 : (double) BITS / scenario.baud * SECOND;
        pass((long) ((REQUEST_BYTES + SILENCE) * character) + 5 * MILLI);
        int[] words = words(address, count);
        longestRead = Math.max(longestRead, count);
        pass((long) ((ANSWER_BYTES + SILENCE + (words == null ? 0 : 2 * count)) * character) + 5 * MILLI);
        if (words == null) {
            throw new ModbusException(ModbusException.ILLEGAL_DATA_ADDRESS);
        }
        return words;
    }

    int longestRead() {
        return longestRead;
    }

    HiddenMap map() {
        return map;
    }

    /** Searches until the time is over. */
    RegisterSearch search() {
        RegisterSearch search = new RegisterSearch(scenario.withCells, 125, Duration.ofSeconds(scenario.seconds), this);
        long begun = nanos;
        while (!search.isDone()) {
            // Another master selects one board after the other.
            int shown = (int) ((nanos - begun) / (2 * SECOND) % 2) + 1;
            TwinBoard twin = board;
            if (shown != selected && twin != null) {
                twin.set("logic#selected-board", shown);
            }
            selected = shown;
            try {
                search.step(this);
            } catch (LinkException e) {
                throw new IllegalStateException(e);
            }
            parkUntil(Math.min(search.due(), nanos + SECOND));
        }
        return search;
    }

    // ---- evaluation ----

    /** Runs a scenario on many maps in both word orders. In every second run the word order is not given. */
    static Map<Quantity, Count> run(Scenario scenario, int maps) {
        Map<Quantity, Count> counts = new EnumMap<>(Quantity.class);
        for (Quantity quantity : Quantity.values()) {
            if (quantity != Quantity.COUNTER) {
                counts.put(quantity, new Count());
            }
        }
        LongStream.rangeClosed(1, maps).parallel().forEach(seed -> {
            for (TwinBoard.WordOrder order : TwinBoard.WordOrder.values()) {
                HiddenMapTrial trial = new HiddenMapTrial(scenario, seed, order);
                RegisterSearch search = trial.search();
                WordOrder told = seed % 2 == 0 ? null : WordOrder.valueOf(order.name());
                List<RegisterSuggestion> suggestions = RegisterSuggester.suggest(search.samples(), told);
                synchronized (counts) {
                    counts.forEach((quantity, count) -> suggestions.stream()
                            .filter(suggestion -> suggestion.quantity() == quantity).findFirst()
                            .ifPresentOrElse(suggestion -> trial.judge(suggestion, count, seed + " " + order),
                                    () -> count.cases += trial.places(quantity).isEmpty() ? 0 : 1));
                }
            }
        });
        counts.values().removeIf(count -> count.cases == 0);
        return counts;
    }

    private void judge(RegisterSuggestion suggestion, Count count, String which) {
        boolean right = isRight(suggestion);
        if (places(suggestion.quantity()).isEmpty()) {
            count.absent++;
            count.sureWrong += suggestion.isSure() ? 1 : 0;
            if (suggestion.isSure()) {
                count.wrong.add("SURE " + which + ": " + suggestion + ", but there is none");
            }
            return;
        }
        count.cases++;
        count.right += right ? 1 : 0;
        count.sure += suggestion.isSure() ? 1 : 0;
        count.sureWrong += suggestion.isSure() && !right ? 1 : 0;
        if (!right) {
            count.wrong.add((suggestion.isSure() ? "SURE " : "") + which + ": " + suggestion + ", not "
                    + places(suggestion.quantity()));
        }
    }

    private List<HiddenMap.Entry> places(Quantity quantity) {
        if (quantity == Quantity.CELLS) {
            return List.of(map.window().get(0));
        }
        String name = quantity == Quantity.CELL_LIST ? "CELL_VOLTAGE" : quantity.name();
        return map.entries().stream()
                .filter(entry -> entry.what().name().equals(name) && entry.index() == 0 && map.has(entry.address()))
                .toList();
    }

    /**
     * Whether a proposal reads the value in the map. The low word of a 32-bit number is also correct if the number
     * is small enough.
     */
    private boolean isRight(RegisterSuggestion suggestion) {
        RegisterLocation place = suggestion.place();
        if (place == null) {
            return false;
        }
        for (HiddenMap.Entry entry : places(suggestion.quantity())) {
            boolean isReal = entry.type() == HiddenMap.Type.REAL32;
            boolean isPair = place.registers() == 2;
            boolean sameScale = place.scale() == entry.scale();
            boolean sameType = isReal == place.type().name().equals("REAL32");
            int low = entry.address() + (entry.type().registers() == 2 && isBig ? 1 : 0);
            boolean sameAddress = isPair || entry.type().registers() == 1 ? place.address() == entry.address()
                    : place.address() == low;
            if (sameAddress && sameScale && sameType && (!isPair || entry.type().registers() == 2)) {
                return true;
            }
        }
        return false;
    }

    /** Formats the figures as a table. */
    static String table(Scenario scenario, Map<Quantity, Count> counts) {
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, "%-44s  cases  right   sure  sure and wrong%n", scenario.name));
        counts.forEach((quantity, count) -> text
                .append(String.format(Locale.ROOT, "  %-42s  %5d %5.1f%% %5.1f%%  %5d%n", quantity, count.cases,
                        100.0 * count.right / count.cases, 100.0 * count.sure / count.cases, count.sureWrong)));
        return text.toString();
    }

    public static void main(String[] arguments) {
        int maps = Integer.parseInt(arguments[0]);
        int shown = Integer.parseInt(arguments[1]);
        for (Scenario scenario : Scenario.all()) {
            if (arguments.length > 2 && !scenario.name.matches(arguments[2])) {
                continue;
            }
            long begun = System.nanoTime();
            Map<Quantity, Count> counts = run(scenario, maps);
            LoggerFactory.getLogger(HiddenMapTrial.class).info("{}",
                    table(scenario, counts) + (System.nanoTime() - begun) / SECOND + " s");
            counts.forEach((quantity, count) -> count.wrong.stream()
                    .sorted((a, b) -> Boolean.compare(b.startsWith("SURE"), a.startsWith("SURE"))).limit(shown)
                    .filter(text -> arguments.length > 3 || text.startsWith("SURE"))
                    .forEach(text -> LoggerFactory.getLogger(HiddenMapTrial.class).info("{}", text)));
        }
    }
}
