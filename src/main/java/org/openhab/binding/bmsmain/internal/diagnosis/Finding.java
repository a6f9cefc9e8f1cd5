/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.diagnosis;

import java.util.List;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * One finding of a diagnosis.
 *
 * @param layer layer that was examined
 * @param level severity
 * @param key last part of the key of the text, {@code diagnosis.finding.*}
 * @param arguments arguments of the text: numbers, addresses, names
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record Finding(Layer layer, Level level, String key, List<String> arguments) {

    /** The layers of a link, from the port to the values. Each has a text {@code diagnosis.layer.*}. */
    public enum Layer {
        /** The port or connection can be opened. */
        OPEN,
        /** Traffic without requests of our own. */
        LISTEN,
        /** The board responds. */
        ANSWER,
        /** Other settings or addresses that get a response. */
        SEARCH,
        /** The values are plausible. */
        VALUES,
        /** Responses keep coming. */
        LOAD;

        /** Part of the keys of texts. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Severity of a finding. */
    public enum Level {
        GOOD,
        STRANGE,
        BAD
    }
}
