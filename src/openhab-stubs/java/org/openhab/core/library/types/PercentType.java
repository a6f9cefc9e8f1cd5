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
import java.math.RoundingMode;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.library.unit.Units;
import org.openhab.core.types.State;

/**
 * A number from 0 to 100.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class PercentType extends DecimalType {

    public static final PercentType ZERO = new PercentType(0);
    public static final PercentType HUNDRED = new PercentType(100);

    public PercentType() {
        this(0);
    }

    /**
     * @param value 0 to 100
     * @throws IllegalArgumentException if it is outside
     */
    public PercentType(int value) {
        this(BigDecimal.valueOf(value));
    }

    public PercentType(String value) {
        this(value, Locale.ENGLISH);
    }

    public PercentType(String value, Locale locale) {
        this(parseNumber(value, locale));
    }

    public PercentType(BigDecimal value) {
        super(value);
        if (value.signum() < 0 || value.compareTo(BIG_DECIMAL_HUNDRED) > 0) {
            throw new IllegalArgumentException("Not within 0 to 100: " + value);
        }
    }

    @Override
    public <T extends State> @Nullable T as(@Nullable Class<T> target) {
        if (target == OnOffType.class) {
            return target.cast(OnOffType.from(value.signum() != 0));
        }
        if (target == OpenClosedType.class) {
            return value.signum() == 0 ? target.cast(OpenClosedType.CLOSED)
                    : value.compareTo(BIG_DECIMAL_HUNDRED) == 0 ? target.cast(OpenClosedType.OPEN) : null;
        }
        if (target == DecimalType.class) {
            return target.cast(new DecimalType(value.divide(BIG_DECIMAL_HUNDRED, 8, RoundingMode.UP)));
        }
        if (target == QuantityType.class) {
            return target.cast(new QuantityType<>(value, Units.PERCENT));
        }
        return defaultConversion(target);
    }
}
