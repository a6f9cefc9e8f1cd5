/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.library.types;

import java.math.BigDecimal;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.types.Command;
import org.openhab.core.types.State;

/** A number without a unit. Values that differ only in trailing zeros are equal. */
@NonNullByDefault
public class DecimalType extends Number implements State, Command {
    private final BigDecimal number;

    public DecimalType(Number value) {
        number = value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
    }

    public DecimalType(String value) {
        number = new BigDecimal(value);
    }

    @Override
    public String toString() {
        return toFullString();
    }

    @Override
    public String toFullString() {
        return number.toPlainString();
    }

    @Override
    public int hashCode() {
        return number.stripTrailingZeros().hashCode();
    }

    @Override
    public boolean equals(@Nullable Object obj) {
        return obj instanceof DecimalType other && number.compareTo(other.number) == 0;
    }

    @Override
    public double doubleValue() {
        return number.doubleValue();
    }

    @Override
    public float floatValue() {
        return number.floatValue();
    }

    @Override
    public int intValue() {
        return number.intValue();
    }

    @Override
    public long longValue() {
        return number.longValue();
    }
}
