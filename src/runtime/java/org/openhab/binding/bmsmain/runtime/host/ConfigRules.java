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

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.config.core.validation.ConfigValidationException;
import org.openhab.core.config.core.validation.ConfigValidationMessage;
import org.openhab.core.i18n.TranslationProvider;
import org.osgi.framework.Bundle;

/**
 * Validates configurations against their descriptions, as openHAB does before it starts a handler.
 * <p>
 * For each parameter the first violation counts: required, type, minimum and maximum (of the length for a text; a
 * value among the options may be outside the range), pattern, options if they are exhaustive. Each element of a
 * multiple value is checked.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ConfigRules {
    private static final Pattern LIST_SEPARATOR = Pattern.compile("(?<!\\\\),");

    /** The types of parameters. */
    enum Type {
        TEXT,
        INTEGER,
        DECIMAL,
        BOOLEAN
    }

    /** A parameter; several defaults are separated by commas. */
    record Parameter(String name, Type type, boolean required, @Nullable BigDecimal minimum,
            @Nullable BigDecimal maximum, @Nullable String pattern, boolean multiple, @Nullable String defaultValue,
            Set<String> options, boolean limitToOptions) {
    }

    private final Bundle bundle;
    private final TranslationProvider texts;

    /**
     * @param bundle the bundle with the translated messages
     * @param texts provides the translations
     */
    ConfigRules(Bundle bundle, TranslationProvider texts) {
        this.bundle = bundle;
        this.texts = texts;
    }

    /** Fills in defaults and converts each value to the type of its parameter if possible. */
    static void complete(Configuration configuration, List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            Object value = configuration.get(parameter.name);
            String otherwise = parameter.defaultValue;
            if (value == null && otherwise != null) {
                value = !parameter.multiple ? otherwise
                        : Stream.of(LIST_SEPARATOR.split(otherwise)).map(part -> part.strip().replace("\\,", ","))
                                .filter(part -> !part.isEmpty()).toList();
            } else if (value instanceof String text && parameter.multiple && !text.isEmpty()) {
                value = List.of(text);
            }
            if (value != null) {
                configuration.put(parameter.name, typed(value, parameter.type));
            }
        }
    }

    private static Object typed(Object value, Type type) {
        if (value instanceof Collection<?> several) {
            return several.stream().map(each -> typed(each, type)).toList();
        }
        String text = value.toString();
        return switch (type) {
            case TEXT -> text;
            case BOOLEAN -> "true".equals(text) || "false".equals(text) ? Boolean.valueOf(text) : value;
            case INTEGER, DECIMAL -> Objects.requireNonNullElse(number(value), value);
        };
    }

    /**
     * @param values the values by parameter name
     * @throws ConfigValidationException if a value violates a rule
     */
    void check(Map<String, Object> values, List<Parameter> parameters) {
        List<ConfigValidationMessage> messages = new ArrayList<>();
        for (Parameter parameter : parameters) {
            Object value = values.get(parameter.name);
            String broken = !parameter.multiple || !(value instanceof List<?> several) ? first(parameter, value)
                    : several.stream().map(each -> first(parameter, each)).filter(Objects::nonNull).findFirst()
                            .orElse(null);
            if (broken != null) {
                messages.add(new ConfigValidationMessage(parameter.name, broken, "config." + parameter.name));
            }
        }
        if (!messages.isEmpty()) {
            throw new ConfigValidationException(bundle, texts, messages);
        }
    }

    private static @Nullable String first(Parameter parameter, @Nullable Object value) {
        if (value == null) {
            return parameter.required ? "a value is required" : null;
        }
        BigDecimal number = number(value);
        boolean fits = switch (parameter.type) {
            case TEXT -> value instanceof String;
            case BOOLEAN -> value instanceof Boolean || value instanceof String;
            case INTEGER, DECIMAL -> number != null;
        };
        if (!fits) {
            return "not of type " + parameter.type;
        }
        String text = value.toString();
        boolean numeric = parameter.type == Type.INTEGER || parameter.type == Type.DECIMAL;
        boolean option = parameter.options.stream()
                .anyMatch(allowed -> numeric && number != null ? number.compareTo(new BigDecimal(allowed)) == 0
                        : allowed.equals(text));
        BigDecimal size = numeric ? number : parameter.type == Type.TEXT ? BigDecimal.valueOf(text.length()) : null;
        if (size != null && !option) {
            BigDecimal minimum = parameter.minimum;
            if (minimum != null && size.compareTo(minimum) < 0) {
                return "less than " + minimum;
            }
            BigDecimal maximum = parameter.maximum;
            if (maximum != null && size.compareTo(maximum) > 0) {
                return "greater than " + maximum;
            }
        }
        String pattern = parameter.pattern;
        if (pattern != null && parameter.type == Type.TEXT && !Pattern.matches(pattern, text)) {
            return "does not match its pattern";
        }
        return parameter.limitToOptions && !parameter.options.isEmpty() && !option ? "not among the options" : null;
    }

    private static @Nullable BigDecimal number(Object value) {
        try {
            return new BigDecimal(value.toString());
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
