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
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;

/**
 * A device that answered, or was heard.
 *
 * @param parameters how it is reached by Modbus
 * @param isBoard whether its values are those of a BMS Main
 * @param wordOrder order of the words of its values, or null where that is not known
 * @param firmware version of its firmware; empty where that is not known
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record ScanResult(ModbusConnectionParameters parameters, boolean isBoard, @Nullable WordOrder wordOrder,
        String firmware) {
}
