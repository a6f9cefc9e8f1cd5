/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli.publish;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Point;

/**
 * With how many digits a channel shows its value, and what change of it is one.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Resolution {

    private Resolution() {
    }

    /** Digits behind the decimal point, as the pattern of the channel has them; 0 for what is no measurement. */
    static int decimals(Point point) {
        int named = point.style().decimals();
        if (named >= 0) {
            return named;
        }
        return point.kind() != Kind.MEASUREMENT ? 0 : switch (point.unit()) {
            case WATT, SECOND -> 0;
            case KILOWATT_HOUR -> 3;
            default -> 1;
        };
    }

    /** Whether a value differs from the one that was told by half of the last digit that is shown, at least. */
    static boolean isChange(Point point, double told, double value) {
        if (Double.isNaN(told) || Double.isNaN(value) || point.kind() != Kind.MEASUREMENT && decimals(point) == 0) {
            return Double.compare(told, value) != 0;
        }
        return Math.abs(value - told) >= Math.pow(10, -decimals(point)) / 2;
    }
}
