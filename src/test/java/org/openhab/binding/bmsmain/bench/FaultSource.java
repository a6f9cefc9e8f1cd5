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
 * A component between the binding and a device that corrupts the data passing through it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
interface FaultSource extends AutoCloseable {

    /** Starts or stops the faults. */
    void setFaulty(boolean faulty);

    /** Times of the faults so far, in microseconds of the wall clock. */
    List<Long> faults();

    @Override
    void close();
}
