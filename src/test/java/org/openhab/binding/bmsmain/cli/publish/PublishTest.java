/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli.publish;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.cli.publish.Property.Datatype;
import org.openhab.binding.bmsmain.internal.board.ActiveFault;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Setups;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome;
import org.openhab.binding.bmsmain.internal.transport.ManualTicker;

/**
 * Messages, topics and times of publishing, without a broker.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class PublishTest {

    private static final long SECOND = 1_000_000_000L;
    private static final Duration MINUTE = Duration.ofSeconds(60);

    /** Texts that consist of their keys. */
    static final class TestWords implements Words {
        @Override
        public String label(Point point) {
            return "label of " + point.id();
        }

        @Override
        public String group(String group) {
            return "group " + group;
        }

        @Override
        public String control(Point signal) {
            return "force " + signal.name();
        }

        @Override
        public String lastResult() {
            return "last result";
        }

        @Override
        public String missing() {
            return "missing";
        }

        @Override
        public String fault(ActiveFault fault) {
            return "fault " + fault.id();
        }

        @Override
        public String fault(String id) {
            return "fault " + id;
        }

        @Override
        public String noAlarm() {
            return "OK";
        }

        @Override
        public String outcome(ControlOutcome outcome) {
            return outcome.signal().name() + " = " + outcome.force().id() + ": " + outcome.result().key();
        }

        @Override
        public String version() {
            return "1";
        }
    }

    private final ManualTicker ticker = new ManualTicker();
    private final Words words = new TestWords();
    private final List<Message> said = new ArrayList<>();
    private final BoardAssembler board = new BoardAssembler(Setups.standard());

    private BoardSnapshot snapshot() {
        return board.snapshot(ticker.nanos(), ticker.now());
    }

    private void read(Point point, double value) {
        board.put(Catalogue.INITIALISATION, 0, ticker.nanos());
        board.put(point, value, ticker.nanos());
        board.put(Catalogue.INITIALISATION, 0, ticker.nanos());
    }

    private PublishedDevice device(boolean homie, Point... points) {
        List<Property> properties = new ArrayList<>();
        for (Point point : points) {
            properties.add(Property.of(point, words));
        }
        return device(homie, properties);
    }

    private PublishedDevice device(boolean homie, List<Property> properties) {
        Map<String, String> nodes = new LinkedHashMap<>();
        properties.forEach(property -> nodes.put(property.node(), property.node()));
        return new PublishedDevice(new Description("homie/b", "b", "B", "M", nodes, properties), homie, MINUTE, words,
                said::add, ticker);
    }

    /** Messages since the last call, by topic without {@code homie/b/}. */
    private Map<String, String> heard() {
        Map<String, String> heard = new LinkedHashMap<>();
        said.forEach(message -> heard.put(message.topic().substring("homie/b/".length()), message.payload()));
        said.clear();
        return heard;
    }

    // Digits

    /** The number of decimals follows the patterns that openHAB uses for display. */
    @Test
    void resolutionIsThatOfTheChannelTypes() throws IOException {
        Map<String, Integer> decimals = new HashMap<>();
        Matcher type = Pattern.compile("(?s)<channel-type id=\"([^\"]+)\".*?</channel-type>")
                .matcher(Files.readString(Path.of("ESH-INF", "thing", "channel-types.xml")));
        while (type.find()) {
            Matcher pattern = Pattern.compile("pattern=\"%\\.(\\d)f").matcher(type.group());
            decimals.put(type.group(1), pattern.find() ? Integer.parseInt(pattern.group(1)) : 0);
        }
        int compared = 0;
        for (Point point : Catalogue.channels()) {
            if (point.kind() == Kind.MEASUREMENT || point.kind() == Kind.COUNT) {
                String id = point.style().typeId().isEmpty() ? point.name() : point.style().typeId();
                assertEquals(decimals.get(id), point.decimals(), point.id());
                compared++;
            }
        }
        assertTrue(compared > 40);
    }

    @ParameterizedTest
    @CsvSource({ "battery#current, 12.3, 12.34, false", "battery#current, 12.3, 12.36, true",
            "battery#current, 12.3, 12.24, true", "battery#current, NaN, 12, true", "battery#current, 12, NaN, true",
            "battery#current, NaN, NaN, false", "battery#power, 100, 100.4, false", "battery#power, 100, 100.5, true",
            "battery#min-cell-voltage, 3.3, 3.3004, false", "battery#min-cell-voltage, 3.3, 3.3006, true",
            "energy#charged-energy, 1.5, 1.5004, false", "energy#equivalent-full-cycles, 1, 1.004, false",
            "energy#equivalent-full-cycles, 1, 1.006, true", "faults#active-count, 1, 2, true",
            "battery#charging, 0, 1, true", "faults#errors-1, 1, 1, false" })
    void aChangeIsHalfOfTheLastDigit(String id, double told, double value, boolean change) {
        assertEquals(change, point(id).isVisibleChange(told, value));
    }

    private static Point point(String id) {
        Point point = Catalogue.byId(id);
        assertNotNull(point, id);
        return point;
    }

    @Test
    void payloadsAreThoseOfHomie() {
        read(Catalogue.CURRENT, -0.04);
        assertEquals("0", Property.of(Catalogue.CURRENT, words).payload(snapshot(), words), "a zero has no sign");
        read(Catalogue.CURRENT, 1234.56);
        assertEquals("1234.6", Property.of(Catalogue.CURRENT, words).payload(snapshot(), words));
        assertEquals("", Property.of(Catalogue.VOLTAGE, words).payload(snapshot(), words));
        board.put(Catalogue.ERRORS_1, 0xC0000000L, ticker.nanos());
        assertEquals("3221225472", Property.of(Catalogue.ERRORS_1, words).payload(snapshot(), words));
        read(Catalogue.STATE, 9);
        assertEquals("state-9", Property.of(Catalogue.STATE, words).payload(snapshot(), words));
        assertEquals(Datatype.STRING, Property.of(Catalogue.STATE, words).datatype(), "the list of words is open");
        Property ds1 = Property.of(Catalogue.DS1, words);
        assertEquals(Datatype.ENUM, ds1.datatype());
        assertEquals(String.join(",", Catalogue.DS1.options()), ds1.format());
        assertEquals("0:100", Property.of(Catalogue.STATE_OF_CHARGE, words).format());
        assertEquals("", Property.of(Catalogue.CHARGED_ENERGY, words).format());
        assertEquals("properties/firmware-version", Property.of(Catalogue.FIRMWARE_VERSION, words).path());
    }

    @Test
    void idsAreThoseOfHomieAndUnique() {
        Set<String> paths = new HashSet<>();
        for (Point point : Catalogue.all()) {
            Property property = Property.of(point, words);
            assertTrue(paths.add(property.path()), property.path());
            assertTrue(property.path().matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?/[a-z0-9]([a-z0-9-]*[a-z0-9])?"),
                    property.path());
        }
    }

    // When

    @Test
    void allIsSaidAtAConnectionAndThenWhatChanges() {
        PublishedDevice device = device(true, Catalogue.CURRENT, Catalogue.VOLTAGE, Catalogue.CHARGE_IN);
        read(Catalogue.CURRENT, 5);
        device.update(snapshot(), true);
        assertEquals(Map.of(), heard(), "nobody hears");
        device.connected();
        Map<String, String> all = heard();
        assertEquals("4.0.0", all.get("$homie"));
        assertEquals("battery,energy", all.get("$nodes"));
        assertEquals("current,voltage", all.get("battery/$properties"));
        assertEquals("float", all.get("battery/current/$datatype"));
        assertEquals("5", all.get("battery/current"));
        assertEquals("", all.get("battery/voltage"), "an older value is taken away");
        assertFalse(all.containsKey("energy/charge-in"), "what stays true is kept until more is known");
        assertEquals("ready", all.get("$state"));
        read(Catalogue.CURRENT, 5.01);
        device.update(snapshot(), true);
        assertEquals(Map.of(), heard());
        device.nudge("energy/charge-in");
        assertEquals(Map.of(), heard(), "nothing is known that could be said");
        read(Catalogue.CURRENT, 5.2);
        device.update(snapshot(), true);
        assertEquals(Map.of("battery/current", "5.2"), heard());
        device.connected();
        assertEquals("5.2", heard().get("battery/current"));
    }

    @Test
    void withoutHomieThereAreOnlyTheStateAndTheValues() {
        PublishedDevice device = device(false, Catalogue.CURRENT);
        device.connected();
        assertEquals(Set.of("$state", "battery/current"), heard().keySet());
    }

    @Test
    void theLostBoardIsToldBeforeItsValuesGo() {
        PublishedDevice device = device(false, Catalogue.CURRENT);
        read(Catalogue.CURRENT, 5);
        device.update(snapshot(), true);
        device.connected();
        heard();
        ticker.leap(6 * SECOND);
        device.update(snapshot(), false);
        assertEquals("[$state, battery/current]", heard().keySet().toString());
        device.update(snapshot(), false);
        assertEquals(Map.of(), heard());
        read(Catalogue.CURRENT, 5);
        device.update(snapshot(), true);
        assertEquals("{battery/current=5, $state=ready}", heard().toString());
    }

    @Test
    void valuesOfTheMomentAreRepeatedAndForgottenAndOthersAreKept() {
        PublishedDevice device = device(false, Catalogue.CURRENT, Catalogue.LAST_UPDATE);
        read(Catalogue.CURRENT, 5);
        board.put(Catalogue.LAST_UPDATE, ticker.now().toEpochMilli(), ticker.nanos());
        device.update(snapshot(), true);
        device.connected();
        Map<String, Long> lives = new HashMap<>();
        said.forEach(message -> lives.put(message.topic(), message.lifeSeconds()));
        assertEquals(150, lives.get("homie/b/battery/current"));
        assertEquals(0, lives.get("homie/b/link/last-update"));
        assertEquals(150, lives.get("homie/b/$state"), "a collector that ends together with the broker leaves no will");
        heard();
        int repeats = 0;
        for (int second = 0; second < 600; second++) {
            ticker.leap(SECOND);
            device.tick();
            Map<String, String> heard = heard();
            repeats += heard.containsKey("battery/current") ? 1 : 0;
            assertFalse(heard.containsKey("link/last-update"));
        }
        assertTrue(repeats >= 9 && repeats <= 11, repeats + " repetitions in ten minutes");
    }

    @Test
    void numbersOfTheLinkAreSaidNowAndThen() {
        PublishedDevice device = device(false, Catalogue.REQUESTS);
        device.connected();
        int news = 0;
        for (int second = 0; second < 120; second++) {
            board.put(Catalogue.REQUESTS, second, ticker.nanos());
            device.update(snapshot(), true);
            news += heard().containsKey("link/requests") ? 1 : 0;
            ticker.leap(SECOND);
        }
        assertTrue(news >= 3 && news <= 5, news + " messages in two minutes");
    }

    @Test
    void whatIsWithdrawnIsNoLongerThere() {
        PublishedDevice device = device(false, Catalogue.CURRENT);
        read(Catalogue.CURRENT, 5);
        device.update(snapshot(), true);
        device.connected();
        heard();
        device.withdraw();
        assertEquals("{$state=disconnected, battery/current=}", heard().toString());
        device.update(snapshot(), true);
        assertEquals(Map.of(), heard());
    }

    @Test
    void theNewestMessageOfATopicReplacesTheOneThatWaits() {
        Outbox outbox = new Outbox();
        outbox.put(new Message("a", "1"));
        outbox.put(new Message("b", "1"));
        outbox.put(new Message("a", "2"));
        assertEquals(2, outbox.size());
        assertEquals(new Message("a", "2"), outbox.take());
        assertEquals(new Message("b", "1"), outbox.take());
        assertNull(outbox.take());
    }

    @Test
    void manyConnectionsAreOneLineInTheLog() {
        List<String> lines = new ArrayList<>();
        BrokerLog log = new BrokerLog(lines::add, new Broker("h", 1, null, "user", null), ticker);
        log.lost("a", "it is gone");
        for (int i = 0; i < 100; i++) {
            log.lost("b", "nothing listens on this port");
            log.lost("a", "nothing listens on this port");
        }
        ticker.leap(7 * SECOND);
        log.back("a");
        log.back("b");
        log.back("b");
        assertEquals(
                List.of("broker h:1: it is gone. Nothing is published until it is back.", "broker h:1: back after 7 s"),
                lines);
    }

    // Memory

    @Test
    void countersAndJournalAreKeptOverARestart(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("b.properties");
        List<String> log = new ArrayList<>();
        BoardRecords first = new BoardRecords(file, log::add, ticker);
        first.counting().meter().setCounters(1.5, 2.5, 3, 4);
        Instant time = Instant.parse("2026-11-30T10:00:00Z");
        first.take(snapshot(), List.of(new FaultEvent(time, true, "overvoltage")));
        first.save();
        BoardRecords second = new BoardRecords(file, log::add, ticker);
        assertEquals(1.5, second.show(snapshot()).number(Catalogue.CHARGED_ENERGY));
        assertEquals(1, second.show(snapshot()).number(Catalogue.FAULT_COUNT));
        assertTrue(second.journal(words).contains("\"time\":\"2026-11-30T10:00:00Z\",\"id\":\"overvoltage\""));
        assertEquals(List.of(), log);
        Files.writeString(file, "energy=nonsense\n");
        BoardRecords third = new BoardRecords(file, log::add, ticker);
        assertTrue(Double.isNaN(third.show(snapshot()).number(Catalogue.CHARGED_ENERGY)), "nothing is counted yet");
        assertEquals(1, log.size());
        assertEquals("energy=nonsense\n", Files.readString(folder.resolve("b.properties.broken")));
        assertEquals("", third.journal(words));
    }

    @Test
    void whatCannotBeWrittenIsToldOnce(@TempDir Path folder) {
        List<String> log = new ArrayList<>();
        BoardRecords records = new BoardRecords(folder.resolve("no/such/b.properties"), log::add, ticker);
        records.save();
        records.save();
        assertEquals(1, log.size(), log.toString());
    }
}
