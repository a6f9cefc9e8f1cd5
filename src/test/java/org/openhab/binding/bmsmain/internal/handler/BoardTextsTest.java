/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import java.util.Properties;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome.Result;

/**
 * The texts of a board in each language, with correct apostrophes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class BoardTextsTest {

    static List<String> languages() {
        return Languages.ALL;
    }

    /** Commands and results name a signal like its channel. */
    @ParameterizedTest
    @MethodSource("languages")
    void signalsAreCalledAsTheirChannels(String language) {
        Properties plain = Languages.properties("en");
        plain.putAll(Languages.properties(language));
        BoardTexts texts = Languages.texts(language);
        for (Point signal : Catalogue.SIGNALS) {
            String key = "channel-group-type.bmsmain.input-signals.channel." + signal.name() + ".label";
            String label = plain.getProperty(key, "no label");
            assertEquals(label, texts.signal(signal));
            assertTrue(texts.controlLabel(signal).contains(label), texts.controlLabel(signal));
            String outcome = texts.outcome(new ControlOutcome(signal, SignalOverride.ON, Result.CONFIRMED, ""));
            assertTrue(outcome.contains(label), outcome);
        }
        assertEquals(plain.getProperty("channel-type.bmsmain.control-result.label"),
                texts.label("channel-type.bmsmain.control-result.label"));
    }

    @Test
    void apostrophesAreNeitherLostNorDoubled() {
        assertEquals("État de l'isolement", Languages.texts("fr").signal(Catalogue.INSULATION_STATUS));
        assertEquals("Défaut d'isolement", Languages.fault(Catalogue.INSULATION_FAULT, "fr"));
        assertEquals("Numero di celle diverso dall'impostazione", Languages.fault(Catalogue.CELL_COUNT_MISMATCH, "it"));
    }
}
