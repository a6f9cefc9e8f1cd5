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
 * One thing that was found out.
 *
 * @param layer what was looked at
 * @param level how good it is
 * @param key the last part of the key of the text, {@code diagnosis.finding.*}
 * @param arguments for the text: numbers, addresses, names
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record Finding(Layer layer, Level level, String key, List<String> arguments) {

    /** The layers of a link, from the plug to the values. Each has a text {@code diagnosis.layer.*}. */
    public enum Layer {
        /** The port or connection can be opened. */
        OPEN,
        /** What is heard without asking. */
        LISTEN,
        /** The board answers. */
        ANSWER,
        /** Where else an answer comes from. */
        SEARCH,
        /** The values make sense. */
        VALUES,
        /** The answers keep coming. */
        LOAD;

        /** The word in the keys of texts. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How good a finding is. */
    public enum Level {
        GOOD,
        STRANGE,
        BAD
    }
}
