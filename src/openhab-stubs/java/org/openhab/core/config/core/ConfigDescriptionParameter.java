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
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Describes one configuration parameter: its type, its limits, its options and its texts.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ConfigDescriptionParameter {

    /** The kinds of values. Both number types arrive as {@link BigDecimal}. */
    public enum Type {
        TEXT,
        INTEGER,
        DECIMAL,
        BOOLEAN
    }

    private final String name;
    private final Type type;
    private final @Nullable BigDecimal minimum;
    private final @Nullable BigDecimal maximum;
    private final @Nullable BigDecimal stepSize;
    private final @Nullable String pattern;
    private final boolean readOnly;
    private final boolean multiple;
    private final @Nullable Integer multipleLimit;
    private final @Nullable String context;
    private final boolean required;
    private final @Nullable String defaultValue;
    private final @Nullable String label;
    private final @Nullable String groupName;
    private final boolean limitToOptions;
    private final boolean advanced;
    private final @Nullable String description;
    private final List<ParameterOption> options;
    private final List<FilterCriteria> filterCriteria;
    private final @Nullable String unit;
    private final @Nullable String unitLabel;
    private final boolean verify;

    ConfigDescriptionParameter(String name, Type type, @Nullable BigDecimal minimum, @Nullable BigDecimal maximum,
            @Nullable BigDecimal stepSize, @Nullable String pattern, @Nullable Boolean required,
            @Nullable Boolean readOnly, @Nullable Boolean multiple, @Nullable String context,
            @Nullable String defaultValue, @Nullable String label, @Nullable String description,
            @Nullable List<ParameterOption> options, @Nullable List<FilterCriteria> filterCriteria,
            @Nullable String groupName, @Nullable Boolean advanced, @Nullable Boolean limitToOptions,
            @Nullable Integer multipleLimit, @Nullable String unit, @Nullable String unitLabel,
            @Nullable Boolean verify) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("A parameter needs a name");
        }
        if ((type == Type.TEXT || type == Type.BOOLEAN) && (unit != null || unitLabel != null)) {
            throw new IllegalArgumentException("Only numbers have a unit: " + name);
        }
        this.name = name;
        this.type = type;
        this.minimum = minimum;
        this.maximum = maximum;
        this.stepSize = stepSize;
        this.pattern = pattern;
        this.required = required != null && required;
        this.readOnly = readOnly != null && readOnly;
        this.multiple = multiple != null && multiple;
        this.context = context;
        this.defaultValue = defaultValue;
        this.label = label;
        this.description = description;
        this.options = options == null ? List.of() : List.copyOf(options);
        this.filterCriteria = filterCriteria == null ? List.of() : List.copyOf(filterCriteria);
        this.groupName = groupName;
        this.advanced = advanced != null && advanced;
        this.limitToOptions = limitToOptions == null || limitToOptions;
        this.multipleLimit = multipleLimit;
        this.unit = unit;
        this.unitLabel = unitLabel;
        this.verify = verify != null && verify;
    }

    public String getName() {
        return name;
    }

    public Type getType() {
        return type;
    }

    public @Nullable BigDecimal getMinimum() {
        return minimum;
    }

    public @Nullable BigDecimal getMaximum() {
        return maximum;
    }

    public @Nullable String getPattern() {
        return pattern;
    }

    public boolean isMultiple() {
        return multiple;
    }

    public @Nullable Integer getMultipleLimit() {
        return multipleLimit;
    }

    public boolean isRequired() {
        return required;
    }

    public @Nullable String getDefault() {
        return defaultValue;
    }

    public boolean getLimitToOptions() {
        return limitToOptions;
    }

    public List<ParameterOption> getOptions() {
        return options;
    }
}
