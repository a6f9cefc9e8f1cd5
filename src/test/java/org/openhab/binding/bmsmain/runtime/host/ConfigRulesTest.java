/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.runtime.host;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.runtime.host.ConfigRules.Parameter;
import org.openhab.binding.bmsmain.runtime.host.ConfigRules.Type;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.config.core.validation.ConfigValidationException;
import org.osgi.framework.Bundle;

/**
 * Which values satisfy their description, as in openHAB.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ConfigRulesTest {

    private static final List<Parameter> PARAMETERS = List.of(
            new Parameter("host", Type.TEXT, true, null, null, null, false, null, Set.of(), true),
            new Parameter("port", Type.INTEGER, false, BigDecimal.ONE, new BigDecimal(65535), null, false, "502",
                    Set.of(), true),
            new Parameter("scale", Type.DECIMAL, false, null, null, null, false, "0.5", Set.of(), true),
            new Parameter("name", Type.TEXT, false, null, new BigDecimal(4), "[a-z]+", false, null, Set.of(), true),
            new Parameter("mode", Type.TEXT, false, null, null, null, false, null, Set.of("tcp", "rtu"), true),
            new Parameter("free", Type.TEXT, false, null, null, null, false, null, Set.of("tcp"), false),
            new Parameter("lines", Type.TEXT, false, null, null, "[a-z,]+", true, "a, b\\,c", Set.of(), true),
            new Parameter("flag", Type.BOOLEAN, false, null, null, null, false, "true", Set.of(), true));

    private final ConfigRules rules = new ConfigRules((Bundle) Proxy.newProxyInstance(getClass().getClassLoader(),
            new Class<?>[] { Bundle.class }, (proxy, method, arguments) -> null), new HostTexts(Locale.ENGLISH));

    private void check(String parameter, @Nullable Object value) {
        rules.check("host".equals(parameter) ? value == null ? Map.of() : Map.of("host", value)
                : value == null ? Map.of("host", "h") : Map.of("host", "h", parameter, value), PARAMETERS);
    }

    private void assertRefused(String parameter, @Nullable Object value) {
        ConfigValidationException e = assertThrows(ConfigValidationException.class, () -> check(parameter, value));
        assertEquals(Set.of(parameter), e.getValidationMessages().keySet());
    }

    @Test
    void whatIsRequiredMustBeThere() {
        assertRefused("host", null);
        assertDoesNotThrow(() -> check("host", "x"));
    }

    @ParameterizedTest
    @CsvSource({ "0", "65536", "-1" })
    void numbersKeepTheirLimits(BigDecimal value) {
        assertRefused("port", value);
        assertRefused("port", value.toString());
    }

    @Test
    void theLimitsThemselvesPass() {
        assertDoesNotThrow(() -> check("port", BigDecimal.ONE));
        assertDoesNotThrow(() -> check("port", new BigDecimal(65535)));
    }

    @Test
    void typesCount() {
        assertRefused("port", true);
        assertRefused("port", "many");
        assertRefused("host", BigDecimal.ONE);
        assertRefused("flag", BigDecimal.ONE);
        assertDoesNotThrow(() -> check("flag", "true"));
    }

    @Test
    void textKeepsPatternAndLength() {
        assertRefused("name", "ABC");
        assertRefused("name", "abcde");
        assertDoesNotThrow(() -> check("name", "abcd"));
    }

    @Test
    void optionsCountWhereTheyLimit() {
        assertRefused("mode", "ascii");
        assertDoesNotThrow(() -> check("mode", "rtu"));
        assertDoesNotThrow(() -> check("free", "anything"));
    }

    @Test
    void everyElementOfAListCounts() {
        assertRefused("lines", List.of("a", "B"));
        assertDoesNotThrow(() -> check("lines", List.of("a", "b")));
    }

    @Test
    void unknownParametersPass() {
        assertDoesNotThrow(() -> check("other", 1));
    }

    private static Map<String, Object> completed(Map<String, Object> values) {
        Configuration configuration = new Configuration(values);
        ConfigRules.complete(configuration, PARAMETERS);
        return configuration.getProperties();
    }

    @Test
    void defaultsAreAppliedInTheTypeOfTheParameter() {
        assertEquals(Map.of("port", new BigDecimal("6"), "scale", new BigDecimal("0.5"), "flag", true, "lines",
                List.of("a", "b,c")), completed(Map.of("port", 6)));
    }

    @Test
    void aValueIsBroughtIntoTheTypeOfItsParameter() {
        Map<String, Object> values = completed(Map.of("port", "12", "flag", "false", "lines", "x", "host", 5));
        assertEquals(new BigDecimal("12"), values.get("port"));
        assertEquals(false, values.get("flag"));
        assertEquals(List.of("x"), values.get("lines"));
        assertEquals("5", values.get("host"));
        assertEquals("many", completed(Map.of("port", "many")).get("port"));
    }
}
