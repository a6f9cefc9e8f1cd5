/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.config.core.validation;

/** Describes the error of one parameter. */
public final class ConfigValidationMessage {
    public final String parameterName;
    public final String defaultMessage;

    public ConfigValidationMessage(String parameterName, String defaultMessage, String messageKey) {
        this.parameterName = parameterName;
        this.defaultMessage = defaultMessage;
    }
}
