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

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Combines the values of several batteries into the values of one bank.
 * <p>
 * A value of the bank is unknown when it is unknown for any member. Exception: a flag that is set for one member is
 * always shown. The result is a {@link BoardSnapshot} with the groups battery, energy and faults, and the extremes of
 * the group logic.
 * <p>
 * Not thread-safe. Times are in nanoseconds of a ticker.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BankCalculator {

    /** How the members are connected. */
    public enum Connection {
        PARALLEL,
        SERIES
    }

    /** How a current limit follows from those of members in parallel. */
    public enum ParallelLimit {
        /** The lowest of them times their number: safe where the members share the current evenly. */
        LOWEST_TIMES_NUMBER,
        /** Their sum: only where each member takes as much as it can. */
        SUM
    }

    /**
     * A member of the bank.
     *
     * @param name name shown to the user
     * @param snapshot known values; null when the member is lost, disabled or removed
     */
    public record Member(String name, @Nullable BoardSnapshot snapshot) {
    }

    /**
     * A fault and the member that reports it.
     *
     * @param member name of the member
     */
    public record Alarm(String member, ActiveFault fault) {
    }

    /**
     * The bank at one moment.
     *
     * @param snapshot values of the bank
     * @param missing names of the members that make values of the bank unknown
     * @param worst the worst fault, critical ones first; null when none is known
     * @param extremes name of the member that holds the extreme cell voltages and temperatures
     */
    public record Bank(BoardSnapshot snapshot, List<String> missing, @Nullable Alarm worst,
            Map<Point, String> extremes) {
    }

    /** How a value of the bank follows from the values of its members. */
    private enum Rule {
        SUM,
        MEAN,
        LOWEST,
        HIGHEST,
        /** The lowest value times the number of members, or the sum, see {@link ParallelLimit}. */
        LIMIT,
        /** The value if it is the same for all members, otherwise unknown. */
        SAME,
        /** 1 if it is set for any member; otherwise unknown if it is unknown for any member. */
        ANY,
        /** All bits that are set for any member. */
        UNION
    }

    /** Rules by the ID of the value: first for parallel, then for series connection. */
    private static final Map<String, List<Rule>> RULES = new HashMap<>();

    static {
        rule(Catalogue.VOLTAGE, Rule.MEAN, Rule.SUM);
        rule(Catalogue.CURRENT, Rule.SUM, Rule.MEAN);
        rule(Catalogue.POWER, Rule.SUM, Rule.SUM);
        rule(Catalogue.CHARGING, Rule.ANY, Rule.ANY);
        rule(Catalogue.DISCHARGING, Rule.ANY, Rule.ANY);
        rule(Catalogue.STATE, Rule.SAME, Rule.SAME);
        rule(Catalogue.STATE_DURATION, Rule.LOWEST, Rule.LOWEST);
        rule(Catalogue.MIN_CELL_VOLTAGE, Rule.LOWEST, Rule.LOWEST);
        rule(Catalogue.MAX_CELL_VOLTAGE, Rule.HIGHEST, Rule.HIGHEST);
        rule(Catalogue.MIN_CELL_TEMPERATURE, Rule.LOWEST, Rule.LOWEST);
        rule(Catalogue.MAX_CELL_TEMPERATURE, Rule.HIGHEST, Rule.HIGHEST);
        rule(Catalogue.CHARGE_CURRENT_LIMIT, Rule.LIMIT, Rule.LOWEST);
        rule(Catalogue.DISCHARGE_CURRENT_LIMIT, Rule.LIMIT, Rule.LOWEST);
        rule(Catalogue.NOMINAL_CAPACITY, Rule.SUM, Rule.LOWEST);
        rule(Catalogue.MAX_CHARGE_VOLTAGE, Rule.LOWEST, Rule.SUM);
        rule(Catalogue.MIN_DISCHARGE_VOLTAGE, Rule.HIGHEST, Rule.SUM);
        rule(Catalogue.MAX_CHARGE_CURRENT, Rule.LIMIT, Rule.LOWEST);
        rule(Catalogue.MAX_DISCHARGE_CURRENT, Rule.LIMIT, Rule.LOWEST);
        // The same charge flows through all members in series, so it is not summed.
        rule("energy#charged-energy", Rule.SUM, Rule.SUM);
        rule("energy#discharged-energy", Rule.SUM, Rule.SUM);
        rule("energy#charged-energy-today", Rule.SUM, Rule.SUM);
        rule("energy#discharged-energy-today", Rule.SUM, Rule.SUM);
        rule("energy#charge-in", Rule.SUM, Rule.MEAN);
        rule("energy#charge-out", Rule.SUM, Rule.MEAN);
        // In series, the first empty member ends the discharge of the bank.
        rule("energy#remaining-charge", Rule.SUM, Rule.LOWEST);
        rule("energy#remaining-energy", Rule.SUM, Rule.SUM);
        rule("energy#coverage", Rule.LOWEST, Rule.LOWEST);
        rule(Catalogue.ALARM, Rule.ANY, Rule.ANY);
        rule(Catalogue.CRITICAL, Rule.ANY, Rule.ANY);
        rule(Catalogue.ACTIVE_COUNT, Rule.SUM, Rule.SUM);
        rule(Catalogue.ERRORS_1, Rule.UNION, Rule.UNION);
        rule(Catalogue.ERRORS_2, Rule.UNION, Rule.UNION);
        Catalogue.FAULTS.forEach(fault -> rule(fault, Rule.ANY, Rule.ANY));
    }

    /** Extremes for which the bank names the member. */
    private static final Set<Point> EXTREMES = Set.of(Catalogue.MIN_CELL_VOLTAGE, Catalogue.MAX_CELL_VOLTAGE,
            Catalogue.MIN_CELL_TEMPERATURE, Catalogue.MAX_CELL_TEMPERATURE);
    /** Values that each member must provide for the sums and means of the bank. */
    private static final List<Point> NEEDED = List.of(Catalogue.STATE_OF_CHARGE, Catalogue.CURRENT,
            Catalogue.NOMINAL_CAPACITY);
    private static final Comparator<Alarm> WORST_FIRST = Comparator
            .comparing((Alarm alarm) -> !alarm.fault.isCritical()).thenComparingInt(alarm -> alarm.fault.word())
            .thenComparingInt(alarm -> alarm.fault.bit());

    /** Maximum time between two readings of the bank's current that are averaged. */
    private static final long LONGEST_DISTANCE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final double NANOS_PER_SECOND = 1e9;
    /** Sums and means are rounded to this many steps per unit; finer digits are rounding noise of the arithmetic. */
    private static final double STEPS = 10_000;

    private final boolean parallel;
    private final ParallelLimit limit;
    private final List<Point> points;
    private final Map<String, Point> byId = new HashMap<>();
    private final int size;
    private final RemainingTime remainingTime = new RemainingTime();
    private double lastCurrent = Double.NaN;
    private long lastNanos;
    private @Nullable BoardSnapshot last;

    /**
     * @param points all values that members can have, such as {@link Catalogue#all()}
     */
    public BankCalculator(Connection connection, ParallelLimit limit, List<Point> points) {
        this.parallel = connection == Connection.PARALLEL;
        this.limit = limit;
        this.points = points.stream().filter(point -> RULES.containsKey(point.id())).toList();
        size = points.stream().mapToInt(Point::index).max().orElse(-1) + 1;
        points.forEach(point -> byId.put(point.id(), point));
    }

    private static void rule(Point point, Rule inParallel, Rule inSeries) {
        rule(point.id(), inParallel, inSeries);
    }

    private static void rule(String id, Rule inParallel, Rule inSeries) {
        RULES.put(id, List.of(inParallel, inSeries));
    }

    /**
     * Computes the values of the bank.
     *
     * @param nowNanos the ticker's time
     * @param now the same moment on the wall clock
     * @param members at least one
     */
    public Bank combine(long nowNanos, Instant now, List<Member> members) {
        Draft draft = new Draft(now, members);
        for (Point point : points) {
            draft.set(point, draft.combined(point, rule(point)));
        }
        draft.state();
        draft.charge();
        draft.cells();
        draft.power();
        draft.times(nowNanos);
        BoardSnapshot snapshot = BoardSnapshot.of(now, draft.values, draft.ages(), draft.words, last);
        last = snapshot;
        return new Bank(snapshot, missing(members), worst(members), draft.extremes());
    }

    private Rule rule(Point point) {
        List<Rule> rules = RULES.getOrDefault(point.id(), List.of(Rule.SAME, Rule.SAME));
        return rules.get(parallel ? 0 : 1);
    }

    private static double number(Member member, Point point) {
        BoardSnapshot snapshot = member.snapshot;
        return snapshot == null ? Double.NaN : snapshot.number(point);
    }

    /** Returns the members that lack a needed value, or a voltage that others provide. */
    private static List<String> missing(List<Member> members) {
        boolean anyVoltage = members.stream().anyMatch(member -> !Double.isNaN(number(member, Catalogue.VOLTAGE)));
        return members.stream()
                .filter(member -> anyVoltage && Double.isNaN(number(member, Catalogue.VOLTAGE))
                        || NEEDED.stream().anyMatch(point -> Double.isNaN(number(member, point))))
                .map(Member::name).toList();
    }

    private static @Nullable Alarm worst(List<Member> members) {
        List<Alarm> alarms = new ArrayList<>();
        for (Member member : members) {
            BoardSnapshot snapshot = member.snapshot;
            if (snapshot != null) {
                ActiveFault.of(snapshot).forEach(fault -> alarms.add(new Alarm(member.name, fault)));
            }
        }
        // The sort is stable: for the same fault, the first member is named.
        alarms.sort(WORST_FIRST);
        return alarms.isEmpty() ? null : alarms.get(0);
    }

    /** The values of the bank while they are computed. */
    private final class Draft {
        private final double[] values = new double[size];
        private final @Nullable String[] words = new @Nullable String[size];
        private final Instant now;
        private final List<Member> members;

        Draft(Instant now, List<Member> members) {
            this.now = now;
            this.members = members;
            Arrays.fill(values, Double.NaN);
        }

        double combined(Point point, Rule rule) {
            double sum = 0;
            double lowest = Double.POSITIVE_INFINITY;
            double highest = Double.NEGATIVE_INFINITY;
            long bits = 0;
            boolean known = !members.isEmpty();
            boolean any = false;
            for (Member member : members) {
                double value = number(member, point);
                known &= !Double.isNaN(value);
                any |= value == 1;
                sum += value;
                lowest = Math.min(lowest, value);
                highest = Math.max(highest, value);
                bits |= (long) value;
            }
            if (rule == Rule.ANY && any) {
                return 1;
            }
            if (!known) {
                return Double.NaN;
            }
            switch (rule) {
                case SUM:
                    return rounded(sum);
                case MEAN:
                    return rounded(sum / members.size());
                case LOWEST:
                    return lowest;
                case HIGHEST:
                    return highest;
                case LIMIT:
                    return rounded(limit == ParallelLimit.SUM ? sum : lowest * members.size());
                case SAME:
                    return lowest == highest ? lowest : Double.NaN;
                case UNION:
                    return bits;
                default:
                    return 0;
            }
        }

        /** The state lasts as long as for the last member to enter it; unknown if the states differ. */
        void state() {
            if (Double.isNaN(value(Catalogue.STATE))) {
                set(Catalogue.STATE_DURATION, Double.NaN);
            }
        }

        /** Sets the state of charge, weighted by capacity, the full cycles and, in series, the remaining energy. */
        void charge() {
            double charge = 0;
            double capacity = 0;
            for (Member member : members) {
                double own = number(member, Catalogue.NOMINAL_CAPACITY);
                charge += number(member, Catalogue.STATE_OF_CHARGE) * own;
                capacity += own;
            }
            values[Catalogue.STATE_OF_CHARGE.index()] = rounded(charge / capacity);
            set("energy#equivalent-full-cycles",
                    Math.rint(value("energy#charge-out") / value(Catalogue.NOMINAL_CAPACITY) * 100) / 100);
            if (!parallel) {
                set("energy#remaining-energy", usableEnergy());
            }
        }

        /** Returns the remaining energy in series: each member can deliver only the charge of the weakest member. */
        private double usableEnergy() {
            Point energy = byId.get("energy#remaining-energy");
            Point charge = byId.get("energy#remaining-charge");
            if (energy == null || charge == null || members.isEmpty()) {
                return Double.NaN;
            }
            double sum = 0;
            for (Member member : members) {
                double own = number(member, charge);
                sum += number(member, energy) * (own == 0 ? 0 : value(charge) / own);
            }
            return rounded(sum);
        }

        /** Names the extreme cells. The members may differ in their number of cells, but not in the kind of cell. */
        void cells() {
            double min = value(Catalogue.MIN_CELL_VOLTAGE);
            double max = value(Catalogue.MAX_CELL_VOLTAGE);
            values[Catalogue.CELL_VOLTAGE_DIFFERENCE.index()] = rounded(max - min);
            words[Catalogue.MIN_VOLTAGE_CELL.index()] = cell(Catalogue.MIN_CELL_VOLTAGE, Catalogue.MIN_VOLTAGE_CELL);
            words[Catalogue.MAX_VOLTAGE_CELL.index()] = cell(Catalogue.MAX_CELL_VOLTAGE, Catalogue.MAX_VOLTAGE_CELL);
        }

        private @Nullable String cell(Point voltage, Point name) {
            Member member = holder(voltage);
            BoardSnapshot snapshot = member == null ? null : member.snapshot;
            String cell = snapshot == null ? null : snapshot.text(name);
            return member == null || cell == null ? null : member.name + " " + cell;
        }

        void power() {
            double power = value(Catalogue.POWER);
            set("energy#charging-power", Math.max(0, power));
            set("energy#discharging-power", Math.max(0, -power));
        }

        /** Times from the current of the bank: a member at rest has no remaining time, but its bank has. */
        void times(long nowNanos) {
            double current = value(Catalogue.CURRENT);
            double capacity = value(Catalogue.NOMINAL_CAPACITY);
            long distance = nowNanos - lastNanos;
            if (distance > 0 && distance <= LONGEST_DISTANCE_NANOS && !Double.isNaN(lastCurrent + current)) {
                remainingTime.add(nowNanos, distance / NANOS_PER_SECOND, (lastCurrent + current) / 2, Double.NaN);
            }
            lastCurrent = current;
            lastNanos = nowNanos;
            remainingTime.judge(nowNanos, capacity);
            // In series, the least charge ends the discharge, and the least missing charge ends the charge.
            double remaining = parallel ? 0 : Double.POSITIVE_INFINITY;
            double missing = remaining;
            for (Member member : members) {
                double own = number(member, Catalogue.NOMINAL_CAPACITY);
                double charge = number(member, Catalogue.STATE_OF_CHARGE) / 100 * own;
                remaining = parallel ? remaining + charge : Math.min(remaining, charge);
                missing = parallel ? missing + own - charge : Math.min(missing, own - charge);
            }
            boolean known = !Double.isNaN(current);
            set("energy#time-to-empty", known ? remainingTime.toEmpty(remaining) : Double.NaN);
            set("energy#time-to-full", known ? remainingTime.toFull(missing) : Double.NaN);
        }

        /** Returns the member with the extreme value, or null when it is unknown. */
        private @Nullable Member holder(Point point) {
            for (Member member : members) {
                if (number(member, point) == value(point)) {
                    return member;
                }
            }
            return null;
        }

        Map<Point, String> extremes() {
            Map<Point, String> names = new LinkedHashMap<>();
            for (Point point : points) {
                Member member = EXTREMES.contains(point) ? holder(point) : null;
                if (member != null) {
                    names.put(point, member.name);
                }
            }
            return names;
        }

        /** Returns the age of each value: that of its oldest source. */
        long[] ages() {
            long[] ages = new long[size];
            for (Member member : members) {
                BoardSnapshot snapshot = member.snapshot;
                for (Point point : snapshot == null ? List.<Point> of() : points) {
                    Instant time = snapshot == null ? null : snapshot.time(point);
                    if (time != null) {
                        long age = Duration.between(time, now).toNanos();
                        ages[point.index()] = Math.max(ages[point.index()], age);
                    }
                }
            }
            return ages;
        }

        void set(Point point, double value) {
            values[point.index()] = value;
        }

        private void set(String id, double value) {
            Point point = byId.get(id);
            if (point != null) {
                set(point, value);
            }
        }

        private double value(Point point) {
            return values[point.index()];
        }

        private double value(String id) {
            Point point = byId.get(id);
            return point == null ? Double.NaN : value(point);
        }

        private double rounded(double value) {
            // Adding 0.0 turns -0.0 into 0.0.
            return Math.rint(value * STEPS) / STEPS + 0.0;
        }
    }
}
