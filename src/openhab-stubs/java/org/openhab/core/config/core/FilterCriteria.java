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

/**
 * Narrows the choice that a user interface offers for a parameter.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
public class FilterCriteria {

    private String value;
    private String name;

    /** For deserialization only. */
    protected FilterCriteria() {
    }

    public FilterCriteria(String name, String value) {
        this.name = name;
        this.value = value;
    }
}
