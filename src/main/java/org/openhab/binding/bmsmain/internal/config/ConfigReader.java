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

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.NumberParameter;
import org.openhab.core.config.core.Configuration;

/**
 * Reads and validates a configuration; errors name the invalid parameter. openHAB validates against the descriptors,
 * but not for every way of creating a Thing.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ConfigReader {

    /** Maximum number of characters of a number. */
    private static final int LONGEST_NUMBER = 100;

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{ENV:([^}]+)}");

    private final Configuration configuration;

    public ConfigReader(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * Creates a reader of the stored configuration of a Thing or a channel. openHAB replaces {@code ${ENV:NAME}} by
     * environment variables in the configuration that a handler gets. The Thing or channel itself returns the text as
     * written by the user. As in openHAB, nothing is replaced if one of the variables does not exist.
     */
    public static ConfigReader ofStored(Configuration stored) {
        Map<String, Object> values = new HashMap<>();
        try {
            stored.getProperties().forEach((name, value) -> values.put(name, resolved(value)));
        } catch (IllegalArgumentException e) {
            return new ConfigReader(stored);
        }
        return new ConfigReader(new Configuration(values));
    }

    private static Object resolved(Object value) {
        if (value instanceof String text) {
            return VARIABLE.matcher(text).replaceAll(found -> {
                String variable = System.getenv(found.group(1));
                if (variable == null) {
                    throw new IllegalArgumentException(found.group(1));
                }
                return Matcher.quoteReplacement(variable);
            });
        }
        return value instanceof Collection<?> several ? several.stream().map(ConfigReader::resolved).toList() : value;
    }

    /** All values that are single texts, of any parameter. */
    public List<String> texts() {
        return configuration.values().stream().filter(String.class::isInstance).map(String.class::cast).toList();
    }

    /**
     * Returns a mandatory text.
     *
     * @throws ConfigurationException with the given key if the text is missing or blank
     */
    public String required(String name, String keyIfMissing) throws ConfigurationException {
        String text = text(name, "");
        if (text.isEmpty()) {
            throw new ConfigurationException(keyIfMissing, name);
        }
        return text;
    }

    /** Returns a text without surrounding blanks. */
    public String text(String name, String otherwise) {
        Object value = configuration.get(name);
        String text = value == null ? "" : value.toString().strip();
        return text.isEmpty() ? otherwise : text;
    }

    /** Returns a list of lines; a single text is split into lines. */
    public List<String> lines(String name) {
        Object value = configuration.get(name);
        if (value instanceof Collection<?> collection) {
            return collection.stream().map(Object::toString).toList();
        }
        return value == null ? List.of() : value.toString().lines().toList();
    }

    /** Returns a flag that defaults to false. */
    public boolean flag(String name) throws ConfigurationException {
        return flag(name, false);
    }

    public boolean flag(String name, boolean otherwise) throws ConfigurationException {
        return switch (text(name, Boolean.toString(otherwise)).toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(name, text(name, ""));
        };
    }

    public int integer(String name, int otherwise, int min, int max) throws ConfigurationException {
        BigDecimal number = number(name, otherwise, min, max);
        try {
            return number.intValueExact();
        } catch (ArithmeticException e) {
            throw wrong(name, number);
        }
    }

    public int integer(NumberParameter parameter) throws ConfigurationException {
        return integer(parameter.name(), (int) parameter.standard(), (int) parameter.least(),
                (int) parameter.greatest());
    }

    /** Reads a time in seconds, with decimals. */
    public Duration seconds(NumberParameter parameter) throws ConfigurationException {
        return seconds(parameter.name(), parameter.standard(), parameter.least(), parameter.greatest());
    }

    /** Reads a time in seconds, with decimals. */
    public Duration seconds(String name, double otherwise, double min, double max) throws ConfigurationException {
        return Duration.ofNanos(number(name, otherwise, min, max).movePointRight(9).longValue());
    }

    /** Reads a number with decimals. */
    public double decimal(NumberParameter parameter) throws ConfigurationException {
        return number(parameter.name(), parameter.standard(), parameter.least(), parameter.greatest()).doubleValue();
    }

    /** Reads an enumeration constant by its name, in any case, with hyphens between its words. */
    public <E extends Enum<E>> E choice(String name, E otherwise, Class<E> type) throws ConfigurationException {
        String text = text(name, otherwise.name());
        E[] constants = type.getEnumConstants();
        if (constants != null) {
            for (E constant : constants) {
                if (constant.name().equals(text.toUpperCase(Locale.ROOT).replace('-', '_'))) {
                    return constant;
                }
            }
        }
        throw wrong(name, text);
    }

    private BigDecimal number(String name, double otherwise, double min, double max) throws ConfigurationException {
        @Nullable
        Object value = configuration.get(name);
        if (value == null || value.toString().isBlank()) {
            return BigDecimal.valueOf(otherwise);
        }
        if (value.toString().length() > LONGEST_NUMBER) {
            // Parsing time grows with the square of the number of digits.
            throw wrong(name, value);
        }
        try {
            BigDecimal number = new BigDecimal(value.toString().strip());
            if (number.compareTo(BigDecimal.valueOf(min)) >= 0 && number.compareTo(BigDecimal.valueOf(max)) <= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw wrong(name, value);
    }

    public static ConfigurationException wrong(String name, Object value) {
        String text = value.toString();
        return new ConfigurationException("invalid", name,
                text.length() <= LONGEST_NUMBER ? text : text.substring(0, LONGEST_NUMBER) + "...");
    }
}
