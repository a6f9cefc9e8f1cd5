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

/**
 * What is wrong with one parameter.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
public final class ConfigValidationMessage {

    /** The name of the parameter. */
    public final String parameterName;

    /** The text if there is no translation. */
    public final String defaultMessage;

    /** The key of the translation. */
    public final String messageKey;

    /** The arguments of the text. */
    public final Object[] content;

    public ConfigValidationMessage(String parameterName, String defaultMessage, String messageKey) {
        this(parameterName, defaultMessage, messageKey, new Object[0]);
    }

    public ConfigValidationMessage(String parameterName, String defaultMessage, String messageKey, Object... content) {
        this.parameterName = parameterName;
        this.defaultMessage = defaultMessage;
        this.messageKey = messageKey;
        this.content = content;
    }
}
