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
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.core.config.core.ConfigDescription;
import org.openhab.core.config.core.ConfigDescriptionBuilder;
import org.openhab.core.config.core.ConfigDescriptionParameter.Type;
import org.openhab.core.config.core.ConfigDescriptionParameterBuilder;
import org.openhab.core.config.core.ParameterOption;
import org.openhab.core.config.core.validation.ConfigValidationException;
import org.osgi.framework.Bundle;

/**
 * Which values pass their description, as openHAB decides it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ConfigRulesTest {

    private static final ConfigDescription DESCRIPTION = ConfigDescriptionBuilder.create(URI.create("thing-type:x:y"))
            .withParameter(ConfigDescriptionParameterBuilder.create("host", Type.TEXT).withRequired(true).build())
            .withParameter(ConfigDescriptionParameterBuilder.create("port", Type.INTEGER).withMinimum(BigDecimal.ONE)
                    .withMaximum(new BigDecimal(65535)).build())
            .withParameter(ConfigDescriptionParameterBuilder.create("name", Type.TEXT).withPattern("[a-z]+")
                    .withMaximum(new BigDecimal(4)).build())
            .withParameter(ConfigDescriptionParameterBuilder.create("mode", Type.TEXT)
                    .withOptions(List.of(new ParameterOption("tcp", "TCP"), new ParameterOption("rtu", "RTU")))
                    .withLimitToOptions(true).build())
            .withParameter(ConfigDescriptionParameterBuilder.create("free", Type.TEXT)
                    .withOptions(List.of(new ParameterOption("tcp", "TCP"))).withLimitToOptions(false).build())
            .withParameter(ConfigDescriptionParameterBuilder.create("lines", Type.TEXT).withMultiple(true)
                    .withMultipleLimit(2).withPattern("[a-z]+").build())
            .withParameter(ConfigDescriptionParameterBuilder.create("flag", Type.BOOLEAN).build()).build();

    private final ConfigRules rules = new ConfigRules((Bundle) Proxy.newProxyInstance(getClass().getClassLoader(),
            new Class<?>[] { Bundle.class }, (proxy, method, arguments) -> null), new HostTexts(Locale.ENGLISH));

    private void check(String parameter, @Nullable Object value) {
        rules.check("host".equals(parameter) ? value == null ? Map.of() : Map.of("host", value)
                : value == null ? Map.of("host", "h") : Map.of("host", "h", parameter, value), DESCRIPTION);
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
        assertRefused("lines", List.of("a", "b", "c"));
        assertDoesNotThrow(() -> check("lines", List.of("a", "b")));
    }

    @Test
    void unknownParametersPass() {
        assertDoesNotThrow(() -> check("other", 1));
    }
}
