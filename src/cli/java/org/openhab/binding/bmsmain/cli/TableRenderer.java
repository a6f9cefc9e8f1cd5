/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.cli.StyledLine.Style;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Point;

/**
 * Renders a state as a table for people: groups side by side, indicators in colours, each value with unit and age.
 * Signals and faults, of which there are many, are shown as a grid of marks.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TableRenderer {

    private static final String CONTROL = "control";
    private static final Set<String> GRIDS = Set.of("input-signals", "internal-signals", "faults", CONTROL);
    private static final String GAP = "   ";
    private static final String UNKNOWN = "-";
    /** Default number of decimals. */
    private static final int DECIMALS = 3;
    /** Order of the groups: these, then the faults, then the rest. */
    private static final List<String> FIRST = List.of("battery", "energy");
    private static final String FAULTS = "faults";
    private static final int AGE_WIDTH = 7;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final String title;
    private final int width;
    private final boolean colour;
    private final ZoneId zone;
    private final String note;

    /**
     * @param title title, for instance host and address
     * @param width columns of the terminal
     * @param colour whether the terminal has colours
     * @param zone time zone of the times of day
     * @param note a line about the source of the values; empty for none
     */
    TableRenderer(String title, int width, boolean colour, ZoneId zone, String note) {
        this.note = note;
        this.title = title;
        this.width = width;
        this.colour = colour;
        this.zone = zone;
    }

    /** The table, line by line. For an offline board it shows the cause, and the known values as well. */
    List<String> render(ShownState state) {
        List<StyledLine> lines = new ArrayList<>();
        lines.addAll(inRows(head(state)));
        String cause = state.cause();
        if (cause != null) {
            wrap(cause).forEach(line -> lines.add(line().add(line, Style.RED)));
        }
        if (!note.isEmpty()) {
            wrap(note).forEach(line -> lines.add(line().add(line, Style.DIM)));
        }
        List<StyledLine> about = new ArrayList<>();
        for (ShownValue property : state.properties()) {
            Object value = property.value();
            if (value != null) {
                about.add(line().add(property.name() + " " + value, Style.DIM));
            }
        }
        if (!about.isEmpty()) {
            lines.addAll(inRows(about));
        }

        Map<String, List<ShownValue>> groups = new LinkedHashMap<>();
        for (ShownValue value : state.channels()) {
            if (state.online() || value.value() != null) {
                List<ShownValue> group = groups.getOrDefault(value.group(), new ArrayList<>());
                group.add(value);
                groups.put(value.group(), group);
            }
        }
        List<List<StyledLine>> first = new ArrayList<>();
        List<List<StyledLine>> blocks = new ArrayList<>();
        List<StyledLine> faults = new ArrayList<>();
        List<StyledLine> grids = new ArrayList<>();
        groups.forEach((group, values) -> {
            if (GRIDS.contains(group)) {
                (FAULTS.equals(group) ? faults : grids).addAll(grid(group, values, state.time()));
            } else {
                (FIRST.contains(group) ? first : blocks).add(block(group, values, state.time()));
            }
        });
        lines.addAll(sideBySide(first));
        lines.addAll(faults);
        lines.addAll(sideBySide(blocks));
        lines.addAll(grids);
        return lines.stream().map(StyledLine::toString).toList();
    }

    private List<StyledLine> head(ShownState state) {
        List<StyledLine> facts = new ArrayList<>();
        facts.add(line().add(title, Style.BOLD));
        facts.add(line().add(state.online() ? "● online" : "● offline",
                state.online() ? Style.GREEN_BOLD : Style.RED_BOLD));
        if (state.hasClock()) {
            facts.add(line().add(CLOCK.format(state.time().atZone(zone)), Style.DIM));
        }
        for (ShownValue value : state.channels()) {
            if (value.id().equals(Catalogue.INITIALISATION.id()) && "ON".equals(value.value())) {
                facts.add(line().add("initialising, readings follow", Style.YELLOW));
            } else if (value.id().equals(Catalogue.ALARM.id()) && value.value() != null) {
                facts.add(line().add("alarm: " + shortened(shown(value)), style(value)));
            }
        }
        return facts;
    }

    private String shortened(String text) {
        int room = width / 2;
        return text.length() <= room ? text : text.substring(0, room - 3) + "...";
    }

    private List<StyledLine> block(String group, List<ShownValue> values, Instant now) {
        List<StyledLine> lines = block(group, values, now, true);
        return lines.stream().allMatch(line -> line.width() <= width) ? lines : block(group, values, now, false);
    }

    /** A group with its heading. @param labelled whether to show the labels of the user interface before the IDs */
    private List<StyledLine> block(String group, List<ShownValue> values, Instant now, boolean labelled) {
        int labels = !labelled ? 0
                : values.stream().mapToInt(value -> Texts.label(value.id()).length()).max().orElse(0);
        int ids = 2 + (labels == 0 ? 0 : labels + 2);
        int names = ids + values.stream().mapToInt(value -> value.name().length()).max().orElse(0) + 2;
        int numbers = values.stream().filter(value -> !isText(value)).mapToInt(value -> shown(value).length()).max()
                .orElse(1);
        int units = values.stream().mapToInt(value -> value.unit().length()).max().orElse(0);
        int edge = names + numbers + units + 1;
        boolean aged = values.stream().anyMatch(TableRenderer::isAged);
        StyledLine heading = line().add(Texts.group(group), Style.BOLD);
        if (heading.width() < ids) {
            heading.to(ids).add(labels == 0 ? "" : "channel", Style.DIM);
        }
        if (heading.width() < names) {
            heading.to(names).right("value", numbers, Style.DIM).to(edge).right(aged ? "read" : "",
                    aged ? AGE_WIDTH : 0, Style.DIM);
        }
        List<StyledLine> lines = new ArrayList<>();
        lines.add(line());
        lines.add(heading);
        for (ShownValue value : values) {
            StyledLine line = line().add("  " + (labels == 0 ? "" : Texts.label(value.id()))).to(ids)
                    .add(value.name(), labels == 0 ? Style.PLAIN : Style.DIM).to(names);
            if (isText(value)) {
                line.add(confidence(value)).add(shown(value), style(value)).to(edge);
            } else {
                line.right(shown(value), numbers, style(value)).add(" " + value.unit()).to(edge);
            }
            Instant read = value.read();
            if (read != null && isAged(value)) {
                line.right(age(read, now), AGE_WIDTH, Style.DIM);
            }
            lines.add(line);
        }
        return lines;
    }

    private static boolean isAged(ShownValue value) {
        return value.read() != null && !value.id().equals(Catalogue.LAST_UPDATE.id());
    }

    /** Arranges blocks in as many columns as fit, each below the shortest column. */
    private List<StyledLine> sideBySide(List<List<StyledLine>> blocks) {
        for (int count = Math.min(4, blocks.size()); count > 1; count--) {
            List<List<StyledLine>> columns = distribute(blocks, count);
            List<Integer> widths = columns.stream()
                    .map(column -> column.stream().mapToInt(StyledLine::width).max().orElse(0)).toList();
            int total = widths.stream().mapToInt(Integer::intValue).sum() + GAP.length() * (count - 1);
            if (total <= width) {
                return join(columns, widths);
            }
        }
        return blocks.stream().flatMap(List::stream).toList();
    }

    private static List<List<StyledLine>> distribute(List<List<StyledLine>> blocks, int count) {
        List<List<StyledLine>> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            columns.add(new ArrayList<>());
        }
        for (List<StyledLine> block : blocks) {
            List<StyledLine> shortest = columns.get(0);
            for (List<StyledLine> column : columns) {
                shortest = column.size() < shortest.size() ? column : shortest;
            }
            shortest.addAll(block);
        }
        return columns;
    }

    private List<StyledLine> join(List<List<StyledLine>> columns, List<Integer> widths) {
        int height = columns.stream().mapToInt(List::size).max().orElse(0);
        List<StyledLine> lines = new ArrayList<>();
        for (int row = 0; row < height; row++) {
            StyledLine line = line();
            int edge = 0;
            for (int i = 0; i < columns.size(); i++) {
                if (row < columns.get(i).size()) {
                    line.to(edge).add(columns.get(i).get(row));
                }
                edge += widths.get(i) + GAP.length();
            }
            lines.add(line);
        }
        return lines;
    }

    private List<StyledLine> grid(String group, List<ShownValue> values, Instant now) {
        List<ShownValue> flags = values.stream().filter(TableRenderer::isGridFlag).toList();
        List<StyledLine> lines = new ArrayList<>();
        lines.add(line());
        List<StyledLine> facts = new ArrayList<>();
        facts.add(line().add(Texts.group(group), Style.BOLD));
        for (ShownValue value : values) {
            if (!flags.contains(value)) {
                facts.add(line().add(value.name() + " ").add(shown(value), style(value)));
            }
        }
        Instant oldest = null;
        for (ShownValue flag : flags) {
            Instant read = flag.read();
            oldest = read != null && (oldest == null || read.isBefore(oldest)) ? read : oldest;
        }
        if (oldest != null) {
            facts.add(line().add(age(oldest, now), Style.DIM));
        }
        lines.addAll(inRows(facts));
        int names = flags.stream().mapToInt(value -> value.name().length()).max().orElse(0) + 4;
        int labels = flags.stream().mapToInt(value -> Texts.label(value.id()).length()).max().orElse(0) + 2;
        // With space for two columns, the labels of the user interface are shown before the IDs.
        boolean labelled = labels > 2 && 2 * (names + labels) <= width - 2;
        int cell = labelled ? names + labels : names;
        int perLine = Math.max(1, (width - 2) / cell);
        int rows = (flags.size() + perLine - 1) / perLine;
        for (int row = 0; row < rows; row++) {
            StyledLine line = line().add("  ");
            for (int column = 0; column < perLine; column++) {
                int index = column * rows + row;
                if (index < flags.size()) {
                    ShownValue flag = flags.get(index);
                    boolean on = "ON".equals(flag.value());
                    Style style = !on ? Style.DIM : "faults".equals(group) ? Style.RED_BOLD : Style.GREEN_BOLD;
                    line.to(2 + column * cell).add(on ? "● " : flag.value() == null ? "? " : "○ ", style)
                            .add(labelled ? Texts.label(flag.id()) : "", style)
                            .to(labelled ? 4 + column * cell + labels : 0)
                            .add(flag.name(), labelled && !on ? Style.DIM : style);
                }
            }
            lines.add(line);
        }
        return lines;
    }

    /** Joins facts into lines that fit the width. */
    private List<StyledLine> inRows(List<StyledLine> facts) {
        List<StyledLine> lines = new ArrayList<>();
        StyledLine line = line();
        for (StyledLine fact : facts) {
            if (line.width() > 0 && line.width() + GAP.length() + fact.width() > width) {
                lines.add(line);
                line = line().add(" ");
            }
            line.add(line.width() == 0 ? "" : GAP).add(fact);
        }
        lines.add(line);
        return lines;
    }

    private List<String> wrap(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        if (line.length() > 0) {
            lines.add(line.toString());
        }
        return lines;
    }

    private StyledLine line() {
        return new StyledLine(colour);
    }

    private StyledLine confidence(ShownValue value) {
        return "indicators".equals(value.group()) ? line().add("● ", style(value)) : line();
    }

    private static boolean isGridFlag(ShownValue value) {
        Point point = Catalogue.byId(value.id());
        if (point == null) {
            return CONTROL.equals(value.group()) && !"last-result".equals(value.name());
        }
        return point.kind() == Kind.FLAG && point != Catalogue.CRITICAL;
    }

    /** Text is left-aligned in its field; numbers and ON or OFF are right-aligned. */
    private static boolean isText(ShownValue value) {
        Point point = Catalogue.byId(value.id());
        return point != null && (point.kind() == Kind.TEXT || point.kind() == Kind.CHOICE || point.kind() == Kind.TIME);
    }

    private String shown(ShownValue value) {
        Object content = value.value();
        if (content == null) {
            return UNKNOWN;
        } else if (content instanceof BigDecimal) {
            Point point = Catalogue.byId(value.id());
            int decimals = point == null || point.decimals() < 0 ? DECIMALS : point.decimals();
            BigDecimal number = (BigDecimal) content;
            return (number.scale() > decimals ? number.setScale(decimals, RoundingMode.HALF_EVEN) : number)
                    .toPlainString();
        } else if (value.id().equals(Catalogue.LAST_UPDATE.id())) {
            return CLOCK.format(Instant.parse(content.toString()).atZone(zone));
        }
        return content.toString();
    }

    private static Style style(ShownValue value) {
        @Nullable
        Object content = value.value();
        if (content == null) {
            return Style.DIM;
        }
        boolean fault = "faults".equals(value.group());
        switch (content.toString()) {
            case "ON":
            case "CLOSED":
                return fault ? Style.RED_BOLD : Style.GREEN_BOLD;
            case "OFF":
            case "OPEN":
            case "off":
                return Style.DIM;
            case "red":
                return Style.RED;
            case "green":
                return Style.GREEN;
            case "blinking-green":
                return Style.GREEN_BLINKING;
            case "blinking-red":
                return Style.RED_BLINKING;
            case "blinking-yellow-2hz":
            case "blinking-yellow-25hz":
                return Style.YELLOW_BLINKING;
            default:
                return value.id().equals(Catalogue.ALARM.id()) && !content.equals(Texts.noAlarm()) ? Style.RED_BOLD
                        : Style.PLAIN;
        }
    }

    private static String age(Instant read, Instant now) {
        double seconds = Math.max(0, Duration.between(read, now).toMillis() / 1000.0);
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return seconds < 120 ? Math.round(seconds) + " s" : Math.round(seconds / 60) + " min";
    }
}
