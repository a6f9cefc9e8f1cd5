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
 * Is told how far something has come that takes its time, and may end it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface Progress {

    /** Nobody looks. */
    Progress NONE = new Progress() {
    };

    /** Something was found out. */
    default void found(Finding finding) {
    }

    /**
     * So much is done.
     *
     * @param what what is done at the moment, such as a baud rate and an address
     * @param secondsLeft how long the rest will take if nothing is found, as far as it can be told
     */
    default void at(int done, int total, String what, long secondsLeft) {
    }

    /** Whether to end early. */
    default boolean isCancelled() {
        return Thread.currentThread().isInterrupted();
    }
}
