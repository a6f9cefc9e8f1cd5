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

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A stored record is unusable. The message gives the reason and completes the sentence "The record is broken: ...".
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BrokenRecordException extends Exception {

    private static final long serialVersionUID = 1L;

    BrokenRecordException(String message) {
        super(message);
    }
}
