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
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.measure.IncommensurableException;
import javax.measure.Quantity;
import javax.measure.UnconvertibleException;
import javax.measure.Unit;
import javax.measure.format.MeasurementParseException;

import org.eclipse.jdt.annotation.DefaultLocation;
import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.library.unit.SIUnits;
import org.openhab.core.library.unit.Units;
import org.openhab.core.types.Command;
import org.openhab.core.types.State;

import tech.units.indriya.AbstractUnit;
import tech.units.indriya.quantity.Quantities;

/** A number with a unit. Values are equal if they represent the same amount, whatever their units. */
@NonNullByDefault({ DefaultLocation.PARAMETER, DefaultLocation.RETURN_TYPE, DefaultLocation.FIELD,
        DefaultLocation.TYPE_ARGUMENT })
public class QuantityType<T extends Quantity<T>> extends Number implements State, Command {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(-?[\\d.]+(?:[eE][+-]?\\d+)?)\\s*(.*)");
    /** Loads both classes, which register their symbols with the parser, before the parser is used. */
    private static final List<Unit<?>> SYMBOLS = List.of(Units.AMPERE_HOUR, SIUnits.CELSIUS);

    private final BigDecimal value;
    private final transient Unit<T> unit;

    @SuppressWarnings("unchecked")
    public QuantityType(String value) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(value);
        if (SYMBOLS.isEmpty() || !matcher.matches()) {
            throw new NumberFormatException("Not a number with a unit: " + value);
        }
        this.value = new BigDecimal(matcher.group(1));
        String symbol = matcher.group(2);
        try {
            this.unit = (Unit<T>) (symbol.isEmpty() ? AbstractUnit.ONE : AbstractUnit.parse(symbol));
        } catch (MeasurementParseException e) {
            throw new IllegalArgumentException("Unknown unit: " + value, e);
        }
    }

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

    @SuppressWarnings("unchecked")
    public @Nullable QuantityType<T> toUnit(Unit<?> targetUnit) {
        try {
            return targetUnit.equals(unit) ? this
                    : new QuantityType<>(unit.getConverterToAny(targetUnit).convert(value), (Unit<T>) targetUnit);
        } catch (UnconvertibleException | IncommensurableException e) {
            return null;
        }
    }

    public @Nullable QuantityType<T> toUnit(String targetUnit) {
        return toUnit(AbstractUnit.parse(targetUnit));
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
        QuantityType<?> other = obj instanceof QuantityType<?> quantity ? quantity.toUnit(unit) : null;
        return other != null && Double.compare(doubleValue(), other.doubleValue()) == 0;
    }

    @Override
    public int hashCode() {
        return unit.getDimension().hashCode();
    }

    public String format(String pattern) {
        return String.format(pattern.replace("%unit%", unit.equals(Units.PERCENT) ? "%%" : unit.toString()), value);
    }

    @Override
    public String toString() {
        return toFullString();
    }

    @Override
    public String toFullString() {
        return Quantities.getQuantity(value, unit).toString();
    }
}
