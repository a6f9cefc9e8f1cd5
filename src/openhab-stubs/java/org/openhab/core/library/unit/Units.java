/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.library.unit;

import static tech.units.indriya.unit.Units.COULOMB;
import static tech.units.indriya.unit.Units.JOULE;

import javax.measure.MetricPrefix;
import javax.measure.Unit;
import javax.measure.quantity.Dimensionless;
import javax.measure.quantity.ElectricCharge;
import javax.measure.quantity.ElectricCurrent;
import javax.measure.quantity.ElectricPotential;
import javax.measure.quantity.ElectricResistance;
import javax.measure.quantity.Energy;
import javax.measure.quantity.Frequency;
import javax.measure.quantity.Power;
import javax.measure.quantity.Time;

import org.eclipse.jdt.annotation.NonNullByDefault;

import tech.units.indriya.AbstractUnit;
import tech.units.indriya.format.SimpleUnitFormat;

/** Units outside any measurement system, as far as batteries need them. */
@NonNullByDefault
public final class Units {
    public static final Unit<Dimensionless> ONE = AbstractUnit.ONE;
    public static final Unit<Dimensionless> PERCENT = tech.units.indriya.unit.Units.PERCENT;
    public static final Unit<ElectricCurrent> AMPERE = tech.units.indriya.unit.Units.AMPERE;
    public static final Unit<ElectricCharge> AMPERE_HOUR = labelled(COULOMB.multiply(3600), "Ah");
    public static final Unit<ElectricCharge> MILLIAMPERE_HOUR = labelled(MetricPrefix.MILLI(AMPERE_HOUR), "mAh");
    public static final Unit<ElectricPotential> VOLT = tech.units.indriya.unit.Units.VOLT;
    public static final Unit<ElectricResistance> OHM = tech.units.indriya.unit.Units.OHM;
    public static final Unit<Energy> WATT_HOUR = labelled(JOULE.multiply(3600), "Wh");
    public static final Unit<Energy> KILOWATT_HOUR = labelled(MetricPrefix.KILO(WATT_HOUR), "kWh");
    public static final Unit<Power> WATT = tech.units.indriya.unit.Units.WATT;
    public static final Unit<Frequency> HERTZ = tech.units.indriya.unit.Units.HERTZ;
    public static final Unit<Time> SECOND = tech.units.indriya.unit.Units.SECOND;

    private Units() {
    }

    private static <U extends Unit<?>> U labelled(U unit, String symbol) {
        SimpleUnitFormat.getInstance().label(unit, symbol);
        return unit;
    }
}
