/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.config;

import static org.junit.jupiter.api.Assertions.*;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.WireType;
import org.openhab.binding.bmsmain.internal.modbus.RegisterSyntax;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.core.config.core.Configuration;

/**
 * Parameters as openHAB provides them: numbers from the UI, text from files.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ConfigReaderTest {

    @Test
    void readsWholeNumbersHoweverTheyAreStored() throws Exception {
        for (Object value : new Object[] { 32, 32L, 32.0, new BigDecimal("32"), new BigDecimal("32.0"), "32", " 32 ",
                "3.2e1" }) {
            assertEquals(32, reader("address", value).integer("address", 1, 1, 247), String.valueOf(value));
        }
        assertEquals(7, reader("address", " ").integer("address", 7, 1, 247));
        assertEquals(7, reader("other", 1).integer("address", 7, 1, 247));
    }

    /** As openHAB does for the configuration of a Thing when a handler reads it. */
    @Test
    void putsInEnvironmentVariables() {
        String path = System.getenv("PATH");
        ConfigReader reader = ConfigReader.ofStored(new Configuration(Map.of("port", "/x/${ENV:PATH}-${ENV:PATH}$1",
                "registers", List.of("a = ${ENV:PATH}", "$ENV:PATH ${PATH}"), "address", 32)));
        assertEquals("/x/" + path + "-" + path + "$1", reader.text("port", ""));
        assertEquals(List.of("a = " + path, "$ENV:PATH ${PATH}"), reader.lines("registers"));
        assertEquals("32", reader.text("address", ""));
        assertEquals(List.of("/x/" + path + "-" + path + "$1"), reader.texts());
        ConfigReader missing = ConfigReader
                .ofStored(new Configuration(Map.of("port", "${ENV:PATH}", "host", "${ENV:BMSMAIN_IS_NOT_SET}")));
        assertEquals("${ENV:PATH}", missing.text("port", ""));
        assertEquals("${ENV:BMSMAIN_IS_NOT_SET}", missing.text("host", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = { "0", "248", "-1", "32.5", "x", "1e999999999", "NaN", "0x20" })
    void refusesOtherNumbers(String text) {
        ConfigurationException e = assertThrows(ConfigurationException.class,
                () -> reader("address", text).integer("address", 1, 1, 247));
        assertEquals("@text/offline.config.invalid [\"address\",\"" + text + "\"]",
                e.statusText().replace("3E+1", "30"));
    }

    @ParameterizedTest
    @CsvSource({ "0.2, 200", "1, 1000", "0.25, 250", "3600, 3600000" })
    void readsTimes(String seconds, long millis) throws Exception {
        assertEquals(Duration.ofMillis(millis),
                reader("refreshInterval", new BigDecimal(seconds)).seconds("refreshInterval", 1, 0.2, 3600));
    }

    @ParameterizedTest
    @ValueSource(strings = { "0.1999", "3600.1", "-1", "1 s" })
    void refusesOtherTimes(String text) {
        assertThrows(ConfigurationException.class,
                () -> reader("refreshInterval", text).seconds("refreshInterval", 1, 0.2, 3600));
    }

    @Test
    void aNumberOfAMillionDigitsIsRefusedAtOnce() {
        ConfigurationException e = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertThrows(
                ConfigurationException.class,
                () -> reader("refreshInterval", "9".repeat(1_000_000)).seconds("refreshInterval", 1, 0.2, 3600)));
        assertTrue(e.statusText().length() < 300, e.statusText());
    }

    @Test
    void readsChoicesInAnyCase() throws Exception {
        assertEquals(Parity.EVEN, reader("parity", "even").choice("parity", Parity.NONE, Parity.class));
        assertEquals(Parity.ODD, reader("parity", "ODD").choice("parity", Parity.NONE, Parity.class));
        assertEquals(Parity.NONE, reader("parity", null).choice("parity", Parity.NONE, Parity.class));
        assertThrows(ConfigurationException.class,
                () -> reader("parity", "mark").choice("parity", Parity.NONE, Parity.class));
    }

    @Test
    void readsSwitches() throws Exception {
        assertTrue(reader("allowControl", true).flag("allowControl"));
        assertTrue(reader("allowControl", "TRUE").flag("allowControl"));
        assertFalse(reader("allowControl", false).flag("allowControl"));
        assertFalse(reader("other", true).flag("allowControl"));
        assertThrows(ConfigurationException.class, () -> reader("allowControl", "yes").flag("allowControl"));
    }

    @Test
    void readsLinesFromAListAndFromOneText() {
        assertEquals(List.of("a", "b"), reader("registers", List.of("a", "b")).lines("registers"));
        assertEquals(List.of("a"), reader("registers", "a").lines("registers"));
        assertEquals(List.of("a", "b"), reader("registers", "a\nb\n").lines("registers"));
        assertEquals(List.of(), reader("registers", null).lines("registers"));
    }

    @Test
    void namesWhatIsMissing() throws Exception {
        assertEquals("x", reader("port", " x ").required("port", "port"));
        ConfigurationException e = assertThrows(ConfigurationException.class,
                () -> reader("port", "  ").required("port", "port"));
        assertTrue(e.statusText().startsWith("@text/offline.config.port"));
    }

    /** Refresh and stale time in seconds; 0 = three refreshes, at least five seconds. */
    @ParameterizedTest(name = "refresh {0} s, stale after {1}: {2} s")
    @CsvSource({ "1, 0, 5", "0.2, 0, 5", "2, 0, 6", "3600, 0, 10800", "1, 2, 2", "1, 1.5, 1.5", "10, 86400, 86400" })
    void aValueCountsForThreeRefreshesOrAsTheUserSays(double refresh, String stale, double lifetime) throws Exception {
        assertEquals(Duration.ofMillis((long) (lifetime * 1000)),
                BoardConfiguration.lifetime(reader("staleAfter", stale), Duration.ofMillis((long) (refresh * 1000))));
    }

    @ParameterizedTest
    @CsvSource({ "1, 1", "10, 5", "1, -1", "1, 86401" })
    void aValueMustNotBeTooOldBeforeItCanBeNew(int refresh, String stale) {
        ConfigurationException e = assertThrows(ConfigurationException.class,
                () -> BoardConfiguration.lifetime(reader("staleAfter", stale), Duration.ofSeconds(refresh)));
        assertEquals("@text/offline.config.invalid [\"staleAfter\",\"" + stale + "\"]", e.statusText());
    }

    @Test
    void slowValuesCountForThreeSlowRefreshes() {
        assertEquals(Duration.ofSeconds(90), BoardSetup.slowLifetime(Duration.ofSeconds(5), Duration.ofSeconds(30)));
        assertEquals(Duration.ofSeconds(100), BoardSetup.slowLifetime(Duration.ofSeconds(100), Duration.ofSeconds(30)));
    }

    @Test
    void relaysHaveTheFunctionsOfTheManualAndInputsNone() throws Exception {
        BoardSetup setup = setup(Map.of());
        assertEquals(List.of(Catalogue.DISCHARGING_CONTACTOR, Catalogue.ALLOW_CHARGING, Catalogue.CHARGING_CONTACTOR,
                Catalogue.HEATER), setup.relayFunctions());
        assertEquals("[null, null, null, null]", setup.inputFunctions().toString());
        assertEquals(Map.of(), setup.locations());
        assertFalse(setup.confirmFaults());
    }

    @Test
    void theUserSaysWhatRelaysAndInputsDo() throws Exception {
        BoardSetup setup = setup(
                Map.of("relay1Function", "none", "relay3Function", "cooler", "input2Function", "charger-connected",
                        "faultConfirmation", true, "registers", List.of("battery#voltage = input:0x2104:REAL32")));
        assertEquals("[null, internal-signals#allow-charging, internal-signals#cooler, internal-signals#heater]",
                setup.relayFunctions().toString());
        assertEquals("[null, input-signals#charger-connected, null, null]", setup.inputFunctions().toString());
        assertEquals(Map.of(Catalogue.VOLTAGE, RegisterLocation.input(0x2104, WireType.REAL32)), setup.locations());
        assertTrue(setup.confirmFaults());
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            relay2Function | fuse-1                | @text/offline.config.relay-function ["2","fuse-1"]
            relay4Function | charging              | @text/offline.config.relay-function ["4","charging"]
            input1Function | heater                | @text/offline.config.input-function ["1","heater"]
            registers      | battery#voltage       | @text/offline.config.registers ["1","@text/location.no-equals","battery#voltage"]
            registers      | battery#volt = 1      | @text/offline.config.registers ["1","@text/location.unknown-channel","battery#volt"]
            """)
    void namesTheParameterThatIsWrong(String name, String value, String status) {
        assertEquals(status, assertThrows(ConfigurationException.class, () -> setup(Map.of(name, value))).statusText());
    }

    private static BoardSetup setup(Map<String, Object> parameters) throws ConfigurationException {
        return BoardConfiguration.setup(new ConfigReader(new Configuration(parameters)), RegisterSyntax::parse,
                List.of(), Duration.ofSeconds(5), Duration.ofSeconds(90));
    }

    private static ConfigReader reader(String name, @Nullable Object value) {
        Map<String, Object> parameters = new HashMap<>();
        if (value != null) {
            parameters.put(name, value);
        }
        return new ConfigReader(new Configuration(parameters));
    }
}
