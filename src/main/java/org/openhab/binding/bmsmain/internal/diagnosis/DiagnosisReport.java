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

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.diagnosis.Finding.Layer;
import org.openhab.binding.bmsmain.internal.diagnosis.Finding.Level;

/**
 * Collects the findings of an examination and forms the diagnosis.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class DiagnosisReport {

    private final String place;
    private final int address;
    private final Progress progress;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * @param place port or endpoint
     * @param address address or node ID of the board
     * @param progress is notified of each finding
     */
    DiagnosisReport(String place, int address, Progress progress) {
        this.place = place;
        this.address = address;
        this.progress = progress;
    }

    void find(Layer layer, Level level, String key, Object... arguments) {
        List<String> words = new ArrayList<>();
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        Finding finding = new Finding(layer, level, key, words);
        findings.add(finding);
        progress.found(finding);
    }

    Diagnosis conclude(Cause cause, Object detail) {
        return new Diagnosis(List.copyOf(findings), cause, place, address, detail.toString());
    }

    Diagnosis conclude(Cause cause) {
        return conclude(cause, "-");
    }

    /** Concludes from wiring faults that the board itself reports. @return null when it reports none */
    @Nullable
    Diagnosis faults(BoardSnapshot values) {
        Cause fault = fault(values);
        if (fault == null) {
            return null;
        }
        find(Layer.VALUES, Level.BAD, fault.key());
        return conclude(fault);
    }

    private static @Nullable Cause fault(BoardSnapshot values) {
        if (values.isSet(Catalogue.CURRENT_SENSOR_FAULT) || values.isSet(Catalogue.CURRENT_SENSOR_MODULE_OFFLINE)
                || values.isSet(Catalogue.CURRENT_SENSOR_MODULE_FAULT)) {
            return Cause.CURRENT_SENSOR;
        }
        return values.isSet(Catalogue.BMS_LOGIC_OFFLINE) ? Cause.LOGIC_OFFLINE : null;
    }
}
