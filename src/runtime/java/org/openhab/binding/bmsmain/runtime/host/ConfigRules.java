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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.config.core.ConfigDescription;
import org.openhab.core.config.core.ConfigDescriptionParameter;
import org.openhab.core.config.core.ConfigDescriptionParameter.Type;
import org.openhab.core.config.core.ConfigUtil;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.config.core.ParameterOption;
import org.openhab.core.config.core.validation.ConfigValidationException;
import org.openhab.core.config.core.validation.ConfigValidationMessage;
import org.openhab.core.i18n.TranslationProvider;
import org.osgi.framework.Bundle;

/**
 * Holds configurations to their descriptions, as openHAB does it before it starts a handler.
 * <p>
 * For each parameter the first broken rule counts: required, type, minimum and maximum (of the length for a text; a
 * value among the options may lie outside), pattern, options where they limit. Each element of a multiple value is
 * checked.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ConfigRules {

    private final Bundle bundle;
    private final TranslationProvider texts;

    /**
     * @param bundle the bundle with translations of the messages
     * @param texts finds them
     */
    ConfigRules(Bundle bundle, TranslationProvider texts) {
        this.bundle = bundle;
        this.texts = texts;
    }

    /** Fills in defaults and brings each value into the type of its parameter where that is possible. */
    static void complete(Configuration configuration, @Nullable ConfigDescription description) {
        if (description == null) {
            return;
        }
        Map<String, Object> normal = new LinkedHashMap<>(configuration.getProperties());
        for (ConfigDescriptionParameter parameter : description.getParameters()) {
            Object value = ConfigUtil.normalizeType(normal.get(parameter.getName()), parameter);
            if (value != null) {
                normal.put(parameter.getName(), value);
            }
        }
        configuration.setProperties(normal);
        ConfigUtil.applyDefaultConfiguration(configuration, description);
    }

    /**
     * @param values the values by parameter name
     * @param description the rules, none if null
     * @throws ConfigValidationException if a value breaks a rule
     */
    void check(Map<String, Object> values, @Nullable ConfigDescription description) {
        if (description == null) {
            return;
        }
        List<ConfigValidationMessage> messages = new ArrayList<>();
        for (ConfigDescriptionParameter parameter : description.getParameters()) {
            Object value = values.get(parameter.getName());
            if (parameter.isMultiple() && value instanceof List<?> list) {
                Integer limit = parameter.getMultipleLimit();
                if (limit != null && list.size() > limit) {
                    messages.add(message(parameter, "more than {0} values", limit));
                }
                list.forEach(element -> add(messages, first(parameter, element)));
            } else {
                add(messages, first(parameter, value));
            }
        }
        if (!messages.isEmpty()) {
            throw new ConfigValidationException(bundle, texts, messages);
        }
    }

    private static void add(List<ConfigValidationMessage> messages, @Nullable ConfigValidationMessage message) {
        if (message != null) {
            messages.add(message);
        }
    }

    private static @Nullable ConfigValidationMessage first(ConfigDescriptionParameter parameter,
            @Nullable Object value) {
        if (value == null) {
            return parameter.isRequired() ? message(parameter, "a value is required") : null;
        }
        if (!fits(parameter.getType(), value)) {
            return message(parameter, "{0} is not of type {1}", value, parameter.getType());
        }
        boolean option = parameter.getOptions().stream().map(ParameterOption::getValue)
                .anyMatch(allowed -> same(parameter.getType(), allowed, value));
        BigDecimal size = size(parameter.getType(), value);
        if (size != null && !option) {
            BigDecimal minimum = parameter.getMinimum();
            if (minimum != null && size.compareTo(minimum) < 0) {
                return message(parameter, "{0} is less than {1}", value, minimum);
            }
            BigDecimal maximum = parameter.getMaximum();
            if (maximum != null && size.compareTo(maximum) > 0) {
                return message(parameter, "{0} is greater than {1}", value, maximum);
            }
        }
        String pattern = parameter.getPattern();
        if (pattern != null && parameter.getType() == Type.TEXT && !Pattern.matches(pattern, value.toString())) {
            return message(parameter, "{0} does not match {1}", value, pattern);
        }
        if (parameter.getLimitToOptions() && !parameter.getOptions().isEmpty() && !option) {
            return message(parameter, "{0} is not among the options", value);
        }
        return null;
    }

    private static boolean fits(Type type, Object value) {
        return switch (type) {
            case TEXT -> value instanceof String;
            case BOOLEAN -> value instanceof Boolean || value instanceof String;
            case INTEGER, DECIMAL -> value instanceof BigDecimal || number(value) != null;
        };
    }

    private static boolean same(Type type, String option, Object value) {
        BigDecimal number = type == Type.INTEGER || type == Type.DECIMAL ? number(option) : null;
        BigDecimal other = number(value);
        return number != null && other != null ? number.compareTo(other) == 0 : option.equals(value.toString());
    }

    private static @Nullable BigDecimal size(Type type, Object value) {
        return switch (type) {
            case TEXT -> BigDecimal.valueOf(value.toString().length());
            case BOOLEAN -> null;
            case INTEGER, DECIMAL -> number(value);
        };
    }

    private static @Nullable BigDecimal number(Object value) {
        try {
            return new BigDecimal(value.toString());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static ConfigValidationMessage message(ConfigDescriptionParameter parameter, String text,
            Object... content) {
        Object[] asText = new Object[content.length];
        for (int i = 0; i < content.length; i++) {
            asText[i] = content[i].toString();
        }
        return new ConfigValidationMessage(parameter.getName(), text, "config." + text.replace(' ', '-'), asText);
    }
}
