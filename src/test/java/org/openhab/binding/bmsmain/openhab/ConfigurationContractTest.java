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
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.core.config.core.Configuration;

/**
 * Assumptions of the binding about openHAB's configuration. They must hold for the stubs and for openHAB's own classes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ConfigurationContractTest {

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
    void aConfigurationTakesNoOtherTypes() {
        assertThrows(IllegalArgumentException.class, () -> new Configuration(Map.of("x", new Object())));
    }

    @Test
    void propertiesAreAnUnmodifiableCopy() {
        Configuration configuration = new Configuration(Map.of("a", 1));
        Map<String, Object> properties = configuration.getProperties();
        configuration.put("b", "2");
        assertEquals(Set.of("a"), properties.keySet());
        assertThrows(UnsupportedOperationException.class, () -> properties.put("c", 3));
    }
}
