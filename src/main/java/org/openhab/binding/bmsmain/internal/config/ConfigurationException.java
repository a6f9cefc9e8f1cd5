/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.config;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.LocationException;

/**
 * The configuration of a Thing is invalid. Contains a status text with the parameter, which openHAB translates.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ConfigurationException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String statusText;

    public ConfigurationException(String key, String... arguments) {
        super(key);
        this.statusText = StatusText.of("offline.config." + key, arguments);
    }

    /** Creates an exception for an invalid location of a value. */
    public static ConfigurationException of(String key, String where, LocationException e) {
        return new ConfigurationException(key, where, "@text/location." + e.reason().key(), e.text());
    }

    public String statusText() {
        return statusText;
    }
}
