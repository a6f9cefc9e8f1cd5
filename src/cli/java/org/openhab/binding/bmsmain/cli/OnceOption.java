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

import picocli.CommandLine.Option;

/**
 * Whether one state is enough.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class OnceOption {

    @Option(names = "--once", description = "Print one complete state and end.")
    private boolean once;

    boolean isSet() {
        return once;
    }
}
