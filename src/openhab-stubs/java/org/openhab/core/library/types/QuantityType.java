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
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.measure.IncommensurableException;
import javax.measure.Quantity;
import javax.measure.UnconvertibleException;
import javax.measure.Unit;
import javax.measure.format.MeasurementParseException;
import javax.measure.quantity.Dimensionless;

import org.eclipse.jdt.annotation.DefaultLocation;
import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.library.unit.SIUnits;
import org.openhab.core.library.unit.Units;
import org.openhab.core.types.Command;
import org.openhab.core.types.PrimitiveType;
import org.openhab.core.types.State;

import tech.units.indriya.AbstractUnit;
import tech.units.indriya.quantity.Quantities;

/**
 * A number with a unit. Values are equal if they mean the same amount, whatever their units.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault({ DefaultLocation.PARAMETER, DefaultLocation.RETURN_TYPE, DefaultLocation.FIELD,
        DefaultLocation.TYPE_ARGUMENT })
public class QuantityType<T extends Quantity<T>> extends Number
        implements PrimitiveType, State, Command, Comparable<QuantityType<T>> {

    /** The number, then anything that can be a unit. */
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([+-]?[\\d.,]+(?:[eE][+-]?\\d+)?)\\s*(.*?)\\s*");

    static {
        // first of all: it prepares Indriya and tells its parser the symbols
        Units.getInstance();
        SIUnits.getInstance();
    }

    public static final QuantityType<Dimensionless> ZERO = new QuantityType<>(0, AbstractUnit.ONE);
    public static final QuantityType<Dimensionless> ONE = new QuantityType<>(1, AbstractUnit.ONE);

    private final BigDecimal value;
    private final transient Unit<T> unit;

    @SuppressWarnings("unchecked")
    public QuantityType() {
        this(BigDecimal.ZERO, (Unit<T>) AbstractUnit.ONE);
    }

    /**
     * @param value a number in English notation and a unit, or a number alone
     * @throws NumberFormatException if the number is not one
     * @throws IllegalArgumentException if the unit is unknown
     */
    public QuantityType(String value) {
        this(value, Locale.ENGLISH);
    }

    @SuppressWarnings("unchecked")
    public QuantityType(String value, Locale locale) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(value);
        if (!matcher.matches()) {
            throw new NumberFormatException("Not a number with a unit: " + value);
        }
        this.value = DecimalType.parseNumber(matcher.group(1), locale);
        String symbol = matcher.group(2);
        try {
            this.unit = (Unit<T>) (symbol.isEmpty() ? AbstractUnit.ONE : AbstractUnit.parse(symbol));
        } catch (MeasurementParseException e) {
            throw new IllegalArgumentException("Unknown unit: " + value, e);
        }
    }

    /**
     * @param value the number
     * @param unit its unit
     * @throws NumberFormatException if the number is not finite
     */
    public QuantityType(Number value, Unit<T> unit) {
        this.value = value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
        this.unit = unit;
    }

    public static QuantityType<? extends Quantity<?>> valueOf(String value) {
        return new QuantityType<>(value);
    }

    public Unit<T> getUnit() {
        return unit;
    }

    /**
     * @param targetUnit the wanted unit
     * @return the same amount in that unit, or null if it is of another dimension
     */
    @SuppressWarnings("unchecked")
    public @Nullable QuantityType<T> toUnit(Unit<?> targetUnit) {
        if (targetUnit.equals(unit)) {
            return this;
        }
        try {
            return new QuantityType<>(unit.getConverterToAny(targetUnit).convert(value), (Unit<T>) targetUnit);
        } catch (UnconvertibleException | IncommensurableException e) {
            return null;
        }
    }

    public @Nullable QuantityType<T> toUnit(String targetUnit) {
        return toUnit(AbstractUnit.parse(targetUnit));
    }

    public BigDecimal toBigDecimal() {
        return value;
    }

    @Override
    public int intValue() {
        return value.intValue();
    }

    @Override
    public long longValue() {
        return value.longValue();
    }

    @Override
    public float floatValue() {
        return value.floatValue();
    }

    @Override
    public double doubleValue() {
        return value.doubleValue();
    }

    @Override
    public boolean equals(@Nullable Object obj) {
        return obj instanceof QuantityType<?> other && unit.isCompatible(other.unit)
                && Double.compare(inSystemUnit(), other.inSystemUnit()) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(unit, value);
    }

    /**
     * @throws IllegalArgumentException if the dimensions differ
     */
    @Override
    public int compareTo(QuantityType<T> o) {
        if (!unit.isCompatible(o.unit)) {
            throw new IllegalArgumentException("Cannot compare " + this + " with " + o);
        }
        return Double.compare(inSystemUnit(), o.inSystemUnit());
    }

    private double inSystemUnit() {
        QuantityType<T> converted = toUnit(unit.getSystemUnit());
        return converted == null ? Double.NaN : converted.doubleValue();
    }

    /**
     * @param pattern a format pattern, in which <code>%unit%</code> stands for the symbol of the unit
     */
    @Override
    public String format(String pattern) {
        String symbol = unit.equals(Units.PERCENT) ? "%%" : unit.toString();
        return DecimalType.formatNumber(pattern.replace("%unit%", symbol), value);
    }

    @Override
    public String toString() {
        return toFullString();
    }

    @Override
    public String toFullString() {
        return Quantities.getQuantity(value, unit).toString();
    }

    @Override
    public <U extends State> @Nullable U as(@Nullable Class<U> target) {
        if (target == DecimalType.class) {
            return target.cast(new DecimalType(value));
        }
        if (target == PercentType.class) {
            QuantityType<T> percent = toUnit(Units.PERCENT);
            return percent == null ? null : target.cast(new PercentType(percent.value));
        }
        if (target == OnOffType.class) {
            if (intValue() == 0) {
                return target.cast(OnOffType.OFF);
            }
            if (unit.equals(Units.PERCENT)) {
                return target.cast(OnOffType.from(value.signum() > 0));
            }
            return value.compareTo(BigDecimal.ONE) == 0 ? target.cast(OnOffType.ON) : null;
        }
        if (target == OpenClosedType.class) {
            return value.signum() == 0 ? target.cast(OpenClosedType.CLOSED)
                    : value.compareTo(BigDecimal.ONE) == 0 ? target.cast(OpenClosedType.OPEN) : null;
        }
        return State.super.as(target);
    }
}
