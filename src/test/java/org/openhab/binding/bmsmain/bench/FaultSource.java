/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.bench;

import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * What stands between the binding and a device, and spoils what passes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
interface FaultSource extends AutoCloseable {

    /** Begins or ends spoiling. */
    void setFaulty(boolean faulty);

    /** The moments of the faults so far, in microseconds of the wall clock. */
    List<Long> faults();

    @Override
    void close();
}
