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
 * Instances are immutable; two points are the same only if they are the same object. {@link #index()} is the place of
 * the value in a {@link BoardSnapshot}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Point {

    /** Where a value comes from. */
    public enum Origin {
        /** Read from the board. */
        WIRE,
        /** Follows from other values of the board. */
        DERIVED,
        /** Tells about the connection, not about the board: it stays when the connection is lost. */
        LINK,
        /** Counted or remembered by the binding out of values of the board; it stays when the connection is lost. */
        COUNTED,
        /** Tells what happened before; it is kept outside of snapshots. */
        JOURNAL
    }

    /** Below this there is no cell at the place, or a wire to it is broken. */
    private static final double MIN_CELL_VOLTAGE = 0.1;
    private static final double MAX_CELL_VOLTAGE = 6;
    private static final int CELL_VOLTAGE_DECIMALS = 3;
    /** Differences of decimal numbers are a little more or less than they are on paper. */
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
     * A value that a user added as a channel of their own.
     *
     * @param index its place, at or behind {@link Catalogue#size()}
     * @param id id of the channel
     * @param kind MEASUREMENT, COUNT, FLAG or TEXT
     * @param register where it is read
     */
    public static Point custom(int index, String id, Kind kind, RegisterLocation register) {
        Builder builder = new Builder(id, kind, Unit.NONE, Confidence.I).register(register);
        builder.readingWhileInitialising = kind.isBit() || kind == Kind.TEXT;
        builder.addedByUser = true;
        return new Point(builder, index);
    }

    /**
     * A value of a BMS Logic board, which is read when the board has its turn.
     *
     * @param index its place, behind {@link Catalogue#size()}
     * @param id id of the channel, such as {@code logic-3#cell-voltage-1}
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

    /** Place of the value in a snapshot. */
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

    /** Id of the channel group; empty for a property or a channel without a group. */
    public String group() {
        return group;
    }

    /** Id of the channel inside its group, or the name of the property. */
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

    /** Where the value stands in the public register map, or null. */
    public @Nullable RegisterLocation register() {
        return register;
    }

    /** Where the value stands on CAN, most current place first; empty where no public object carries it. */
    public List<Location> canLocations() {
        return canLocations;
    }

    /** Whether the vendor's table calls this fault critical. */
    public boolean isCritical() {
        return critical;
    }

    /** Bits of a {@link Kind#BITS} word that the vendor calls unused. Set, they make a word order unlikely. */
    public long unusedBits() {
        return unusedBits;
    }

    /**
     * Whether the value is one while the board initialises. Then the current sensor is being zeroed and the BMS Logic
     * boards are searched, and measurements may read zero (protocol, section 6).
     */
    public boolean isReadingWhileInitialising() {
        return readingWhileInitialising;
    }

    /** How much the value can physically change in a second; infinite where any step is possible. */
    public double fastestChange() {
        return fastestChange;
    }

    /** How its channel is shown. */
    public ChannelStyle style() {
        return style;
    }

    /**
     * How many digits its channel shows behind the decimal point; -1 for what is no decimal number, or is shown as a
     * user says.
     */
    public int decimals() {
        if (addedByUser || kind != Kind.MEASUREMENT && kind != Kind.COUNT) {
            return -1;
        }
        return style.decimals() >= 0 ? style.decimals() : kind == Kind.COUNT ? 0 : unit.decimals();
    }

    /**
     * Whether a value differs from another by at least half of the last digit that its channel shows. Where the channel
     * shows no decimal number, any difference counts.
     */
    public boolean isVisibleChange(double from, double to) {
        // Unknown is not a number: no comparison with it is true.
        return Double.compare(from, to) != 0 && !(Math.abs(to - from) < leastChange);
    }

    /** Whether a value is the least or the greatest that can physically be. */
    public boolean isLimit(double value) {
        return value == min || value == max;
    }

    /** Whether the value tells of a fault. */
    public boolean isFault() {
        return fault;
    }

    /** The lowest value that can physically be; the lowest of all numbers where any is possible. */
    public double min() {
        return min;
    }

    /** The highest value that can physically be; the highest of all numbers where any is possible. */
    public double max() {
        return max;
    }

    /** Whether a value can physically be: finite and inside the limits of the point. */
    public boolean isPlausible(double value) {
        return value >= min && value <= max;
    }

    /**
     * The word for the value of a {@link Kind#CHOICE}.
     *
     * @return the option, or {@code <name>-<number>} for a number that has no public meaning
     */
    public String option(double value) {
        int number = (int) value;
        return number >= 0 && number < options.size() ? options.get(number) : name() + "-" + number;
    }

    /** The words that a {@link Kind#CHOICE} can show. */
    public List<String> options() {
        return options;
    }

    @Override
    public String toString() {
        return id;
    }

    /** A line while it is being written. */
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
            // Signals and faults are the firmware's own state; all else comes from sensors or from the searched boards.
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

        /** Id of a channel type that several channels share; they have texts of their own. */
        Builder type(String typeId) {
            this.typeId = typeId;
            return this;
        }

        Builder category(String category) {
            this.category = category;
            return this;
        }

        /** Semantic tag of the point; that of the property stays by rule. */
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

        /** The version of the thing types that has the channel first, so that existing Things get it too. */
        Builder since(int version) {
            this.since = version;
            return this;
        }

        /**
         * The version of the thing types in which the channel got its channel type, so that existing Things get it too.
         */
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
