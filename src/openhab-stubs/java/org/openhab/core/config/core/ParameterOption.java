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

import java.util.Objects;

/**
 * One value that a configuration parameter can have, with its label.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
public class ParameterOption {

    private String label;
    private String value;

    /** For deserialization only. */
    protected ParameterOption() {
    }

    public ParameterOption(String value, String label) {
        this.value = value;
        this.label = label;
    }

    public String getLabel() {
        return label;
    }

    public String getValue() {
        return value;
    }

    @Override
    public String toString() {
        return "ParameterOption [value=\"" + value + "\", label=\"" + label + "\"]";
    }

    @Override
    public int hashCode() {
        return Objects.hash(value, label);
    }

    @Override
    public boolean equals(Object obj) {
        return obj instanceof ParameterOption other && Objects.equals(value, other.value)
                && Objects.equals(label, other.label);
    }
}
