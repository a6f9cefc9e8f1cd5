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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.openhab.core.i18n.TranslationProvider;
import org.osgi.framework.Bundle;

/** Thrown for values that violate their description. */
public final class ConfigValidationException extends RuntimeException {
    private final transient List<ConfigValidationMessage> messages;

    public ConfigValidationException(Bundle bundle, TranslationProvider translationProvider,
            Collection<ConfigValidationMessage> configValidationMessages) {
        messages = List.copyOf(configValidationMessages);
    }

    public Map<String, String> getValidationMessages() {
        return messages.stream().collect(
                Collectors.toMap(message -> message.parameterName, message -> message.defaultMessage, (a, b) -> a));
    }
}
