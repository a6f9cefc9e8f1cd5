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

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.openhab.binding.bmsmain.fuzz.Rounds;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.LocationLine;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggester;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion.Evidence;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion.Kind;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion.Quantity;
import org.openhab.binding.bmsmain.internal.modbus.LogicWindow;
import org.openhab.binding.bmsmain.internal.modbus.RegisterSyntax;
import org.openhab.binding.bmsmain.twin.HiddenMapTrial.Count;
import org.openhab.binding.bmsmain.twin.HiddenMapTrial.Scenario;
import org.slf4j.LoggerFactory;

/**
 * Searches hidden maps and checks the results.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HiddenMapTest {

    private static final int MAPS = Rounds.of(50);
    private static final int MAPS_OF_VARIANTS = Rounds.of(20);

    private static final List<Properties> TEXTS = List.of(texts("bmsmain.properties"), texts("bmsmain_de.properties"));

    private static Properties texts(String file) {
        Properties texts = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of("ESH-INF", "i18n", file))) {
            texts.load(in);
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void placesAreFoundInSixtySeconds() {
        Map<Quantity, Count> counts = run(Scenario.tcp(), MAPS);
        assertRight(counts, Quantity.PACK_VOLTAGE, 95);
        assertRight(counts, Quantity.MIN_CELL_VOLTAGE, 90);
        assertRight(counts, Quantity.AVERAGE_CELL_VOLTAGE, 90);
        assertRight(counts, Quantity.MAX_CELL_VOLTAGE, 90);
        assertRight(counts, Quantity.MIN_CELL_TEMPERATURE, 75);
        assertRight(counts, Quantity.MAX_CELL_TEMPERATURE, 75);
        assertRight(counts, Quantity.POWER, 95);
        assertRight(counts, Quantity.CELL_LIST, 95);
        assertRight(counts, Quantity.CELLS, 90);
        assertTrue(share(counts, Quantity.PACK_VOLTAGE, true) >= 95, "voltages are sure");
        assertTrue(share(counts, Quantity.MIN_CELL_VOLTAGE, true) >= 50, "cells are sure");
    }

    /** A tenth of 960 characters per second: the same number of readings takes three minutes. */
    @Test
    void placesAreFoundOnASlowLine() {
        Map<Quantity, Count> counts = run(Scenario.rtu(9600, 180), MAPS_OF_VARIANTS);
        assertRight(counts, Quantity.PACK_VOLTAGE, 95);
        assertTrue(share(counts, Quantity.PACK_VOLTAGE, true) >= 90, "voltages are sure");
    }

    @Test
    void placesAreFoundInABoardThatRefusesHoles() {
        assertRight(run(Scenario.rtu(115_200, 300).strict(), MAPS_OF_VARIANTS / 2), Quantity.PACK_VOLTAGE, 90);
    }

    /** A minute is too short for a slow line, and the result must say so. */
    @Test
    void tooFewReadingsAreTold() {
        HiddenMapTrial trial = new HiddenMapTrial(Scenario.rtu(9600, 60), 3, TwinBoard.WordOrder.LITTLE);
        RegisterSuggestion voltage = RegisterSuggester.suggest(trial.search().samples(), null).get(0);
        assertFalse(voltage.isSure());
        assertEquals(Kind.MORE_READINGS, voltage.advice().get(0).kind());
    }

    static List<Scenario> hostile() {
        return Scenario.hostile();
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void nothingWrongIsSure(Scenario scenario) {
        run(scenario, MAPS_OF_VARIANTS);
    }

    @Test
    void nothingIsSureAtRest() {
        Map<Quantity, Count> counts = run(Scenario.resting(), MAPS_OF_VARIANTS);
        counts.forEach((quantity, count) -> assertEquals(0, count.sure, quantity::name));
        HiddenMapTrial trial = new HiddenMapTrial(Scenario.resting(), 5, TwinBoard.WordOrder.LITTLE);
        RegisterSuggestion voltage = RegisterSuggester.suggest(trial.search().samples(), null).get(0);
        assertEquals(Quantity.PACK_VOLTAGE, voltage.quantity());
        assertEquals(Kind.MORE_CURRENT, voltage.advice().get(0).kind());
        assertEquals(List.of("20"), voltage.advice().get(0).arguments());
    }

    @ParameterizedTest
    @EnumSource(TwinBoard.WordOrder.class)
    void linesCanBeConfigured(TwinBoard.WordOrder order) throws Exception {
        int lines = 0;
        for (long seed = 1; seed <= 20; seed++) {
            HiddenMapTrial trial = new HiddenMapTrial(Scenario.tcp(), seed, order);
            for (RegisterSuggestion suggestion : RegisterSuggester.suggest(trial.search().samples(), null)) {
                String line = suggestion.line();
                String channel = suggestion.quantity().channel();
                if (line == null) {
                    continue;
                }
                lines++;
                if (channel == null) {
                    assertTrue(LogicWindow.isWindowLine(line), line);
                    new LogicWindow().add(line);
                } else {
                    assertEquals(suggestion.place(),
                            LocationLine.parseAll(List.of(line), RegisterSyntax::parse).get(Catalogue.byId(channel)),
                            line);
                }
                assertFalse(suggestion.evidence().isEmpty(), line);
                assertEquals(suggestion.isSure(), suggestion.advice().isEmpty(), line);
                suggestion.evidence().forEach(HiddenMapTest::assertWords);
                suggestion.advice().forEach(HiddenMapTest::assertWords);
            }
        }
        assertTrue(lines > 100, "lines: " + lines);
    }

    /** A reason has a text in both languages, with a placeholder for each of its figures. */
    private static void assertWords(Evidence reason) {
        for (Properties texts : TEXTS) {
            String text = texts.getProperty(reason.key());
            assertNotNull(text, reason.key());
            for (int i = 0; i < reason.arguments().size(); i++) {
                assertTrue(text.contains("{" + i + "}"), text);
            }
            assertFalse(text.contains("{" + reason.arguments().size() + "}"), text);
        }
    }

    @Test
    void sameSeedGivesTheSameMap() {
        Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        TwinBoard one = new TwinBoard(32, TwinBoard.WordOrder.LITTLE, clock, 1).hiddenMap(7);
        TwinBoard same = new TwinBoard(32, TwinBoard.WordOrder.LITTLE, clock, 1).hiddenMap(7);
        TwinBoard other = new TwinBoard(32, TwinBoard.WordOrder.LITTLE, clock, 1).hiddenMap(8);
        int[] words = one.readInput(0x21A3, 125);
        assertArrayEquals(words, same.readInput(0x21A3, 125));
        assertFalse(Arrays.equals(words, other.readInput(0x21A3, 125)));
        assertArrayEquals(one.readInput(0x2420, 10), other.readInput(0x2420, 10), "public registers stay");
    }

    private static Map<Quantity, Count> run(Scenario scenario, int maps) {
        Map<Quantity, Count> counts = HiddenMapTrial.run(scenario, maps);
        LoggerFactory.getLogger(HiddenMapTest.class).info("{}", HiddenMapTrial.table(scenario, counts));
        counts.forEach((quantity, count) -> assertEquals(0, count.sureWrong,
                () -> scenario.name() + ": " + count.wrong.stream().filter(text -> text.startsWith("SURE")).toList()));
        return counts;
    }

    private static void assertRight(Map<Quantity, Count> counts, Quantity quantity, double percent) {
        double share = share(counts, quantity, false);
        assertTrue(share >= percent, () -> quantity + " is right in " + share + " %");
    }

    private static double share(Map<Quantity, Count> counts, Quantity quantity, boolean sure) {
        Count count = counts.get(quantity);
        return count == null ? 0 : 100.0 * (sure ? count.sure : count.right) / count.cases;
    }
}
