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

import org.openhab.core.config.core.ConfigDescriptionParameter.Type;

/**
 * Makes a {@link ConfigDescriptionParameter}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
public class ConfigDescriptionParameterBuilder {

    private final String name;
    private final Type type;
    private BigDecimal minimum;
    private BigDecimal maximum;
    private BigDecimal stepSize;
    private String pattern;
    private Boolean readOnly;
    private Boolean multiple;
    private Integer multipleLimit;
    private String context;
    private Boolean required;
    private String defaultValue;
    private String label;
    private String description;
    private List<ParameterOption> options;
    private Boolean advanced;
    private Boolean verify;
    private Boolean limitToOptions;
    private String groupName;
    private List<FilterCriteria> filterCriteria;
    private String unit;
    private String unitLabel;

    private ConfigDescriptionParameterBuilder(String name, Type type) {
        this.name = name;
        this.type = type;
    }

    public static ConfigDescriptionParameterBuilder create(String name, Type type) {
        return new ConfigDescriptionParameterBuilder(name, type);
    }

    public ConfigDescriptionParameterBuilder withMinimum(BigDecimal min) {
        this.minimum = min;
        return this;
    }

    public ConfigDescriptionParameterBuilder withMaximum(BigDecimal max) {
        this.maximum = max;
        return this;
    }

    public ConfigDescriptionParameterBuilder withStepSize(BigDecimal step) {
        this.stepSize = step;
        return this;
    }

    public ConfigDescriptionParameterBuilder withPattern(String pattern) {
        this.pattern = pattern;
        return this;
    }

    public ConfigDescriptionParameterBuilder withReadOnly(Boolean readOnly) {
        this.readOnly = readOnly;
        return this;
    }

    public ConfigDescriptionParameterBuilder withMultiple(Boolean multiple) {
        this.multiple = multiple;
        return this;
    }

    public ConfigDescriptionParameterBuilder withMultipleLimit(Integer multipleLimit) {
        this.multipleLimit = multipleLimit;
        return this;
    }

    public ConfigDescriptionParameterBuilder withContext(String context) {
        this.context = context;
        return this;
    }

    public ConfigDescriptionParameterBuilder withRequired(Boolean required) {
        this.required = required;
        return this;
    }

    public ConfigDescriptionParameterBuilder withDefault(String defaultValue) {
        this.defaultValue = defaultValue;
        return this;
    }

    public ConfigDescriptionParameterBuilder withLabel(String label) {
        this.label = label;
        return this;
    }

    public ConfigDescriptionParameterBuilder withDescription(String description) {
        this.description = description;
        return this;
    }

    public ConfigDescriptionParameterBuilder withOptions(List<ParameterOption> options) {
        this.options = options;
        return this;
    }

    public ConfigDescriptionParameterBuilder withAdvanced(Boolean advanced) {
        this.advanced = advanced;
        return this;
    }

    public ConfigDescriptionParameterBuilder withVerify(Boolean verify) {
        this.verify = verify;
        return this;
    }

    public ConfigDescriptionParameterBuilder withLimitToOptions(Boolean limitToOptions) {
        this.limitToOptions = limitToOptions;
        return this;
    }

    public ConfigDescriptionParameterBuilder withGroupName(String groupName) {
        this.groupName = groupName;
        return this;
    }

    public ConfigDescriptionParameterBuilder withUnit(String unit) {
        this.unit = unit;
        return this;
    }

    /**
     * @return the parameter
     * @throws IllegalArgumentException if the name is empty, or a text or boolean parameter has a unit
     */
    public ConfigDescriptionParameter build() throws IllegalArgumentException {
        return new ConfigDescriptionParameter(name, type, minimum, maximum, stepSize, pattern, required, readOnly,
                multiple, context, defaultValue, label, description, options, filterCriteria, groupName, advanced,
                limitToOptions, multipleLimit, unit, unitLabel, verify);
    }
}
