/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.tool.twin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSearch;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggester;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion.Quantity;
import org.openhab.binding.bmsmain.internal.link.LinkException;
import org.openhab.binding.bmsmain.internal.link.Ticker;
import org.openhab.binding.bmsmain.internal.modbus.ModbusException;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;

/**
 * Searches for the registers of one simulated board after another, in virtual time, and counts how often the proposals
 * are right.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class HiddenMapTrial implements Ticker, RegisterSearch.Reader {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    /** Bytes of a read request and of the answer around its registers. */
    private static final int REQUEST_BYTES = 8;
    private static final int ANSWER_BYTES = 5;
    /** Silence between frames, in characters. */
    private static final double SILENCE = 3.5;
    private static final int BITS = 10;

    /** Which board is searched, and how. */
    record Scenario(String name, Consumer<TwinBoard> setup, double baud, double noise, Duration duration,
            boolean withCells, boolean strictHoles, int quantities) {

        static Scenario tcp() {
            return new Scenario("Modbus TCP", board -> {
            }, 0, 0, Duration.ofSeconds(60), true, false, -1);
        }

        static Scenario rtu(int baud) {
            return new Scenario("RTU " + baud, board -> {
            }, baud, 0, Duration.ofSeconds(60), false, false, -1);
        }

        Scenario named(String other) {
            return new Scenario(other, setup, baud, noise, duration, withCells, strictHoles, quantities);
        }

        Scenario with(Consumer<TwinBoard> other) {
            return new Scenario(name, other, baud, noise, duration, withCells, strictHoles, quantities);
        }

        Scenario noisy(double volts) {
            return new Scenario(name, setup, baud, volts, duration, withCells, strictHoles, quantities);
        }

        Scenario lasting(int seconds) {
            return new Scenario(name, setup, baud, noise, Duration.ofSeconds(seconds), withCells, strictHoles,
                    quantities);
        }

        Scenario strict() {
            return new Scenario(name, setup, baud, noise, duration, withCells, true, quantities);
        }
    }

    /** What became of the proposals for one quantity. */
    static final class Count {
        int cases;
        int right;
        int sure;
        int sureWrong;
        final List<String> wrong = new ArrayList<>();
    }

    private final Scenario scenario;
    private final TwinBoard board;
    private final Random random;
    private long nanos = 5 * SECOND;

    HiddenMapTrial(Scenario scenario, long seed, TwinBoard.WordOrder order) {
        this.scenario = scenario;
        this.random = new Random(seed);
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(@Nullable ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochMilli(1_790_000_000_000L + nanos / MILLI);
            }
        };
        board = new TwinBoard(32, order, clock, 1).hiddenMap(seed).strictHoles(scenario.strictHoles);
        scenario.setup.accept(board);
        pass(random.nextInt(600) * SECOND / 10);
    }

    // ---- the clock ----

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    @Override
    public void parkUntil(long until) {
        pass(Math.max(0, until - nanos));
    }

    private void pass(long duration) {
        nanos += duration;
        board.readInput(0x2001, 2);
    }

    // ---- the wire ----

    @Override
    public int[] read(int address, int count) throws ModbusException, LinkException {
        double character = scenario.baud == 0 ? 0 : BITS / scenario.baud * SECOND;
        pass((long) ((REQUEST_BYTES + SILENCE) * character) + 5 * MILLI);
        int[] words = board.readInput(address, count);
        pass((long) ((ANSWER_BYTES + SILENCE + (words == null ? 0 : 2 * count)) * character) + 5 * MILLI);
        if (words == null) {
            throw new ModbusException(ModbusException.ILLEGAL_DATA_ADDRESS);
        }
        return words;
    }

    TwinBoard board() {
        return board;
    }

    /** Searches until the end of the time. */
    RegisterSearch search() {
        RegisterSearch search = new RegisterSearch(scenario.withCells, 125, scenario.duration, this);
        long begun = nanos;
        while (!search.isDone()) {
            // Somebody else shows one board after the other.
            board.set("logic#selected-board", (nanos - begun) / (2 * SECOND) % 2 + 1);
            try {
                search.step(this);
            } catch (LinkException e) {
                throw new IllegalStateException(e);
            }
            parkUntil(Math.min(search.due(), nanos + SECOND));
        }
        return search;
    }

    // ---- the judgement ----

    /** Runs a scenario on many maps in both word orders. */
    static Map<Quantity, Count> run(Scenario scenario, int maps) {
        Map<Quantity, Count> counts = new EnumMap<>(Quantity.class);
        for (long seed = 1; seed <= maps; seed++) {
            for (TwinBoard.WordOrder order : TwinBoard.WordOrder.values()) {
                HiddenMapTrial trial = new HiddenMapTrial(scenario, seed, order);
                RegisterSearch search = trial.search();
                WordOrder told = seed % 2 == 0 ? null : WordOrder.valueOf(order.name());
                for (RegisterSuggestion suggestion : RegisterSuggester.suggest(search.samples(), told)) {
                    if (suggestion.quantity() != Quantity.COUNTER) {
                        Count count = counts.get(suggestion.quantity());
                        if (count == null) {
                            count = new Count();
                            counts.put(suggestion.quantity(), count);
                        }
                        trial.judge(suggestion, count, seed + " " + order);
                    }
                }
            }
        }
        return counts;
    }

    private void judge(RegisterSuggestion suggestion, Count count, String which) {
        count.cases++;
        boolean right = isRight(suggestion);
        count.right += right ? 1 : 0;
        count.sure += suggestion.isSure() ? 1 : 0;
        count.sureWrong += suggestion.isSure() && !right ? 1 : 0;
        if (!right) {
            count.wrong.add((suggestion.isSure() ? "SURE " : "") + which + ": " + suggestion + ", not "
                    + places(suggestion.quantity()));
        }
    }

    private List<HiddenMap.Entry> places(Quantity quantity) {
        HiddenMap map = board.hiddenMap();
        if (map == null) {
            return List.of();
        }
        if (quantity == Quantity.CELLS) {
            return List.of(map.window().get(0));
        }
        String name = quantity == Quantity.CELL_LIST ? "CELL_VOLTAGE" : quantity.name();
        return map.entries().stream().filter(entry -> entry.what().name().equals(name) && entry.index() == 0
                && map.has(entry.address())).toList();
    }

    /** Whether a proposal reads what the map holds there: 16 bits of a number of 32 that is small enough are right. */
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
            int low = entry.address() + (entry.type().registers() == 2 && isBig() ? 1 : 0);
            boolean sameAddress = isPair || entry.type().registers() == 1 ? place.address() == entry.address()
                    : place.address() == low;
            if (sameAddress && sameScale && sameType && (!isPair || entry.type().registers() == 2)) {
                return true;
            }
        }
        return false;
    }

    private boolean isBig() {
        int[] count = board.readInput(0x2422, 2);
        return count != null && count[0] > 0x4000;
    }

    /** The figures as a table. */
    static String table(Scenario scenario, Map<Quantity, Count> counts) {
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, "%-44s  cases  right   sure  sure and wrong%n", scenario.name));
        counts.forEach((quantity, count) -> text.append(String.format(Locale.ROOT, "  %-42s  %5d %5.1f%% %5.1f%%  %5d%n",
                quantity, count.cases, 100.0 * count.right / count.cases, 100.0 * count.sure / count.cases,
                count.sureWrong)));
        return text.toString();
    }

    public static void main(String[] arguments) {
        int maps = Integer.parseInt(arguments[0]);
        int shown = Integer.parseInt(arguments[1]);
        for (Scenario scenario : List.of(Scenario.tcp(), Scenario.rtu(9600))) {
            long begun = System.nanoTime();
            Map<Quantity, Count> counts = run(scenario, maps);
            System.out.println(table(scenario, counts) + (System.nanoTime() - begun) / SECOND + " s");
            counts.forEach((quantity, count) -> count.wrong.stream()
                    .sorted((a, b) -> Boolean.compare(b.startsWith("SURE"), a.startsWith("SURE"))).limit(shown)
                    .forEach(System.out::println));
        }
    }
}
