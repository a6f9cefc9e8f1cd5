/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.config.core.dto;

import java.math.BigDecimal;
import java.util.List;

import org.openhab.core.config.core.ConfigDescriptionParameter.Type;

import com.google.gson.annotations.SerializedName;

/**
 * Form of a configuration parameter in files and on the wire.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
public class ConfigDescriptionParameterDTO {

    public String context;
    @SerializedName(value = "default", alternate = "defaultValue")
    public String defaultValue;
    public String description;
    public String label;
    public String name;
    public boolean required;
    public Type type;
    public BigDecimal min;
    public BigDecimal max;
    @SerializedName(value = "step", alternate = "stepsize")
    public BigDecimal stepsize;
    public String pattern;
    public Boolean readOnly;
    public Boolean multiple;
    public Integer multipleLimit;
    public String groupName;
    public Boolean advanced;
    public Boolean verify;
    public Boolean limitToOptions;
    public String unit;
    public String unitLabel;
    public List<ParameterOptionDTO> options;

    public ConfigDescriptionParameterDTO() {
    }
}
