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
 * How often a value is read.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum PollClass {
    /** Changes within seconds: read on every refresh. */
    FAST,
    /** Changes within minutes or by configuration: read on every slow refresh. */
    SLOW,
    /** Constant while the board is powered: read once per connection. */
    ONCE,
    /** Belongs to a BMS Logic board: read when the scan reaches that board. */
    SCANNED
}
