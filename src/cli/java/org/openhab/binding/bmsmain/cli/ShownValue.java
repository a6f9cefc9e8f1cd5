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

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.ActiveFault;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;

/**
 * One value as the tool prints it.
 *
 * @param id {@code group#channel}, or the name of a property
 * @param value a {@link BigDecimal} or a {@link String}; null when unknown
 * @param unit symbol of the unit; empty for a value without unit
 * @param read when it was read; null when unknown
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record ShownValue(String id, @Nullable Object value, String unit, @Nullable Instant read) {

    /** Digits of a double that is a product: further digits are rounding errors. */
    private static final MathContext DIGITS = new MathContext(10);

    /** The group of a channel; empty for a property. */
    String group() {
        return id.substring(0, Math.max(0, id.indexOf('#')));
    }

    /** The channel inside its group, or the name of the property. */
    String name() {
        return id.substring(id.indexOf('#') + 1);
    }

    /** A value of a snapshot. */
    static ShownValue of(BoardSnapshot snapshot, Point point) {
        return new ShownValue(point.id(), value(snapshot, point), point.unit().symbol(), snapshot.time(point));
    }

    private static @Nullable Object value(BoardSnapshot snapshot, Point point) {
        if (!snapshot.isKnown(point)) {
            return null;
        } else if (point == Catalogue.ALARM) {
            return ActiveFault.alarm(snapshot, Texts::of, Texts.noAlarm());
        }
        double number = snapshot.number(point);
        switch (point.kind()) {
            case FLAG:
                return number != 0 ? "ON" : "OFF";
            case CONTACT:
                return number != 0 ? "CLOSED" : "OPEN";
            case TIME:
                return Instant.ofEpochMilli((long) number).toString();
            case MEASUREMENT:
            case COUNT:
            case BITS:
                return decimal(number);
            default:
                return snapshot.text(point);
        }
    }

    /** The shortest decimal for a number: 76.4 for a REAL32 of 76.4, which has more digits as a double. */
    static BigDecimal decimal(double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return BigDecimal.valueOf((long) number);
        }
        float single = (float) number;
        BigDecimal decimal = single == number ? new BigDecimal(Float.toString(single))
                : new BigDecimal(number).round(DIGITS);
        return decimal.stripTrailingZeros();
    }
}
