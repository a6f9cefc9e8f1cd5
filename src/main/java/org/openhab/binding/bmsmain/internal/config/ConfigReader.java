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
 * Reads a configuration and names the parameter that is wrong. openHAB checks what the descriptors can express, but not
 * on every way on which a Thing can come in.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ConfigReader {

    /** No number that anybody writes is longer. */
    private static final int LONGEST_NUMBER = 100;

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{ENV:([^}]+)}");

    private final Configuration configuration;

    public ConfigReader(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * A reader of what a Thing or a channel keeps. openHAB gives a handler the configuration of its Thing with the
     * values of environment variables in place of {@code ${ENV:NAME}}; whoever asks the Thing or a channel itself gets
     * what the user wrote. As in openHAB, nothing is replaced when one of the variables does not exist.
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

    /** All single texts, whatever they are called. */
    public List<String> texts() {
        return configuration.values().stream().filter(String.class::isInstance).map(String.class::cast).toList();
    }

    /**
     * A text that must be there.
     *
     * @throws ConfigurationException with the given key when it is missing or blank
     */
    public String required(String name, String keyIfMissing) throws ConfigurationException {
        String text = text(name, "");
        if (text.isEmpty()) {
            throw new ConfigurationException(keyIfMissing, name);
        }
        return text;
    }

    /** A text without blanks around it. */
    public String text(String name, String otherwise) {
        Object value = configuration.get(name);
        String text = value == null ? "" : value.toString().strip();
        return text.isEmpty() ? otherwise : text;
    }

    /** A list of lines; a single text counts as a list of one. */
    public List<String> lines(String name) {
        Object value = configuration.get(name);
        if (value instanceof Collection<?> collection) {
            return collection.stream().map(Object::toString).toList();
        }
        return value == null ? List.of() : value.toString().lines().toList();
    }

    /** A switch that is off unless it is set. */
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

    /** A time in seconds, with decimals. */
    public Duration seconds(NumberParameter parameter) throws ConfigurationException {
        return seconds(parameter.name(), parameter.standard(), parameter.least(), parameter.greatest());
    }

    /** A time in seconds, with decimals. */
    public Duration seconds(String name, double otherwise, double min, double max) throws ConfigurationException {
        return Duration.ofNanos(number(name, otherwise, min, max).movePointRight(9).longValue());
    }

    /** A number with decimals. */
    public double decimal(NumberParameter parameter) throws ConfigurationException {
        return number(parameter.name(), parameter.standard(), parameter.least(), parameter.greatest()).doubleValue();
    }

    /** One of the constants of an enumeration, by its name in any case, with hyphens between its words. */
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
            // Reading it takes a time that grows with the square of its digits.
            throw wrong(name, value);
        }
        try {
            BigDecimal number = new BigDecimal(value.toString().strip());
            if (number.compareTo(BigDecimal.valueOf(min)) >= 0 && number.compareTo(BigDecimal.valueOf(max)) <= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, with what was meant to be a number.
        }
        throw wrong(name, value);
    }

    public static ConfigurationException wrong(String name, Object value) {
        String text = value.toString();
        return new ConfigurationException("invalid", name,
                text.length() <= LONGEST_NUMBER ? text : text.substring(0, LONGEST_NUMBER) + "...");
    }
}
