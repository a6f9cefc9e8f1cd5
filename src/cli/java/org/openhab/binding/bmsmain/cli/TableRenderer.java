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
 * A state as a table for people: groups side by side, indicators in their colours, each value with unit and age.
 * Signals and faults, of which there are many, stand as a grid of marks.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TableRenderer {

    private static final String CONTROL = "control";
    private static final Set<String> GRIDS = Set.of("input-signals", "internal-signals", "faults", CONTROL);
    private static final String GAP = "   ";
    private static final String UNKNOWN = "-";
    private static final int DECIMALS = 3;
    private static final int AGE_WIDTH = 7;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final String title;
    private final int width;
    private final boolean colour;
    private final ZoneId zone;

    /**
     * @param title what is shown, for instance a host and an address
     * @param width columns of the terminal
     * @param colour whether the terminal has colours
     * @param zone in which times of day are told
     */
    TableRenderer(String title, int width, boolean colour, ZoneId zone) {
        this.title = title;
        this.width = width;
        this.colour = colour;
        this.zone = zone;
    }

    /** The table, line by line. */
    List<String> render(ShownState state) {
        List<StyledLine> lines = new ArrayList<>();
        lines.add(head(state));
        String cause = state.cause();
        if (cause != null) {
            wrap(cause).forEach(line -> lines.add(line().add(line, Style.RED)));
        }
        List<StyledLine> about = new ArrayList<>();
        for (ShownValue property : state.properties()) {
            Object value = property.value();
            if (value != null) {
                about.add(line().add(property.name() + " " + value, Style.DIM));
            }
        }
        lines.addAll(inRows(about));

        Map<String, List<ShownValue>> groups = new LinkedHashMap<>();
        for (ShownValue value : state.channels()) {
            List<ShownValue> group = groups.getOrDefault(value.group(), new ArrayList<>());
            group.add(value);
            groups.put(value.group(), group);
        }
        List<List<StyledLine>> blocks = new ArrayList<>();
        List<StyledLine> grids = new ArrayList<>();
        groups.forEach((group, values) -> {
            if (GRIDS.contains(group)) {
                grids.addAll(grid(group, values, state.time()));
            } else {
                blocks.add(block(group, values, state.time()));
            }
        });
        lines.addAll(sideBySide(blocks));
        lines.addAll(grids);
        return lines.stream().map(StyledLine::toString).toList();
    }

    private StyledLine head(ShownState state) {
        return line().add(title, Style.BOLD).add(GAP)
                .add(state.online() ? "● online" : "● offline", state.online() ? Style.GREEN_BOLD : Style.RED_BOLD)
                .add(GAP).add(state.hasClock() ? CLOCK.format(state.time().atZone(zone)) : "", Style.DIM);
    }

    private List<StyledLine> block(String group, List<ShownValue> values, Instant now) {
        int names = values.stream().mapToInt(value -> value.name().length()).max().orElse(0);
        int numbers = values.stream().filter(value -> !isText(value)).mapToInt(value -> shown(value).length()).max()
                .orElse(1);
        int units = values.stream().mapToInt(value -> value.unit().length()).max().orElse(0);
        List<StyledLine> lines = new ArrayList<>();
        lines.add(line());
        lines.add(line().add(Texts.group(group), Style.BOLD));
        for (ShownValue value : values) {
            StyledLine line = line().add("  " + value.name()).to(names + 4);
            if (isText(value)) {
                line.add(confidence(value)).add(shown(value), style(value));
            } else {
                line.right(shown(value), numbers, style(value)).add(" " + value.unit()).to(names + numbers + units + 5);
            }
            Instant read = value.read();
            if (read != null && !value.id().equals(Catalogue.LAST_UPDATE.id())) {
                line.right(age(read, now), AGE_WIDTH, Style.DIM);
            }
            lines.add(line);
        }
        return lines;
    }

    /** Blocks in as many columns as fit, each under the shortest. */
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
        int cell = flags.stream().mapToInt(value -> value.name().length()).max().orElse(0) + 4;
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
                            .add(flag.name(), style);
                }
            }
            lines.add(line);
        }
        return lines;
    }

    /** Facts behind each other, continued on the next line where the width ends. */
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

    /** Words stand at the left of their field, numbers and ON or OFF at the right. */
    private static boolean isText(ShownValue value) {
        Point point = Catalogue.byId(value.id());
        return point != null && (point.kind() == Kind.TEXT || point.kind() == Kind.CHOICE || point.kind() == Kind.TIME);
    }

    private String shown(ShownValue value) {
        Object content = value.value();
        if (content == null) {
            return UNKNOWN;
        } else if (content instanceof BigDecimal) {
            BigDecimal number = (BigDecimal) content;
            return (number.scale() > DECIMALS ? number.setScale(DECIMALS, RoundingMode.HALF_EVEN) : number)
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
