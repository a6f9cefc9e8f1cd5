/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The device understood the request and refused it. The link works.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ModbusException extends Exception {

    private static final long serialVersionUID = 1L;

    public static final int ILLEGAL_FUNCTION = 1;
    public static final int ILLEGAL_DATA_ADDRESS = 2;
    public static final int ILLEGAL_DATA_VALUE = 3;
    private static final int DEVICE_FAILURE = 4;
    private static final int DEVICE_BUSY = 6;
    private static final int GATEWAY_TARGET_SILENT = 11;

    private final int code;

    public ModbusException(int code) {
        super("Modbus exception " + code, null, false, false);
        this.code = code;
    }

    /** Exception code of the Modbus application protocol, 1..255. */
    public int code() {
        return code;
    }

    /** Whether a gateway reports that the device does not answer it. */
    boolean isOfGateway() {
        return code == GATEWAY_TARGET_SILENT;
    }

    /**
     * Whether some devices use this code for registers that they do not have. If the refusal persists while other
     * requests are answered, it is permanent.
     */
    boolean mayBePermanent() {
        return isPermanent() || code == DEVICE_FAILURE || code == DEVICE_BUSY || code == GATEWAY_TARGET_SILENT;
    }

    /** Whether the device reports that it does not support the request, rather than that it cannot answer now. */
    public boolean isPermanent() {
        return code >= ILLEGAL_FUNCTION && code <= ILLEGAL_DATA_VALUE;
    }
}
