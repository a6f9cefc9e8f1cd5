/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.LocationException;
import org.openhab.binding.bmsmain.internal.board.LocationException.Reason;
import org.openhab.binding.bmsmain.internal.board.LocationLine;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.board.Unit;
import org.openhab.binding.bmsmain.internal.board.WireType;

/**
 * Values of each BMS Logic board in the window of input registers 0x2011 to 0x20C9 (protocol, section 2). Only the
 * status is public. Users name the rest in lines such as {@code cell-voltage-{1..18} = window:0x2014+2*{i}:REAL32},
 * for all boards, or for one with the prefix {@code logic-3#}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class LogicWindow {

    /** Maximum number of BMS Logic boards on a board (protocol, section 8). */
    public static final int MAX_BOARDS = 23;
    /** Register with the number of the board whose data the window shows. */
    static final int SELECTION = 0x2010;

    private static final int STATUS = 0x2011;
    private static final int END = 0x20CA;
    private static final int READY_BIT = 2;
    private static final int TEMPERATURE_SENSOR_BIT = 4;
    private static final int MAX_COPIES = 64;

    private static final Pattern LEFT = Pattern
            .compile("(?:logic-(\\d+|\\{board\\})#)?([a-z][a-z0-9-]*)(?:\\{(\\d+)\\.\\.(\\d+)\\})?");
    /** Labels are made of the words, and cells are sorted by their number. */
    private static final Pattern NAME = Pattern
            .compile("(?!cell-voltage-\\d)[a-z][a-z0-9]*(-[a-z0-9]+)*|" + "cell-voltage-[1-9]\\d{0,2}");
    private static final int LONGEST_NAME = 50;
    private static final Pattern ADDRESS = Pattern.compile("([^.+]+)(?:\\+(\\d+)\\*\\{i\\})?(?:\\.(\\d+))?");
    private static final String PLACE = "window:";

    private final Map<String, Field> fields = new LinkedHashMap<>();

    /** A value of one board, or of all if {@code board} is 0. */
    private record Field(int board, String name, Kind kind, Unit unit, RegisterLocation place) {
    }

    /** A value of a certain board. */
    record BoardSlot(Point point, RegisterLocation place) {
    }

    /** A window of which only the public values are read. */
    public LogicWindow() {
        add(new Field(0, "status", Kind.COUNT, Unit.NONE, RegisterLocation.input(STATUS, WireType.U16)));
        add(new Field(0, "ready", Kind.FLAG, Unit.NONE, RegisterLocation.inputBit(STATUS, WireType.U16, READY_BIT)));
        add(new Field(0, "temperature-sensor", Kind.FLAG, Unit.NONE,
                RegisterLocation.inputBit(STATUS, WireType.U16, TEMPERATURE_SENSOR_BIT)));
    }

    private boolean add(Field field) {
        return fields.put(field.board + "#" + field.name, field) == null;
    }

    /** Whether a line defines a value of the window and not one of the catalogue. */
    public static boolean isWindowLine(String line) {
        return line.substring(line.indexOf('=') + 1).strip().startsWith(PLACE);
    }

    /**
     * Adds the values that a line defines.
     *
     * @throws LocationException when the line is invalid
     */
    public void add(String line) throws LocationException {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw new LocationException(Reason.NO_EQUALS, line.strip());
        }
        String left = line.substring(0, equals).strip();
        Matcher name = LEFT.matcher(left);
        if (!name.matches()) {
            throw new LocationException(Reason.UNKNOWN_CHANNEL, left);
        }
        String boardText = name.group(1);
        int board = 0;
        if (boardText != null && !boardText.startsWith("{")) {
            board = LocationLine.number(boardText, MAX_BOARDS, Reason.UNKNOWN_CHANNEL);
            if (board == 0) {
                throw new LocationException(Reason.UNKNOWN_CHANNEL, left);
            }
        }
        String from = name.group(3);
        String to = name.group(4);
        int first = from == null ? 1 : LocationLine.number(from, MAX_COPIES, Reason.SYNTAX);
        int last = to == null ? 1 : LocationLine.number(to, MAX_COPIES, Reason.SYNTAX);
        if (first > last) {
            throw new LocationException(Reason.SYNTAX, left);
        }
        String stem = String.valueOf(name.group(2));
        for (int i = first; i <= last; i++) {
            String full = from == null ? stem : stem + i;
            if (full.length() > LONGEST_NAME || !NAME.matcher(full).matches()) {
                throw new LocationException(Reason.NAME, full);
            }
            Field field = field(board, full, i, line.substring(equals + 1).strip());
            if (!add(field)) {
                throw new LocationException(Reason.DUPLICATE, field.name);
            }
        }
    }

    private static Field field(int board, String name, int i, String text) throws LocationException {
        String[] parts = text.substring(PLACE.length()).split(":", -1);
        Matcher address = ADDRESS.matcher(parts[0].strip());
        if (parts.length > 3 || !address.matches()) {
            throw new LocationException(Reason.SYNTAX, text);
        }
        String bitText = address.group(3);
        int bit = bitText == null ? Location.NO_BIT : LocationLine.number(bitText, 31, Reason.BIT);
        if (bitText == null && parts.length < 2) {
            throw new LocationException(Reason.TYPE, text);
        }
        if (bitText != null && parts.length == 3) {
            // A bit has no scale.
            throw new LocationException(Reason.SYNTAX, text);
        }
        WireType type = LocationLine.type(parts.length < 2 ? "U16" : parts[1], bit);
        double scale = parts.length < 3 ? 1 : LocationLine.scale(parts[2]);
        String step = address.group(2);
        int start = LocationLine.number(String.valueOf(address.group(1)), END, Reason.ADDRESS)
                + (step == null ? 0 : i * LocationLine.number(step, END, Reason.ADDRESS));
        RegisterLocation place = RegisterLocation.of(Table.INPUT, start, type, bit, scale);
        if (start < STATUS || place.end() > END) {
            throw new LocationException(Reason.ADDRESS, parts[0]);
        }
        Unit unit = name.startsWith("cell-voltage") ? Unit.VOLT
                : name.contains("temperature") ? Unit.CELSIUS : Unit.NONE;
        if (bit != Location.NO_BIT) {
            return new Field(board, name, Kind.FLAG, Unit.NONE, place);
        }
        return new Field(board, name, unit == Unit.NONE ? Kind.COUNT : Kind.MEASUREMENT, unit, place);
    }

    /**
     * Returns the values of all possible boards.
     *
     * @param firstIndex index of the first point
     */
    public Boards boards(int firstIndex) {
        Boards boards = new Boards();
        int index = firstIndex;
        for (int board = 1; board <= MAX_BOARDS; board++) {
            List<BoardSlot> mappings = new ArrayList<>();
            for (Field field : fields.values()) {
                // A definition for one board overrides that for all.
                boolean special = field.board == 0 && fields.containsKey(board + "#" + field.name);
                if (!special && (field.board == 0 || field.board == board)) {
                    Point point = Point.scanned(index++, "logic-" + board + "#" + field.name, field.kind, field.unit);
                    mappings.add(new BoardSlot(point, field.place));
                    boards.points.add(point);
                }
            }
            boards.mappings.put(board, mappings);
        }
        return boards;
    }

    /** The values of all boards. */
    public static final class Boards {
        private final List<Point> points = new ArrayList<>();
        private final Map<Integer, List<BoardSlot>> mappings = new HashMap<>();

        /** All values, by board. */
        public List<Point> points() {
            return points;
        }

        /** The values of a board. */
        List<BoardSlot> slotsOf(int board) {
            @Nullable
            List<BoardSlot> of = mappings.get(board);
            return of == null ? List.of() : of;
        }
    }
}
