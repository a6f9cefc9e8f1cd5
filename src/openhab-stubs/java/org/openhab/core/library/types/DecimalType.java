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
import java.text.DecimalFormat;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.util.IllegalFormatConversionException;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.types.Command;
import org.openhab.core.types.PrimitiveType;
import org.openhab.core.types.State;

/**
 * A number without a unit. Values that differ only in trailing zeros are equal.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class DecimalType extends Number implements PrimitiveType, State, Command, Comparable<DecimalType> {

    protected static final BigDecimal BIG_DECIMAL_HUNDRED = BigDecimal.valueOf(100);

    public static final DecimalType ZERO = new DecimalType(0);

    protected BigDecimal value;

    public DecimalType() {
        this(BigDecimal.ZERO);
    }

    /**
     * @param value the number
     * @throws NumberFormatException if it is not finite
     */
    public DecimalType(Number value) {
        if (value instanceof BigDecimal decimal) {
            this.value = decimal;
        } else if (value instanceof QuantityType<?> quantity) {
            this.value = quantity.toBigDecimal();
        } else {
            this.value = new BigDecimal(value.toString());
        }
    }

    /**
     * @param value the number in English notation
     * @throws NumberFormatException if it is not a number
     */
    public DecimalType(String value) {
        this(value, Locale.ENGLISH);
    }

    public DecimalType(String value, Locale locale) {
        this.value = parseNumber(value, locale);
    }

    static BigDecimal parseNumber(String text, Locale locale) {
        DecimalFormat format = (DecimalFormat) NumberFormat.getInstance(locale);
        format.setParseBigDecimal(true);
        ParsePosition position = new ParsePosition(0);
        Number number = format.parse(text.toUpperCase(locale), position);
        if (number instanceof BigDecimal decimal && position.getIndex() == text.length()) {
            return decimal;
        }
        throw new NumberFormatException("Not a number: " + text);
    }

    @Override
    public String toString() {
        return toFullString();
    }

    @Override
    public String toFullString() {
        return value.toPlainString();
    }

    @Override
    public String format(String pattern) {
        return formatNumber(pattern, value);
    }

    static String formatNumber(String pattern, BigDecimal number) {
        try {
            return String.format(pattern, number.toBigIntegerExact());
        } catch (ArithmeticException | IllegalFormatConversionException e) {
            // has decimals, or the pattern wants a decimal number
            return String.format(pattern, number);
        }
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object obj) {
        return obj instanceof DecimalType other && value.compareTo(other.value) == 0;
    }

    @Override
    public int compareTo(DecimalType o) {
        return value.compareTo(o.value);
    }

    @Override
    public double doubleValue() {
        return value.doubleValue();
    }

    @Override
    public float floatValue() {
        return value.floatValue();
    }

    @Override
    public int intValue() {
        return value.intValue();
    }

    @Override
    public long longValue() {
        return value.longValue();
    }

    protected <T extends State> @Nullable T defaultConversion(@Nullable Class<T> target) {
        return State.super.as(target);
    }

    @Override
    public <T extends State> @Nullable T as(@Nullable Class<T> target) {
        if (target == OnOffType.class) {
            return target.cast(OnOffType.from(value.signum() != 0));
        }
        if (target == OpenClosedType.class) {
            return value.signum() == 0 ? target.cast(OpenClosedType.CLOSED)
                    : value.compareTo(BigDecimal.ONE) == 0 ? target.cast(OpenClosedType.OPEN) : null;
        }
        if (target == PercentType.class) {
            return target.cast(new PercentType(value.multiply(BIG_DECIMAL_HUNDRED)));
        }
        return defaultConversion(target);
    }
}
