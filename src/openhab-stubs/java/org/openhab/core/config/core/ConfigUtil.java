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
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
                case INTEGER -> whole(new BigDecimal(text));
                case DECIMAL -> new BigDecimal(text);
            };
        } catch (NumberFormatException e) {
            LoggerFactory.getLogger(ConfigUtil.class).warn("The default '{}' is not of type {}", text, type);
            return null;
        }
    }

    private static BigDecimal whole(BigDecimal number) {
        return number.stripTrailingZeros().scale() > 0 ? number.setScale(0, RoundingMode.DOWN) : number;
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
                normal.put(name, value == null ? null : normalizeType(value));
            }
        });
        return normal;
    }

    /**
     * @param value a text, a boolean, a number, or a collection of one of them
     * @return the normal form
     * @throws NullPointerException if the value or an element is null
     * @throws IllegalArgumentException if it is of another type, or a collection mixes types
     */
    public static @Nullable Object normalizeType(@Nullable Object value) {
        return normalizeType(value, null);
    }

    /**
     * As above; with a description, the value is converted to the type of the parameter where that is possible and
     * stays as it is where not. Null and the empty text stay too.
     */
    @Nullable
    public static Object normalizeType(@Nullable Object value,
            @Nullable ConfigDescriptionParameter configDescriptionParameter) {
        if (configDescriptionParameter != null) {
            Type type = configDescriptionParameter.getType();
            return configDescriptionParameter.isMultiple() ? convertAll(value, type) : convert(value, type);
        }
        if (value instanceof String || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Number) {
            return convert(value, Type.DECIMAL);
        }
        if (value instanceof Collection<?> collection) {
            return normalizeCollection(collection);
        }
        throw new IllegalArgumentException(
                "Not a configuration value: " + Objects.requireNonNull(value).getClass().getName());
    }

    private static Object normalizeCollection(Collection<?> collection) {
        List<Object> values = new ArrayList<>();
        for (Object element : collection) {
            Object value = Objects.requireNonNull(normalizeType(element, null));
            values.add(value);
            if (value.getClass() != values.get(0).getClass()) {
                throw new IllegalArgumentException("A configuration value mixes types: " + collection);
            }
        }
        return values;
    }

    private static @Nullable Object convertAll(@Nullable Object value, Type type) {
        if (value == null || "".equals(value)) {
            return value;
        }
        Iterable<?> elements = value instanceof Iterable<?> several ? several
                : value instanceof Object[] array ? Arrays.asList(array) : List.of(value);
        List<@Nullable Object> values = new ArrayList<>();
        elements.forEach(element -> values.add(convert(element, type)));
        return Collections.unmodifiableList(values);
    }

    private static @Nullable Object convert(@Nullable Object value, Type type) {
        if (value == null || "".equals(value)) {
            return value;
        }
        try {
            return switch (type) {
                case TEXT -> value.toString();
                case BOOLEAN -> toBoolean(value);
                case INTEGER ->
                    toDecimal(value) instanceof BigDecimal number ? number.setScale(0, RoundingMode.UNNECESSARY)
                            : value;
                case DECIMAL -> toDecimal(value);
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

    private static Object toDecimal(Object value) {
        if (value instanceof BigDecimal || value instanceof String) {
            BigDecimal decimal = new BigDecimal(value.toString());
            if (decimal.scale() > 1) {
                decimal = decimal.stripTrailingZeros();
                if (decimal.scale() == 0) {
                    decimal = decimal.setScale(1);
                }
            }
            return decimal;
        }
        boolean plain = value instanceof Byte || value instanceof Short || value instanceof Integer
                || value instanceof Long || value instanceof Float || value instanceof Double;
        return plain ? new BigDecimal(value.toString()) : value;
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
