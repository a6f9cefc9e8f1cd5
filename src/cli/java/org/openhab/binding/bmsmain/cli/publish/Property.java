/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli.publish;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.ActiveFault;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;

/**
 * One value of a device: a property of a node, in terms of Homie.
 *
 * @param node ID of its node, which is our channel group
 * @param id its ID in the node, which is our channel
 * @param unit its unit; empty for none
 * @param format range of a number ({@code min:max}) or options of an enumeration; empty for any value
 * @param isSettable whether it accepts commands
 * @param isLasting whether it stays valid when the board is not read any more, such as counters and events
 * @param point its entry in the catalogue; null for a property that only exists here
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record Property(String node, String id, String label, Datatype datatype, String unit, String format, boolean isSettable,
        boolean isLasting, @Nullable Point point) {

    /** The required data types of Homie 4. */
    enum Datatype {
        INTEGER,
        FLOAT,
        BOOLEAN,
        STRING,
        ENUM;

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The node of the Thing properties of a board. */
    static final String PROPERTIES = "properties";
    static final String CONTROL = "control";
    static final String LAST_RESULT = "last-result";
    static final String LAST_UPDATE = "link/last-update";

    private static final Pattern CAPITAL = Pattern.compile("([A-Z])");
    /** Limits beyond these come from the number format, and are omitted. */
    private static final double LARGEST_LIMIT = 1e10;
    private static final double SMALLEST_LIMIT = 1e-9;

    /** The property for an entry of the catalogue. */
    static Property of(Point point, Words words) {
        String node = point.isChannel() ? point.group() : PROPERTIES;
        String id = CAPITAL.matcher(point.name()).replaceAll("-$1").toLowerCase(Locale.ROOT);
        return new Property(node, id, words.label(point), datatype(point), point.unit().symbol(), format(point), false,
                Catalogue.LASTING.contains(point), point);
    }

    /** The property that forces a signal. */
    static Property control(Point signal, Words words) {
        return new Property(CONTROL, signal.name(), words.control(signal), Datatype.ENUM, "",
                String.join(",",
                        List.of(SignalOverride.ON.id(), SignalOverride.OFF.id(), SignalOverride.PHYSICAL.id())),
                true, false, null);
    }

    /** A property that only exists here. */
    static Property own(String node, String id, String label, Datatype datatype) {
        return new Property(node, id, label, datatype, "", "", false, false, null);
    }

    /** Its topic below the topic of the device. */
    String path() {
        return node + "/" + id;
    }

    /** Whether it describes the link, not the battery. */
    boolean isOfLink() {
        Point shown = point;
        return shown != null && shown.origin() == Origin.LINK;
    }

    /** Whether it changes with each read: a value of the link, or a time. */
    boolean isRestless() {
        Point shown = point;
        return isOfLink() || shown != null && shown.kind() == Kind.TIME;
    }

    /** The options of an enumeration. */
    List<String> options() {
        return List.of(format.split(","));
    }

    private static Datatype datatype(Point point) {
        return switch (point.kind()) {
            case MEASUREMENT -> Datatype.FLOAT;
            case COUNT -> point.decimals() == 0 ? Datatype.INTEGER : Datatype.FLOAT;
            case BITS -> Datatype.INTEGER;
            case FLAG, CONTACT -> Datatype.BOOLEAN;
            // A board may send a number without a documented option.
            case CHOICE -> point.origin() == Origin.DERIVED ? Datatype.ENUM : Datatype.STRING;
            case TEXT, TIME -> Datatype.STRING;
        };
    }

    private static String format(Point point) {
        Datatype datatype = datatype(point);
        if (datatype == Datatype.ENUM) {
            return String.join(",", point.options());
        }
        boolean isLimited = (datatype == Datatype.FLOAT || datatype == Datatype.INTEGER)
                && Math.abs(point.min()) < LARGEST_LIMIT && Math.abs(point.max()) < LARGEST_LIMIT;
        return isLimited ? limit(point.min()) + ":" + limit(point.max()) : "";
    }

    private static String limit(double value) {
        return Math.abs(value) < SMALLEST_LIMIT ? "0" : new BigDecimal(value).stripTrailingZeros().toPlainString();
    }

    /** The payload of the value in a snapshot; empty when unknown. */
    String payload(BoardSnapshot snapshot, Words words) {
        Point shown = point;
        if (shown == null || shown.origin() == Origin.JOURNAL || !snapshot.isKnown(shown)) {
            return "";
        } else if (shown.equals(Catalogue.ALARM)) {
            String alarm = ActiveFault.alarm(snapshot, words::fault, words.noAlarm());
            return alarm == null ? "" : alarm;
        }
        double number = snapshot.number(shown);
        return switch (shown.kind()) {
            case MEASUREMENT, COUNT, BITS -> plain(number, Math.max(0, shown.decimals()));
            case FLAG, CONTACT -> Boolean.toString(number != 0);
            case TIME -> Instant.ofEpochMilli((long) number).toString();
            case CHOICE, TEXT -> {
                String text = snapshot.text(shown);
                yield text == null ? "" : text;
            }
        };
    }

    private static String plain(double number, int decimals) {
        BigDecimal rounded = BigDecimal.valueOf(number).setScale(decimals, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /** Whether the value is a number for which small changes are not published. */
    boolean isStepped() {
        Point shown = point;
        return shown != null && (shown.kind() == Kind.MEASUREMENT || shown.kind() == Kind.COUNT);
    }
}
