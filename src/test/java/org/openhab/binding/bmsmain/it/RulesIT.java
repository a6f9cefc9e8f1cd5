/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.it;

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.it.OsgiIT.SOON;
import static org.openhab.binding.bmsmain.it.OsgiIT.TCP;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openhab.binding.bmsmain.runtime.HostClient;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime.Kind;
import org.openhab.binding.bmsmain.template.TemplateRule;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.core.library.types.DateTimeType;
import org.openhab.core.library.types.OnOffType;
import org.openhab.core.library.types.QuantityType;
import org.openhab.core.library.types.StringType;
import org.openhab.core.types.State;
import org.openhab.core.types.TypeParser;
import org.openhab.core.types.UnDefType;
import org.osgi.framework.Bundle;

/**
 * Each rule template with the installed JAR and a board of its own: the commands of its script when there is a
 * reason, when the reason is gone, after a restart without any stored state, and when openHAB starts with a dead
 * board. All rows run through it together, since most of the time is waiting. The scripts are those of the
 * templates; the tests' own interpreter runs them, because openHAB's needs a complete openHAB.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(180)
class RulesIT {

    private static final Duration LATER = Duration.ofMinutes(6);
    private static final Duration STILL = Duration.ofMillis(600);
    /** Much longer than any step takes, so that a busy machine does not affect the result. */
    private static final Duration TOLD = Duration.ofSeconds(30);
    private static final List<Class<? extends State>> TEXTS = List.of(UnDefType.class, StringType.class);
    private static final List<Class<? extends State>> STATES = List.of(UnDefType.class, OnOffType.class,
            QuantityType.class, DateTimeType.class, StringType.class);

    /**
     * One row. The expected commands are a regular expression over all commands, each followed by a space. A board
     * in its initial state has nothing to report, is half charged and at 20 degrees.
     *
     * @param channels the channels of the Items, by parameter
     * @param on creates the reason
     * @param off removes the reason
     * @param sentOn the commands when there is a reason
     * @param sentOff the commands when the reason is gone
     * @param sentAgain the commands after a restart while the reason lasts; no Item has a state at the start
     * @param sentDead the commands when openHAB starts with a dead board
     */
    record Row(String template, Map<String, String> channels, Consumer<TwinBoard> on, Consumer<TwinBoard> off,
            String sentOn, String sentOff, String sentAgain, String sentDead) {

        @Override
        public String toString() {
            return template;
        }
    }

    static Stream<Row> rows() {
        Map<String, String> soc = Map.of("soc", "battery#state-of-charge");
        String energy = "message=Battery today: \\d+[.,]\\d kWh charged, \\d+[.,]\\d kWh discharged ";
        String summary = "message=Battery 50 %, 20[.,]0 °C, alarm: ";
        // The cell names arrive a moment after the difference.
        String imbalance = "(?=.*message=Cells differ by \\d+ mV: lowest [12]/3, highest [12]/\\d+ )"
                + "message=.* target=ON (message=.* )*";
        return Stream.of(
                new Row("alarm", Map.of("alarm", "faults#alarm"), board -> board.fault("water"),
                        board -> board.clear("water"), "message=Water detected target=ON ", "message=OK target=OFF ",
                        "message=Water detected target=ON ", ""),
                new Row("alarm-of-any-board", Map.of(), board -> board.fault("water"), board -> board.clear("water"),
                        "message=bmsmain:tcp:alarm-of-any-board RAISED:water target=ON ",
                        "message=bmsmain:tcp:alarm-of-any-board CLEARED:water ", "", ""),
                new Row("low-state-of-charge", soc, charge(15), charge(40), "target=ON ", "target=OFF ", "target=ON ",
                        ""),
                new Row("battery-full", soc, charge(100), charge(50), "target=ON ", "target=OFF ", "target=ON ", ""),
                new Row("cell-imbalance",
                        Map.of("difference", "logic#cell-voltage-difference", "lowest", "logic#min-voltage-cell",
                                "highest", "logic#max-voltage-cell"),
                        board -> board.set("input:0x2014", "3000"), board -> board.clear("input:0x2014"), imbalance,
                        // The boards are read one after the other: for a moment only the second one has the fault.
                        "(message=Cells differ by \\d+ mV: lowest 2/3, highest [12]/\\d+ )?target=OFF ", imbalance, ""),
                new Row("humidity-or-water", Map.of("humidity", "sensors#humidity", "water", "faults#water"),
                        board -> board.set("sensors#humidity", 85), board -> board.set("sensors#humidity", 40),
                        "target=ON ", "target=OFF ", "target=ON ", ""),
                new Row("heater",
                        Map.of("temperature", "battery#min-cell-temperature", "heater", "control#close-external-1"),
                        board -> board.set("battery#min-cell-temperature", 2),
                        board -> board.set("battery#min-cell-temperature", 20), "heater=on ", "heater=physical ",
                        "(heater=physical )*heater=on ", "heater=physical "),
                new Row("charge-window", with(soc, "control", "control#inhibit-charging"), charge(95), charge(50),
                        "marker=ON control=on ", "control=physical marker=OFF ", "marker=ON control=on ", ""),
                new Row("daily-summary",
                        with(soc, "temperature", "battery#min-cell-temperature", "alarm", "faults#alarm"),
                        board -> board.fault("water"), board -> board.clear("water"), summary + "Water detected ",
                        summary + "OK ", summary + "Water detected ",
                        "message=Battery unknown, unknown, alarm: unknown "),
                new Row("daily-energy", Map.of("charged", "energy#charged-energy-today", "discharged",
                        "energy#discharged-energy-today"), board -> {
                        }, board -> {
                        }, energy, energy, energy, energy),
                new Row("link-lost", Map.of("lastUpdate", "link#last-update"), board -> {
                }, board -> {
                }, "target=ON ", "target=OFF ", "target=OFF ", "target=ON "));
    }

    private static Map<String, String> with(Map<String, String> channels, String... more) {
        Map<String, String> all = new LinkedHashMap<>(channels);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    private static Consumer<TwinBoard> charge(double percent) {
        return board -> board.set("battery#state-of-charge", percent);
    }

    /** A board, and the Thing that reads it. */
    private final class Home {

        final TwinBoard board = new TwinBoard().frozen(true).set("battery#state-of-charge", 50)
                .set("battery#min-cell-temperature", 20).set("sensors#humidity", 40);
        final Twin twin;
        final String thing;

        Home(String id) throws IOException {
            twin = Twin.tcp(0, board);
            homes.add(this);
            thing = host().addThing(TCP, id,
                    Map.of("host", "127.0.0.1", "port", twin.port(), "refreshInterval", 0.2, "slowRefreshInterval", 1,
                            "staleAfter", 2, "allowControl", true, "boardScan", true, "registers",
                            List.of("battery#voltage = input:0x2104:REAL32",
                                    "battery#min-cell-temperature = input:0x2108:S16:0.1",
                                    "cell-voltage-{1..12} = window:0x2011+1*{i}:U16:0.001")));
        }

        void awaitOnline() {
            assertTrue(host().await(
                    () -> "ONLINE".equals(host().status(thing).status())
                            && host().states(thing).getOrDefault("logic#min-voltage-cell", "NULL").matches("[12]/\\d+"),
                    SOON), this::toString);
        }

        void awaitOffline() {
            assertTrue(host().await(() -> "OFFLINE".equals(host().status(thing).status()), SOON), this::toString);
        }

        /** Returns the Item of a channel. It is recreated, so it has no state before the first update. */
        String item(String channel) {
            String item = (thing + "_" + channel).replaceAll("[^a-z0-9]", "_");
            host().unlink(thing, channel);
            host().link(thing, channel, item);
            return item;
        }

        String lastUpdate() {
            return String.valueOf(host().states(thing).get("link#last-update"));
        }

        @Override
        public String toString() {
            return host().status(thing) + " " + host().states(thing);
        }
    }

    /** Execution of a row. */
    private final class Trial {

        final Row row;
        final Home home;
        /** Empty, or a description of the error, by the step of the trial. */
        final Map<String, String> outcomes = new LinkedHashMap<>();
        private final StringBuilder sent = new StringBuilder();
        private TemplateRule rule;
        private int toldEvents;
        private String expected = "";
        private boolean isTold;

        Trial(Row row) throws IOException {
            this.row = row;
            home = new Home(row.template);
            rule = new TemplateRule(row.template);
        }

        boolean isAboutTime() {
            return "link-lost".equals(row.template);
        }

        /** Recreates the rule and its Items. */
        TemplateRule begin() {
            rule = new TemplateRule(row.template);
            if ("charge-window".equals(row.template)) {
                rule.with("start", "00:00").with("end", "23:59");
            }
            row.channels.forEach((parameter, channel) -> {
                String item = home.item(channel);
                boolean isText = "String".equals(host().channels(home.thing).get(channel).get("itemType"));
                rule.connect(parameter, () -> state(host().itemState(item), isText),
                        command -> host().itemCommand(item, command));
            });
            toldEvents = host().triggers(home.thing, "faults#event").size();
            return rule;
        }

        void expect(String regex) {
            expected = regex;
            sent.setLength(0);
            isTold = false;
        }

        /**
         * Whether a command is expected before the rule's time trigger; further ones may follow with the next minute.
         */
        boolean isAwaited() {
            boolean hasBegun = sent.length() > 0 && rule.waitsForMinutes();
            return !isTold && !hasBegun && !expected.isEmpty() && rule.waitsForItems();
        }

        /** Passes changes and events to the rule. */
        void look() {
            rule.look();
            List<String> events = host().triggers(home.thing, "faults#event");
            events.subList(Math.min(toldEvents, events.size()), events.size())
                    .forEach(event -> rule.event(home.thing + ":faults#event", event));
            toldEvents = events.size();
            rule.sent().forEach(one -> sent.append(one).append(' '));
            isTold |= !expected.isEmpty() && isRight();
        }

        /** Fires the time triggers. */
        void time(Instant minute) {
            if (!isTold) {
                rule.time("20:00").time("23:55").minute(minute);
            }
        }

        /** Whether the rule has sent the expected commands and has no more to send. */
        boolean isSettled(Instant minute) {
            look();
            return isTold || isRight() && rule.minute(minute).sent().isEmpty();
        }

        private boolean isRight() {
            return sent.toString().matches(expected);
        }

        void end(String when) {
            outcomes.put(when, isRight() ? "" : sent + "instead of " + expected + "; " + home);
        }
    }

    private final List<Home> homes = new ArrayList<>();
    private final Map<String, Trial> trials = new LinkedHashMap<>();
    private @Nullable OsgiRuntime runtime;
    private @Nullable Bundle bundle;
    private @Nullable HostClient client;

    @BeforeAll
    void start() throws Exception {
        OsgiRuntime started = OsgiIT.start(Kind.EQUINOX);
        runtime = started;
        bundle = OsgiIT.installAndStart(started);
        client = started.host();
        for (Row row : rows().toList()) {
            trials.put(row.template, new Trial(row));
        }
        homes.forEach(Home::awaitOnline);
        tryAll();
    }

    @AfterAll
    void stop() {
        if (runtime != null) {
            runtime.close();
        }
        homes.forEach(home -> home.twin.close());
    }

    /** @param isText whether the state is a text, where 1/3 is the name of a cell and not a number */
    private static State state(String text, boolean isText) {
        State state = TypeParser.parseState(isText ? TEXTS : STATES, text);
        return state == null ? new StringType(text) : state;
    }

    private void tryAll() throws Exception {
        Instant now = Instant.now();
        trials().forEach(Trial::begin);
        settle();
        change(row -> row.on);
        // A link is lost when time passes without a reading; here only the clock of the rule advances.
        send("on", row -> row.sentOn, trial -> trial.isAboutTime() ? now.plus(LATER) : now);
        change(row -> row.off);
        send("off", row -> row.sentOff, trial -> now);

        change(row -> row.on);
        settle();
        Bundle binding = bundle();
        binding.stop();
        trials().forEach(trial -> trial.begin().restart(now));
        binding.start();
        homes.forEach(Home::awaitOnline);
        Instant again = Instant.now();
        send("restart", row -> row.sentAgain, trial -> again);
        change(row -> row.off);
        settle();

        binding.stop();
        trials().forEach(trial -> trial.begin().restart(now));
        homes.forEach(home -> home.twin.pause());
        try {
            binding.start();
            homes.forEach(Home::awaitOffline);
            Instant later = Instant.now().plus(LATER);
            send("dead board at start", row -> row.sentDead, trial -> later);
        } finally {
            homes.forEach(home -> home.twin.resume());
        }
        homes.forEach(Home::awaitOnline);
    }

    private Collection<Trial> trials() {
        return trials.values();
    }

    /** Runs each rule until it has sent the expected commands, and for a while longer. */
    private void send(String when, Function<Row, String> expected, Function<Trial, Instant> minute) {
        trials().forEach(trial -> trial.expect(expected.apply(trial.row)));
        host().await(() -> {
            trials().forEach(Trial::look);
            return trials().stream().noneMatch(Trial::isAwaited);
        }, TOLD);
        look(Trial::look);
        trials().forEach(trial -> trial.time(minute.apply(trial)));
        host().await(() -> trials().stream().filter(trial -> !trial.isSettled(minute.apply(trial))).count() == 0,
                STILL);
        trials().forEach(trial -> trial.end(when));
    }

    private void settle() {
        look(trial -> trial.rule.look().sent());
    }

    private void look(Consumer<Trial> how) {
        host().await(() -> {
            trials().forEach(how);
            return false;
        }, STILL);
    }

    /** Changes each board, and waits until its Thing has completed a new read cycle. */
    private void change(Function<Row, Consumer<TwinBoard>> how) {
        trials().forEach(trial -> how.apply(trial.row).accept(trial.home.board));
        for (int reading = 0; reading < 2; reading++) {
            Map<Trial, String> before = new HashMap<>();
            trials().forEach(trial -> before.put(trial, trial.home.lastUpdate()));
            assertTrue(
                    host().await(
                            () -> before.entrySet().stream()
                                    .noneMatch(entry -> entry.getKey().home.lastUpdate().equals(entry.getValue())),
                            SOON));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void sendsWhatItShould(Row row) {
        Trial trial = trials.get(row.template);
        assertNotNull(trial);
        assertEquals(Map.of("on", "", "off", "", "restart", "", "dead board at start", ""), trial.outcomes);
    }

    /** The restored time of the last reading is still valid when the first report says that the board is dead. */
    @Test
    void aRestoredTimeOfTheLastReadingOutlivesADeadBoard() throws Exception {
        Home home = homes.get(0);
        Bundle binding = bundle();
        binding.stop();
        String restored = "2026-05-04T12:00:00.000+0000";
        String item = home.item("link#last-update");
        home.twin.pause();
        try {
            host().itemUpdate(item, restored);
            binding.start();
            home.awaitOffline();
            host().await(() -> false, STILL);
            assertEquals(state(restored, false), state(host().itemState(item), false));
        } finally {
            home.twin.resume();
            binding.start();
        }
        home.awaitOnline();
        assertTrue(host().await(() -> !state(restored, false).equals(state(host().itemState(item), false)), SOON));
    }

    @Test
    void everyTemplateHasARow() throws Exception {
        List<String> templates = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("ESH-INF", "automation", "templates"))) {
            files.forEach(file -> templates.add(file.getFileName().toString().replace(".yaml", "")));
        }
        assertEquals(new TreeSet<>(templates), new TreeSet<>(rows().map(Row::template).toList()));
    }

    private Bundle bundle() {
        Bundle present = bundle;
        assertNotNull(present);
        return present;
    }

    private HostClient host() {
        HostClient present = client;
        assertNotNull(present);
        return present;
    }

    /** Numbers are sent to the Items with the resolution configured in the Thing. */
    @Test
    void theResolutionOfTheThingHolds() throws Exception {
        Home home = homes.get(0);
        String item = home.item("battery#voltage");
        Map<String, String> shown = new HashMap<>();
        for (String resolution : List.of("full", "display")) {
            home.board.set("battery#voltage", 80);
            host().configure(home.thing, Map.of("resolution", resolution));
            home.awaitOnline();
            assertTrue(host().await(() -> "80 V".equals(host().itemState(item)), SOON));
            home.board.set("battery#voltage", 80.0078125);
            host().await(() -> !"80 V".equals(host().itemState(item)), Duration.ofSeconds(1));
            shown.put(resolution, host().itemState(item));
        }
        home.board.clear("battery#voltage");
        assertEquals(Map.of("full", "80.00781 V", "display", "80 V"), shown);
    }
}
