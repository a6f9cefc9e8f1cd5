/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The exit codes of {@code ./bms}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ExitCode {

    /** Done; for a command that reads a device: a complete state was read. */
    static final int OK = 0;

    /** Failure on this machine: a port in use, or a file that cannot be written. */
    static final int FAILED = 1;

    /** Bad arguments. */
    static final int USAGE = 2;

    /** The device could not be read. */
    static final int NO_DEVICE = 3;

    /** The broker cannot be reached, or refuses the connection. */
    static final int NO_BROKER = 4;

    private ExitCode() {
    }
}
