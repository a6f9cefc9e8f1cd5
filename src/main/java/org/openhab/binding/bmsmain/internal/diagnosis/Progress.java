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

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Receives the progress of a long operation, and may cancel it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface Progress {

    /** Ignores all progress. */
    Progress NONE = new Progress() {
    };

    /** Called for each finding. */
    default void found(Finding finding) {
    }

    /**
     * Called when the operation advances.
     *
     * @param what the current step, such as a baud rate and an address
     * @param secondsLeft estimated time for the rest if nothing is found, in seconds
     */
    default void at(int done, int total, String what, long secondsLeft) {
    }

    /** Whether to end early. */
    default boolean isCancelled() {
        return Thread.currentThread().isInterrupted();
    }
}
