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
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.modbus.FrameScan;
import org.openhab.binding.bmsmain.internal.modbus.RegisterView;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;

/**
 * What came of one request.
 *
 * @param registers the answer, or null
 * @param exception code of the Modbus exception that was the answer, 0 if none was
 * @param failure why there is no answer, or null
 * @param nanos how long the answer took
 * @param heard everything that was heard meanwhile
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record ModbusReply(@Nullable RegisterView registers, int exception, @Nullable Failure failure, long nanos,
        FrameScan heard) {

    private static final int GATEWAY_PATH = 10;
    private static final int GATEWAY_TARGET = 11;

    /** Whether the device understood the request, even if it refused. */
    boolean isUnderstood() {
        return registers != null || exception != 0;
    }

    /** Whether a gateway answers in place of a device that it cannot reach. */
    boolean isOfGateway() {
        return exception == GATEWAY_PATH || exception == GATEWAY_TARGET;
    }

    boolean failedWith(FailureCause cause) {
        Failure why = failure;
        return why != null && why.cause() == cause;
    }
}
