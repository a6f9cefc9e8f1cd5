/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.config.core;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.config.core.ConfigDescriptionParameter.Type;
import org.osgi.framework.Constants;
import org.osgi.service.component.ComponentConstants;
import org.slf4j.LoggerFactory;

/**
 * Brings configuration values into their normal form: text, boolean, {@link BigDecimal}, or a list of one of them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ConfigUtil {

    private static final Pattern LIST_SEPARATOR = Pattern.compile("(?<!\\\\),");
    private static final Pattern ENVIRONMENT = Pattern.compile("\\$\\{ENV:([^}]+)}");

    /**
     * @param parameter the description
     * @return its default in the type of the parameter (a list if the parameter is multiple), or null without one
     */
    public static @Nullable Object getDefaultValueAsCorrectType(ConfigDescriptionParameter parameter) {
        String text = parameter.getDefault();
        if (text == null) {
            return null;
        }
        if (!parameter.isMultiple()) {
            return typed(text, parameter.getType());
        }
        List<Object> values = new ArrayList<>();
        for (String part : LIST_SEPARATOR.split(text)) {
            Object value = part.isBlank() ? null : typed(part.trim().replace("\\,", ","), parameter.getType());
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private static @Nullable Object typed(String text, Type type) {
        try {
            return switch (type) {
                case TEXT -> text;
                case BOOLEAN -> Boolean.valueOf(text);
                case INTEGER -> new BigDecimal(text).setScale(0, RoundingMode.DOWN);
                case DECIMAL -> new BigDecimal(text);
            };
        } catch (NumberFormatException e) {
            LoggerFactory.getLogger(ConfigUtil.class).warn("The default '{}' is not of type {}", text, type);
            return null;
        }
    }

    /**
     * Adds the default of each parameter that has no value.
     */
    public static void applyDefaultConfiguration(Configuration configuration,
            @Nullable ConfigDescription configDescription) {
        if (configDescription != null) {
            for (ConfigDescriptionParameter parameter : configDescription.getParameters()) {
                Object value = getDefaultValueAsCorrectType(parameter);
                if (value != null && configuration.get(parameter.getName()) == null) {
                    configuration.put(parameter.getName(), value);
                }
            }
        }
    }

    public static Map<String, @Nullable Object> normalizeTypes(Map<String, @Nullable Object> configuration) {
        Map<String, @Nullable Object> normal = new HashMap<>();
        configuration.forEach((name, value) -> {
            if (!Constants.OBJECTCLASS.equals(name) && !ComponentConstants.COMPONENT_NAME.equals(name)
                    && !ComponentConstants.COMPONENT_ID.equals(name)) {
                normal.put(name, normalizeType(value));
            }
        });
        return normal;
    }

    /**
     * @param value a text, a boolean, a number, a collection of one of them, or null
     * @return the normal form
     * @throws IllegalArgumentException if it is of another type, or a collection mixes types
     */
    public static @Nullable Object normalizeType(@Nullable Object value) {
        return normalizeType(value, null);
    }

    /**
     * As above; with a description, the value is converted to the type of the parameter where that is possible and
     * stays as it is where not.
     */
    @Nullable
    public static Object normalizeType(@Nullable Object value,
            @Nullable ConfigDescriptionParameter configDescriptionParameter) {
        if (value == null) {
            return null;
        }
        if (configDescriptionParameter != null) {
            Type type = configDescriptionParameter.getType();
            if (!configDescriptionParameter.isMultiple()) {
                return convert(value, type);
            }
            List<@Nullable Object> values = new ArrayList<>();
            for (Object element : value instanceof Collection<?> collection ? collection : List.of(value)) {
                values.add(element == null ? null : convert(element, type));
            }
            return values;
        }
        if (value instanceof String || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Number number) {
            return decimal(number);
        }
        if (value instanceof Collection<?> collection) {
            return normalizeCollection(collection);
        }
        throw new IllegalArgumentException("Not a configuration value: " + value.getClass().getName());
    }

    private static Object normalizeCollection(Collection<?> collection) {
        List<Object> values = new ArrayList<>();
        for (Object element : collection) {
            Object value = normalizeType(element, null);
            if (value != null) {
                values.add(value);
                if (value.getClass() != values.get(0).getClass()) {
                    throw new IllegalArgumentException("A configuration value mixes types: " + collection);
                }
            }
        }
        return values;
    }

    private static Object convert(Object value, Type type) {
        if ("".equals(value)) {
            return value;
        }
        try {
            return switch (type) {
                case TEXT -> value.toString();
                case BOOLEAN -> toBoolean(value);
                case INTEGER -> value instanceof Number || value instanceof String
                        ? new BigDecimal(value.toString()).setScale(0, RoundingMode.UNNECESSARY)
                        : value;
                case DECIMAL -> value instanceof Number number ? decimal(number)
                        : value instanceof String text ? decimal(new BigDecimal(text)) : value;
            };
        } catch (ArithmeticException | NumberFormatException e) {
            return value;
        }
    }

    private static Object toBoolean(Object value) {
        return switch (value.toString().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> value;
        };
    }

    private static BigDecimal decimal(Number number) {
        BigDecimal decimal = new BigDecimal(number.toString());
        if (decimal.scale() > 1) {
            decimal = decimal.stripTrailingZeros();
            if (decimal.scale() == 0) {
                decimal = decimal.setScale(1);
            }
        }
        return decimal;
    }

    /**
     * Replaces <code>${ENV:NAME}</code> in texts by the environment variable of that name.
     *
     * @throws IllegalArgumentException if there is no such variable
     */
    public static Configuration resolveVariables(Configuration configuration) throws IllegalArgumentException {
        Map<String, @Nullable Object> resolved = new HashMap<>();
        configuration.getProperties().forEach((name, value) -> resolved.put(name, resolve(value)));
        return new Configuration(resolved);
    }

    private static @Nullable Object resolve(@Nullable Object value) {
        if (value instanceof String text) {
            return ENVIRONMENT.matcher(text).replaceAll(match -> {
                String variable = System.getenv(match.group(1));
                if (variable == null) {
                    throw new IllegalArgumentException("No environment variable " + match.group(1));
                }
                return Matcher.quoteReplacement(variable);
            });
        }
        if (value instanceof Collection<?> collection) {
            List<@Nullable Object> resolved = new ArrayList<>();
            collection.forEach(element -> resolved.add(resolve(element)));
            return resolved;
        }
        return value;
    }
}
