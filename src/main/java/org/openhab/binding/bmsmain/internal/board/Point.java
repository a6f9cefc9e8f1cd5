/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * One value of the board: one line of the {@link Catalogue}, or a value that a user added.
 * <p>
 * Instances are immutable and compared by identity. {@link #index()} is the position in a {@link BoardSnapshot}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Point {

    /** Where a value comes from. */
    public enum Origin {
        /** Read from the board. */
        WIRE,
        /** Derived from other values of the board. */
        DERIVED,
        /** Describes the connection, not the board; it stays when the connection is lost. */
        LINK,
        /** Counted or recorded by the binding from values of the board; it stays when the connection is lost. */
        COUNTED,
        /** Describes earlier events; kept outside of snapshots. */
        JOURNAL
    }

    /** Minimum cell voltage in V; below it there is no cell, or its wire is broken. */
    private static final double MIN_CELL_VOLTAGE = 0.1;
    private static final double MAX_CELL_VOLTAGE = 6;
    private static final int CELL_VOLTAGE_DECIMALS = 3;
    /** Tolerance for the rounding of decimal fractions in binary. */
    private static final double ROUNDING = 1e-9;
    /** Limits of what a temperature sensor of the system can measure, in degC. */
    static final double MIN_TEMPERATURE = -60;
    static final double MAX_TEMPERATURE = 125;

    private final int index;
    private final String id;
    private final String group;
    private final String name;
    private final boolean fault;
    private final Kind kind;
    private final Unit unit;
    private final double min;
    private final double max;
    private final List<String> options;
    private final Origin origin;
    private final PollClass pollClass;
    private final Confidence confidence;
    private final @Nullable RegisterLocation register;
    private final List<Location> canLocations;
    private final boolean readingWhileInitialising;
    private final boolean channel;
    private final boolean addedByUser;
    private final boolean critical;
    private final long unusedBits;
    private final double fastestChange;
    private final ChannelStyle style;
    private final double leastChange;

    Point(Builder builder, int index) {
        this.index = index;
        this.id = builder.id;
        int hash = id.indexOf('#');
        this.group = hash < 0 ? "" : id.substring(0, hash);
        this.name = id.substring(hash + 1);
        this.addedByUser = builder.addedByUser;
        this.channel = hash >= 0 || addedByUser;
        this.fault = "faults".equals(group) && builder.origin == Origin.WIRE;
        this.kind = builder.kind;
        this.unit = builder.unit;
        this.min = builder.min;
        this.max = builder.max;
        this.options = List.copyOf(builder.options);
        this.origin = builder.origin;
        this.pollClass = builder.pollClass;
        this.confidence = builder.confidence;
        this.register = builder.register;
        this.canLocations = List.copyOf(builder.canLocations);
        this.readingWhileInitialising = builder.readingWhileInitialising;
        this.critical = builder.critical;
        this.unusedBits = builder.unusedBits;
        this.fastestChange = builder.fastestChange;
        this.style = builder.style();
        this.leastChange = decimals() < 0 ? 0 : 0.5 * Math.pow(10, -decimals()) * (1 - ROUNDING);
    }

    /**
     * Creates a value that a user added as a channel of their own.
     *
     * @param index position in a snapshot, at least {@link Catalogue#size()}
     * @param id ID of the channel
     * @param kind MEASUREMENT, COUNT, FLAG or TEXT
     * @param register location of the value
     */
    public static Point custom(int index, String id, Kind kind, RegisterLocation register) {
        Builder builder = new Builder(id, kind, Unit.NONE, Confidence.I).register(register);
        builder.readingWhileInitialising = kind.isBit() || kind == Kind.TEXT;
        builder.addedByUser = true;
        return new Point(builder, index);
    }

    /**
     * Creates a value of a BMS Logic board, which is read when the scan reaches that board.
     *
     * @param index position in a snapshot, at least {@link Catalogue#size()}
     * @param id ID of the channel, such as {@code logic-3#cell-voltage-1}
     */
    public static Point scanned(int index, String id, Kind kind, Unit unit) {
        Builder builder = new Builder(id, kind, unit, Confidence.I).pollClass(PollClass.SCANNED);
        if (unit == Unit.VOLT) {
            builder.range(MIN_CELL_VOLTAGE, MAX_CELL_VOLTAGE).decimals(CELL_VOLTAGE_DECIMALS);
        } else if (unit == Unit.CELSIUS) {
            builder.range(MIN_TEMPERATURE, MAX_TEMPERATURE);
        }
        return new Point(builder, index);
    }

    /** Position of the value in a snapshot. */
    public int index() {
        return index;
    }

    /**
     * {@code group#channel} for a channel, a plain name such as {@code firmwareVersion} for a property of the Thing.
     */
    public String id() {
        return id;
    }

    /** Whether a channel shows the value; otherwise a property of the Thing does. */
    public boolean isChannel() {
        return channel;
    }

    /** ID of the channel group; empty for a property or a channel without a group. */
    public String group() {
        return group;
    }

    /** ID of the channel inside its group, or the name of the property. */
    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    public Unit unit() {
        return unit;
    }

    public Origin origin() {
        return origin;
    }

    public PollClass pollClass() {
        return pollClass;
    }

    public Confidence confidence() {
        return confidence;
    }

    /** Location of the value in the public register map, or null. */
    public @Nullable RegisterLocation register() {
        return register;
    }

    /** Locations of the value on CAN, most current one first; empty if no public object contains it. */
    public List<Location> canLocations() {
        return canLocations;
    }

    /** Whether the vendor's table calls this fault critical. */
    public boolean isCritical() {
        return critical;
    }

    /** Bits of a {@link Kind#BITS} word that the vendor calls unused. If one is set, the word order is unlikely. */
    public long unusedBits() {
        return unusedBits;
    }

    /**
     * Whether the value is valid while the board initialises. During that time the board zeroes the current sensor
     * and searches for BMS Logic boards, and measurements may read zero (protocol, section 6).
     */
    public boolean isReadingWhileInitialising() {
        return readingWhileInitialising;
    }

    /** Maximum physical change per second in the unit of the point; infinite where any step is possible. */
    public double fastestChange() {
        return fastestChange;
    }

    /** Style of the channel. */
    public ChannelStyle style() {
        return style;
    }

    /**
     * Number of decimals that the channel shows; -1 for values that are no decimal numbers, or whose format the
     * user configures.
     */
    public int decimals() {
        if (addedByUser || kind != Kind.MEASUREMENT && kind != Kind.COUNT) {
            return -1;
        }
        return style.decimals() >= 0 ? style.decimals() : kind == Kind.COUNT ? 0 : unit.decimals();
    }

    /**
     * Whether two values differ by at least half of the last digit that the channel shows. If the channel shows no
     * decimal number, any difference counts.
     */
    public boolean isVisibleChange(double from, double to) {
        // Unknown values are NaN: every comparison with them is false.
        return Double.compare(from, to) != 0 && !(Math.abs(to - from) < leastChange);
    }

    /** Whether a value is one of the physical limits of the point. */
    public boolean isLimit(double value) {
        return value == min || value == max;
    }

    /** Whether the value is read from the board and belongs to the group of faults. */
    public boolean isFault() {
        return fault;
    }

    /** The physical minimum; the lowest of all numbers if there is none. */
    public double min() {
        return min;
    }

    /** The physical maximum; the highest of all numbers if there is none. */
    public double max() {
        return max;
    }

    /** Whether a value is physically possible: finite and within the limits of the point. */
    public boolean isPlausible(double value) {
        return value >= min && value <= max;
    }

    /**
     * The option for the value of a {@link Kind#CHOICE}.
     *
     * @return the option, or {@code <name>-<number>} for a number without a public meaning
     */
    public String option(double value) {
        int number = (int) value;
        return number >= 0 && number < options.size() ? options.get(number) : name() + "-" + number;
    }

    /** The options of a {@link Kind#CHOICE}. */
    public List<String> options() {
        return options;
    }

    @Override
    public String toString() {
        return id;
    }

    /** Builder of a line of the catalogue. */
    static final class Builder {
        private final String id;
        private final Kind kind;
        private final Unit unit;
        private final Confidence confidence;
        private double min = -Double.MAX_VALUE;
        private double max = Double.MAX_VALUE;
        private List<String> options = List.of();
        private Origin origin = Origin.WIRE;
        private PollClass pollClass = PollClass.FAST;
        private @Nullable RegisterLocation register;
        private List<Location> canLocations = List.of();
        private boolean readingWhileInitialising;
        private boolean addedByUser;
        private boolean critical;
        private long unusedBits;
        private double fastestChange = Double.POSITIVE_INFINITY;
        private String typeId = "";
        private String category = "";
        private String pointTag = "";
        private String propertyTag = "";
        private int decimals = -1;
        private boolean advanced;
        private int since = 1;
        private int retyped;

        Builder(String id, Kind kind, Unit unit, Confidence confidence) {
            this.id = id;
            this.kind = kind;
            this.unit = unit;
            this.confidence = confidence;
            // Signals and faults are the firmware's own state; other values come from sensors or BMS Logic boards.
            this.readingWhileInitialising = kind.isBit() || kind == Kind.BITS || id.indexOf('#') < 0;
        }

        Builder range(double min, double max) {
            this.min = min;
            this.max = max;
            return this;
        }

        Builder options(List<String> options) {
            this.options = options;
            return this;
        }

        Builder origin(Origin origin) {
            this.origin = origin;
            return this;
        }

        Builder pollClass(PollClass pollClass) {
            this.pollClass = pollClass;
            return this;
        }

        Builder register(RegisterLocation register) {
            this.register = register;
            return this;
        }

        Builder can(Location... locations) {
            this.canLocations = List.of(locations);
            return this;
        }

        Builder notWhileInitialising() {
            this.readingWhileInitialising = false;
            return this;
        }

        Builder critical() {
            this.critical = true;
            return this;
        }

        Builder fastestChange(double perSecond) {
            this.fastestChange = perSecond;
            return this;
        }

        Builder unusedBits(long mask) {
            this.unusedBits = mask;
            return this;
        }

        /** ID of a channel type that several channels share; each has its own texts. */
        Builder type(String typeId) {
            this.typeId = typeId;
            return this;
        }

        Builder category(String category) {
            this.category = category;
            return this;
        }

        /** Sets the semantic tag of the point; the tag of the property follows the default rule. */
        Builder tag(String pointTag) {
            this.pointTag = pointTag;
            return this;
        }

        Builder tags(String pointTag, String propertyTag) {
            this.propertyTag = propertyTag;
            return tag(pointTag);
        }

        Builder decimals(int decimals) {
            this.decimals = decimals;
            return this;
        }

        Builder advanced() {
            this.advanced = true;
            return this;
        }

        /** Version of the thing type in which the channel first exists; existing Things get it by an update. */
        Builder since(int version) {
            this.since = version;
            return this;
        }

        /** Version of the thing type that changed the channel type; existing Things get it by an update. */
        Builder retyped(int version) {
            this.retyped = version;
            return this;
        }

        private ChannelStyle style() {
            ChannelStyle style = new ChannelStyle(typeId, category, pointTag, propertyTag, decimals, advanced, since,
                    retyped);
            return style.equals(ChannelStyle.BY_RULE) ? ChannelStyle.BY_RULE : style;
        }
    }
}
