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

import java.text.MessageFormat;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.openhab.core.i18n.TranslationProvider;
import org.osgi.framework.Bundle;

/**
 * Values that break their description.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
public final class ConfigValidationException extends RuntimeException {

    private final transient Bundle bundle;
    private final transient TranslationProvider translationProvider;
    private final transient Collection<ConfigValidationMessage> configValidationMessages;

    public ConfigValidationException(Bundle bundle, TranslationProvider translationProvider,
            Collection<ConfigValidationMessage> configValidationMessages) {
        this.bundle = bundle;
        this.translationProvider = translationProvider;
        this.configValidationMessages = List.copyOf(configValidationMessages);
    }

    /**
     * @return the texts in the default language by parameter name
     */
    public Map<String, String> getValidationMessages() {
        Map<String, String> texts = new HashMap<>();
        configValidationMessages.forEach(message -> texts.put(message.parameterName,
                MessageFormat.format(message.defaultMessage, message.content)));
        return texts;
    }
}
