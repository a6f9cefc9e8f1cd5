/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Override of an input signal by software control (protocol, section 3).
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum SignalOverride {
    /** The signal is 0, regardless of its input. */
    OFF(0),
    /** The signal is 1, regardless of its input. */
    ON(1),
    /** The signal follows its input again. */
    PHYSICAL(2);

    private final int registerValue;

    SignalOverride(int registerValue) {
        this.registerValue = registerValue;
    }

    /** Value to write to the control register or object. */
    public int registerValue() {
        return registerValue;
    }

    /** Value of the channel: {@code on}, {@code off} or {@code physical}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this value of the signal is consistent with the override. */
    public boolean isShownBy(boolean signal) {
        return this == PHYSICAL || signal == (this == ON);
    }

    /** Finds an override by its ID, ignoring case; null when there is none. */
    public static @Nullable SignalOverride byId(String id) {
        for (SignalOverride force : values()) {
            if (force.id().equals(id.strip().toLowerCase(Locale.ROOT))) {
                return force;
            }
        }
        return null;
    }
}
