/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.openhab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.openhab.core.config.core.ConfigDescription;
import org.openhab.core.config.core.ConfigDescriptionBuilder;
import org.openhab.core.config.core.ConfigDescriptionParameter;
import org.openhab.core.config.core.ConfigDescriptionParameter.Type;
import org.openhab.core.config.core.ConfigDescriptionParameterBuilder;
import org.openhab.core.config.core.ConfigParser;
import org.openhab.core.config.core.ConfigUtil;
import org.openhab.core.config.core.Configuration;

/**
 * What the binding relies on in openHAB's configuration: holds for the API subset and for openHAB's own classes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ConfigurationContractTest {

    /** Fields as configuration classes have them. */
    public static class Base {
        public int inherited;
    }

    /** Fields of all kinds. */
    public static class Fields extends Base {
        public int whole = 7;
        public long big;
        public double decimal;
        public @Nullable Integer boxed;
        public @Nullable Double boxedDecimal;
        public boolean flag;
        public String text = "default";
        public List<String> lines = new ArrayList<>();
        public List<Integer> numbers = new ArrayList<>();
        public @Nullable Set<String> set;
        public @Nullable Type choice;
        public BigDecimal exact = BigDecimal.ONE;
        public final int fixed = Integer.parseInt("3");
        public transient int passing = 4;
    }

    /** The same as a record. */
    public record Shape(int whole, @Nullable String text, boolean flag, @Nullable List<String> lines) {
    }

    private static Fields fields(Map<String, Object> values) {
        return new Configuration(values).as(Fields.class);
    }

    @Test
    void numbersBecomeBigDecimal() {
        Configuration configuration = new Configuration(
                Map.of("int", 1, "long", 2L, "double", 0.5, "float", 0.25f, "trailing", new BigDecimal("2.500")));
        assertEquals(new BigDecimal("1"), configuration.get("int"));
        assertEquals(new BigDecimal("2"), configuration.get("long"));
        assertEquals(new BigDecimal("0.5"), configuration.get("double"));
        assertEquals(new BigDecimal("0.25"), configuration.get("float"));
        assertEquals(new BigDecimal("2.5"), configuration.get("trailing"));
    }

    @Test
    void fieldsTakeNumbersOfAnyType() {
        Fields fields = fields(Map.of("whole", 9.9, "big", 5, "decimal", 3, "boxed", 4, "boxedDecimal", 2, "exact", 0.1,
                "inherited", 11));
        assertEquals(9, fields.whole);
        assertEquals(5, fields.big);
        assertEquals(3.0, fields.decimal);
        assertEquals(4, fields.boxed);
        assertEquals(2.0, fields.boxedDecimal);
        assertEquals(new BigDecimal("0.1"), fields.exact);
        assertEquals(11, fields.inherited);
    }

    @Test
    void textIsConverted() {
        Fields fields = fields(
                Map.of("whole", "12", "decimal", "1.5", "flag", "true", "choice", "DECIMAL", "lines", "one, two"));
        assertEquals(12, fields.whole);
        assertEquals(1.5, fields.decimal);
        assertTrue(fields.flag);
        assertEquals(Type.DECIMAL, fields.choice);
        assertEquals(List.of("one, two"), fields.lines);
    }

    @Test
    @DisabledIfSystemProperty(named = "openhab.version", matches = "5\\.[01]\\..*", disabledReason = "new in openHAB 5.2")
    void whatCannotBeConvertedIsLeftAlone() {
        Fields fields = fields(Map.of("whole", "many", "choice", "nothing", "text", 5, "flag", 1));
        assertEquals(7, fields.whole);
        assertNull(fields.choice);
        assertEquals("default", fields.text);
        assertFalse(fields.flag);
    }

    @Test
    void finalAndTransientFieldsAreLeftAlone() {
        Fields fields = fields(Map.of("fixed", 8, "passing", 9));
        assertEquals(3, fields.fixed);
        assertEquals(4, fields.passing);
    }

    @Test
    void listsKeepTheirElementsInTheirType() {
        Fields fields = fields(Map.of("lines", List.of("a", "b"), "numbers", List.of(1, 2.0), "set", List.of("c")));
        assertEquals(List.of("a", "b"), fields.lines);
        assertEquals(List.of(1, 2), fields.numbers);
        assertEquals(Set.of("c"), fields.set);
    }

    @Test
    @DisabledIfSystemProperty(named = "openhab.version", matches = "5\\.[01]\\..*", disabledReason = "new in openHAB 5.2")
    void recordsAreFilledAndGetZerosOtherwise() {
        assertEquals(new Shape(3, "x", true, List.of("l")),
                new Configuration(Map.of("whole", 3, "text", "x", "flag", true, "lines", List.of("l")))
                        .as(Shape.class));
        assertEquals(new Shape(0, null, false, null), new Configuration().as(Shape.class));
    }

    @Test
    void aConfigurationTakesNoOtherTypes() {
        assertThrows(IllegalArgumentException.class, () -> new Configuration(Map.of("x", new Object())));
        assertThrows(IllegalArgumentException.class, () -> new Configuration(Map.of("x", Arrays.asList(1, "a"))));
        assertThrows(NullPointerException.class, () -> new Configuration(Map.of("x", Arrays.asList("a", null))));
    }

    @Test
    void propertiesAreAnUnmodifiableCopy() {
        Configuration configuration = new Configuration(Map.of("a", 1));
        Map<String, Object> properties = configuration.getProperties();
        configuration.put("b", "2");
        assertEquals(Set.of("a"), properties.keySet());
        assertThrows(UnsupportedOperationException.class, () -> properties.put("c", 3));
        assertEquals(configuration, new Configuration(Map.of("a", 1L, "b", "2")));
    }

    @Test
    void defaultsAreAppliedInTheTypeOfTheParameter() {
        ConfigDescription description = ConfigDescriptionBuilder.create(URI.create("thing-type:x:y"))
                .withParameter(ConfigDescriptionParameterBuilder.create("i", Type.INTEGER).withDefault("5").build())
                .withParameter(ConfigDescriptionParameterBuilder.create("d", Type.DECIMAL).withDefault("0.5").build())
                .withParameter(ConfigDescriptionParameterBuilder.create("b", Type.BOOLEAN).withDefault("true").build())
                .withParameter(ConfigDescriptionParameterBuilder.create("m", Type.TEXT).withMultiple(true)
                        .withDefault("a, b\\,c").build())
                .withParameter(ConfigDescriptionParameterBuilder.create("n", Type.TEXT).build()).build();
        Configuration configuration = new Configuration(Map.of("i", 6));
        ConfigUtil.applyDefaultConfiguration(configuration, description);
        assertEquals(Map.of("i", new BigDecimal("6"), "d", new BigDecimal("0.5"), "b", true, "m", List.of("a", "b,c")),
                configuration.getProperties());
    }

    @Test
    void aValueIsBroughtIntoTheTypeOfItsParameter() {
        assertEquals(new BigDecimal("12"),
                ConfigUtil.normalizeType("12", ConfigDescriptionParameterBuilder.create("p", Type.INTEGER).build()));
        assertEquals("many",
                ConfigUtil.normalizeType("many", ConfigDescriptionParameterBuilder.create("p", Type.INTEGER).build()));
        assertEquals(true,
                ConfigUtil.normalizeType("on", ConfigDescriptionParameterBuilder.create("p", Type.BOOLEAN).build()));
        ConfigDescriptionParameter lines = ConfigDescriptionParameterBuilder.create("p", Type.TEXT).withMultiple(true)
                .build();
        assertEquals(List.of("x"), ConfigUtil.normalizeType("x", lines));
        assertEquals(List.of("x", "y"), ConfigUtil.normalizeType(new String[] { "x", "y" }, lines));
        assertEquals("", ConfigUtil.normalizeType("", lines));
        assertNull(ConfigUtil.normalizeType(null, lines));
    }

    @Test
    void singleValuesAreConverted() {
        assertEquals(5, ConfigParser.valueAs(new BigDecimal("5"), int.class));
        assertEquals(Boolean.TRUE, ConfigParser.valueAs("true", Boolean.class));
        assertNull(ConfigParser.valueAs(null, String.class));
        assertEquals("other", ConfigParser.valueAsOrElse(null, String.class, "other"));
    }
}
