/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.transport;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * One failure: its cause and what distinguishes it from others of the same cause.
 *
 * @param cause the cause
 * @param detail the number of an exception, the address that answered instead, and the like; empty if the cause needs
 *            none. Technical, not translated.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record Failure(FailureCause cause, String detail) {

    /** A failure without a detail. */
    public static Failure of(FailureCause cause) {
        return new Failure(cause, "");
    }
}
