/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.descriptor;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Confidence;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.Unit;

/**
 * Generates files from the catalogue and the English texts: channel groups and channel types, the channel groups
 * and the version of the thing types, the update instructions, the channel tables of the docs and the page about
 * the protocol.
 * <p>
 * Existing Things get new channels through openHAB's update instructions. openHAB compares the property
 * {@code thingTypeVersion} of a Thing (0 when absent) with the versions of the instruction sets, and executes the
 * newer ones. A channel of a group is identified by its ID and the ID of the group in {@code groupIds}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class GeneratedFiles {

    /** Header of a file that is generated completely. */
    private static final String HEAD = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- Generated from the catalogue: mvn test -Dtest=GeneratedFilesTest -Dbmsmain.write=true -->
            """;
    private static final String THINGS = HEAD
            + """
                    <thing:thing-descriptions bindingId="bmsmain"
                    	xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                    	xmlns:thing="https://openhab.org/schemas/thing-description/v1.0.0"
                    	xsi:schemaLocation="https://openhab.org/schemas/thing-description/v1.0.0 https://openhab.org/schemas/thing-description-1.0.0.xsd">
                    """;
    private static final String UPDATES = HEAD
            + """
                    <update:update-descriptions
                    	xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                    	xmlns:update="https://openhab.org/schemas/update-description/v1.0.0"
                    	xsi:schemaLocation="https://openhab.org/schemas/update-description/v1.0.0 https://openhab.org/schemas/update-description-1.0.0.xsd">
                    """;
    private static final String PROTOCOL = """
            # The Board on the Wire

            This page is generated from the binding's catalogue. It lists each value by its place, with the mark that tells how sure
            the place is.

            | mark | the place was |
            |---|---|
            | V | read on a page of the vendor about this board |
            | N | read on a page of the vendor about a sibling with the same numbers |
            | C | taken from public third-party decoding of a sibling, with bus captures |
            | I | concluded, not verified |

            The mark is that of the Modbus place. On CAN, places in TPDO1 and TPDO2 are N or C at best, those in TPDO3 C or I; SDO
            objects are V.

            A Modbus place is written as in the parameter `registers`: `table:address[.bit]:type[:scale]`. The address counts from 0. A
            type of 32 bits takes two registers; their order is the parameter `wordOrder`. VERSION and CLOCK are read by the binding
            only. On CAN, a bit is counted from the named byte on, over as many bytes as the value has, lowest first.
            """;

    static final List<String> THING_TYPES = List.of("serial", "tcp", "can");
    static final Path GROUPS = Path.of("ESH-INF", "thing", "channel-groups.xml");
    static final Path TYPES = Path.of("ESH-INF", "thing", "channel-types.xml");
    static final Path UPDATE = Path.of("ESH-INF", "update", "channels.xml");
    static final Path CHANNEL_PAGE = Path.of("docs", "channels.md");
    static final Path PROTOCOL_PAGE = Path.of("docs", "protocol.md");

    /** The groups with an icon of their own. */
    private static final Map<String, String> GROUP_CATEGORIES = Map.of("battery", "Battery", "energy", "Energy",
            "history", "Time");
    /** The only channel with events and without a value follows this one; its type is written by hand. */
    private static final String BEFORE_EVENT = "faults#critical";
    private static final String EVENT = "event";
    private static final String EVENT_TYPE = "fault-event";

    private final List<Point> points;
    private final List<Point> channels;
    private final Map<String, List<Point>> groups;
    private final Map<String, String> texts;

    /**
     * @param points the points of the catalogue, in its order
     * @param texts the English texts by key
     */
    GeneratedFiles(List<Point> points, Map<String, String> texts) {
        this.points = points;
        this.channels = points.stream().filter(Point::isChannel).toList();
        this.groups = channels.stream()
                .collect(Collectors.groupingBy(Point::group, LinkedHashMap::new, Collectors.toList()));
        this.texts = texts;
    }

    /** The texts that openHAB shows in English. */
    static Map<String, String> englishTexts() throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("ESH-INF", "i18n", "bmsmain.properties"))) {
            properties.load(reader);
        }
        Map<String, String> texts = new TreeMap<>();
        properties.forEach((key, text) -> texts.put(key.toString(), text.toString()));
        return texts;
    }

    /** Generates all files. @return the content of each file by its path; empty if the file must not exist */
    Map<Path, String> all() throws IOException {
        Map<Path, String> files = new LinkedHashMap<>();
        files.put(GROUPS, channelGroups());
        files.put(TYPES, channelTypes());
        for (String thing : THING_TYPES) {
            Path file = Path.of("ESH-INF", "thing", thing + ".xml");
            files.put(file, thingType(Files.readString(file)));
        }
        files.put(UPDATE, updateInstructions());
        files.put(CHANNEL_PAGE, between(Files.readString(CHANNEL_PAGE), "<!-- channels:begin -->",
                "<!-- channels:end -->", "\n" + channelTables() + "\n"));
        files.put(PROTOCOL_PAGE, protocolPage());
        return files;
    }

    String channelGroups() {
        StringBuilder xml = new StringBuilder(THINGS);
        groups.forEach((group, members) -> {
            String key = "channel-group-type.bmsmain." + group;
            xml.append("\n\t<channel-group-type id=\"").append(group).append("\">\n");
            element(xml, 2, "label", text(key + ".label"));
            element(xml, 2, "description", text(key + ".description"));
            if (GROUP_CATEGORIES.containsKey(group)) {
                element(xml, 2, "category", String.valueOf(GROUP_CATEGORIES.get(group)));
            }
            xml.append("\t\t<channels>\n");
            for (Point point : members) {
                channel(xml, point);
                if (BEFORE_EVENT.equals(point.id())) {
                    xml.append("\t\t\t<channel id=\"" + EVENT + "\" typeId=\"" + EVENT_TYPE + "\"/>\n");
                }
            }
            xml.append("\t\t</channels>\n\t</channel-group-type>\n");
        });
        return xml.append("\n</thing:thing-descriptions>\n").toString();
    }

    private void channel(StringBuilder xml, Point point) {
        xml.append("\t\t\t<channel id=\"").append(point.name()).append("\" typeId=\"").append(typeId(point))
                .append('"');
        if (hasOwnTexts(point)) {
            xml.append(">\n");
            element(xml, 4, "label", label(point));
            element(xml, 4, "description", description(point));
            xml.append("\t\t\t</channel>\n");
        } else {
            xml.append("/>\n");
        }
    }

    String channelTypes() {
        Map<String, Point> types = new LinkedHashMap<>();
        StringBuilder xml = new StringBuilder(THINGS);
        for (Point point : channels) {
            String type = channelType(point);
            @Nullable
            Point first = types.putIfAbsent(typeId(point), point);
            if (first == null) {
                xml.append('\n').append(type);
            } else if (!type.equals(channelType(first))) {
                throw new IllegalStateException(
                        point + " and " + first + " share the channel type " + typeId(point) + ", but differ");
            }
        }
        return xml.append("\n</thing:thing-descriptions>\n").toString();
    }

    private String channelType(Point point) {
        StringBuilder xml = new StringBuilder();
        String key = "channel-type.bmsmain." + typeId(point);
        xml.append("\t<channel-type id=\"").append(typeId(point)).append('"')
                .append(point.style().advanced() ? " advanced=\"true\"" : "").append(">\n");
        String hint = unitHint(point.unit());
        xml.append("\t\t<item-type").append(hint.isEmpty() ? "" : " unitHint=\"" + hint + "\"").append('>')
                .append(itemType(point)).append("</item-type>\n");
        element(xml, 2, "label", text(key + ".label"));
        element(xml, 2, "description", text(key + ".description"));
        element(xml, 2, "category", category(point));
        xml.append("\t\t<tags>\n");
        tags(point).forEach(tag -> element(xml, 3, "tag", tag));
        xml.append("\t\t</tags>\n");
        String pattern = pattern(point);
        xml.append("\t\t<state").append(pattern.isEmpty() ? "" : " pattern=\"" + pattern + "\"")
                .append(" readOnly=\"true\"");
        if (point.kind() == Kind.CHOICE) {
            xml.append(">\n\t\t\t<options>\n");
            for (String option : point.options()) {
                xml.append("\t\t\t\t<option value=\"").append(option).append("\">")
                        .append(escaped(text(key + ".state.option." + option))).append("</option>\n");
            }
            xml.append("\t\t\t</options>\n\t\t</state>\n");
        } else {
            xml.append("/>\n");
        }
        // Otherwise a command to a read-only Item would change its state.
        element(xml, 2, "autoUpdatePolicy", "veto");
        return xml.append("\t</channel-type>\n").toString();
    }

    /** Inserts channel groups and version into a thing type, whose other parts are written by hand. */
    String thingType(String xml) {
        StringBuilder list = new StringBuilder("\n");
        groups.keySet().forEach(group -> list.append("\t\t\t<channel-group id=\"").append(group).append("\" typeId=\"")
                .append(group).append("\"/>\n"));
        return between(between(xml, "<channel-groups>", "</channel-groups>", list + "\t\t"),
                "<property name=\"thingTypeVersion\">", "</property>", String.valueOf(version()));
    }

    /** The version of the thing types: that of their newest channel. */
    int version() {
        return channels.stream().mapToInt(GeneratedFiles::changed).max().orElse(1);
    }

    /** Update instructions for channels added after the first release; empty without such channels. */
    String updateInstructions() {
        if (version() == 1) {
            return "";
        }
        TreeMap<Integer, List<Point>> added = channels.stream().filter(point -> changed(point) > 1)
                .collect(Collectors.groupingBy(GeneratedFiles::changed, TreeMap::new, Collectors.toList()));
        StringBuilder xml = new StringBuilder(UPDATES);
        for (String thing : THING_TYPES) {
            xml.append("\n\t<thing-type uid=\"bmsmain:").append(thing).append("\">\n");
            added.forEach((version, members) -> {
                xml.append("\t\t<instruction-set targetVersion=\"").append(version).append("\">\n");
                members.forEach(point -> instruction(xml, point));
                xml.append("\t\t</instruction-set>\n");
            });
            xml.append("\t</thing-type>\n");
        }
        return xml.append("\n</update:update-descriptions>\n").toString();
    }

    /** The version of the thing types in which the channel changed last. */
    private static int changed(Point point) {
        return Math.max(point.style().since(), point.style().retyped());
    }

    private void instruction(StringBuilder xml, Point point) {
        String name = point.style().retyped() > point.style().since() ? "update-channel" : "add-channel";
        xml.append("\t\t\t<").append(name).append(" id=\"").append(point.name()).append("\" groupIds=\"")
                .append(point.group()).append("\">\n");
        element(xml, 4, "type", "bmsmain:" + typeId(point));
        // Without a label of its own the channel gets that of its type, in openHAB's language.
        if (hasOwnTexts(point)) {
            element(xml, 4, "label", label(point));
            element(xml, 4, "description", description(point));
        }
        // An existing channel keeps its tags unless the instruction contains others.
        if (point.style().retyped() > point.style().since()) {
            xml.append("\t\t\t\t<tags>\n");
            tags(point).forEach(tag -> element(xml, 5, "tag", tag));
            xml.append("\t\t\t\t</tags>\n");
        }
        xml.append("\t\t\t</").append(name).append(">\n");
    }

    String channelTables() {
        StringBuilder table = new StringBuilder();
        groups.forEach((group, members) -> {
            table.append("## ").append(text("channel-group-type.bmsmain." + group + ".label")).append(" (`")
                    .append(group).append("`)\n\n");
            table.append(
                    "| channel | item type | unit | meaning | Modbus | CAN | mark |\n|---|---|---|---|---|---|---|\n");
            for (Point point : members) {
                table.append(row(point));
                if (BEFORE_EVENT.equals(point.id())) {
                    table.append("| `" + EVENT + "` | trigger | | ")
                            .append(text("channel-type.bmsmain." + EVENT_TYPE + ".description"))
                            .append(" | computed | |\n");
                }
            }
            table.append('\n');
        });
        return table.toString().strip();
    }

    private String row(Point point) {
        RegisterLocation register = point.register();
        Confidence confidence = point.confidence();
        String modbus = register != null ? "`" + register + "`"
                : confidence == Confidence.GAP ? "not public" : "computed";
        String can = confidence == Confidence.COMPUTED ? "computed"
                : point.canLocations().isEmpty() ? "no" : canLocations(point);
        String mark = confidence == Confidence.COMPUTED ? "" : confidence == Confidence.GAP ? "gap" : confidence.name();
        return List
                .of("", "`" + point.name() + "`", itemType(point), point.unit().symbol(), description(point), modbus,
                        can, mark, "\n")
                .stream().collect(Collectors.joining(" | ")).strip().replaceAll(" {2,}", " ") + "\n";
    }

    String protocolPage() {
        StringBuilder page = new StringBuilder(PROTOCOL);
        page.append("\n## Modbus\n\n| place | value | unit | mark |\n|---|---|---|---|\n");
        points.stream().filter(point -> point.register() != null)
                .sorted(Comparator.comparing(GeneratedFiles::address).thenComparing(point -> register(point).bit()))
                .forEach(point -> page.append("| `").append(point.register()).append("` | `").append(point.id())
                        .append("` | ").append(point.unit().symbol()).append(" | ").append(point.confidence())
                        .append(" |\n"));
        page.append("\n## CANopen\n\n| value | unit | places, most current first | mark |\n|---|---|---|---|\n");
        points.stream().filter(point -> !point.canLocations().isEmpty())
                .forEach(point -> page.append("| `").append(point.id()).append("` | ").append(point.unit().symbol())
                        .append(" | ").append(canLocations(point)).append(" | ").append(point.confidence())
                        .append(" |\n"));
        page.append(
                """

                        ## Not Published

                        These have no public register: over Modbus they stay undefined until a line of `registers` names their place.
                        On CAN, the voltage and the temperatures are in TPDO1, with the marks N and C.

                        """);
        points.stream().filter(point -> point.confidence() == Confidence.GAP)
                .forEach(point -> page.append("- `").append(point.id()).append("`\n"));
        Map<Confidence, Long> count = points.stream()
                .collect(Collectors.groupingBy(Point::confidence, TreeMap::new, Collectors.counting()));
        page.append("\n## How Sure the Places Are\n\n| mark | values |\n|---|---|\n");
        for (Confidence confidence : Confidence.values()) {
            page.append("| ").append(confidence).append(" | ").append(count.getOrDefault(confidence, 0L))
                    .append(" |\n");
        }
        return page.toString().replaceAll(" {2,}\\|", " |");
    }

    // The rules

    private static String typeId(Point point) {
        String named = point.style().typeId();
        return named.isEmpty() ? point.name() : named;
    }

    private static String itemType(Point point) {
        return switch (point.kind()) {
            case MEASUREMENT -> "Number:" + dimension(point.unit());
            case COUNT, BITS -> "Number";
            case FLAG -> "Switch";
            case CONTACT -> "Contact";
            case CHOICE, TEXT -> "String";
            case TIME -> "DateTime";
        };
    }

    private static String dimension(Unit unit) {
        return switch (unit.symbol()) {
            case "A" -> "ElectricCurrent";
            case "V" -> "ElectricPotential";
            case "W" -> "Power";
            case "kWh" -> "Energy";
            case "°C" -> "Temperature";
            case "%" -> "Dimensionless";
            case "Ah" -> "ElectricCharge";
            case "s", "ms" -> "Time";
            default -> throw new IllegalStateException("no item type is known for the unit " + unit);
        };
    }

    /** Unit hint for new Items, if openHAB would choose another unit for the dimension. */
    private static String unitHint(Unit unit) {
        return List.of("%", "Ah", "ms").contains(unit.symbol()) ? unit.symbol() : "";
    }

    private static String category(Point point) {
        String named = point.style().category();
        return !named.isEmpty() ? named : switch (point.kind()) {
            case MEASUREMENT -> switch (dimension(point.unit())) {
                case "Temperature", "Time" -> dimension(point.unit());
                case "Dimensionless", "ElectricCharge" -> "Battery";
                default -> "Energy";
            };
            case COUNT -> "Battery";
            case FLAG -> "Switch";
            case CONTACT -> "Contact";
            case CHOICE, TEXT -> "Text";
            case BITS -> "Error";
            case TIME -> "Time";
        };
    }

    private static List<String> tags(Point point) {
        String tag = point.style().pointTag();
        String property = point.style().propertyTag();
        List<String> tags = new ArrayList<>();
        tags.add(!tag.isEmpty() ? tag : point.kind() == Kind.MEASUREMENT ? "Measurement" : "Status");
        tags.add(!property.isEmpty() ? property : switch (point.kind()) {
            case MEASUREMENT -> switch (dimension(point.unit())) {
                case "ElectricCurrent" -> "Current";
                case "ElectricPotential" -> "Voltage";
                case "Time" -> "Duration";
                case "Dimensionless", "ElectricCharge" -> "";
                default -> dimension(point.unit());
            };
            case COUNT, TEXT, BITS -> "Info";
            case FLAG -> "";
            case CONTACT -> "OpenState";
            case CHOICE -> "Mode";
            case TIME -> "Timestamp";
        });
        tags.remove("");
        return tags;
    }

    private static String pattern(Point point) {
        int decimals = point.decimals();
        return switch (point.kind()) {
            case MEASUREMENT -> "%." + decimals + "f %unit%";
            case COUNT -> decimals == 0 ? "%d" : "%." + decimals + "f";
            case BITS -> "0x%08X";
            case TIME -> "%1$tF %1$tT";
            case FLAG, CONTACT, CHOICE, TEXT -> "";
        };
    }

    private boolean hasOwnTexts(Point point) {
        return texts.containsKey(ownKey(point) + ".label");
    }

    /** The English label of a channel. */
    String label(Point point) {
        return text((hasOwnTexts(point) ? ownKey(point) : "channel-type.bmsmain." + typeId(point)) + ".label");
    }

    private String description(Point point) {
        return text((hasOwnTexts(point) ? ownKey(point) : "channel-type.bmsmain." + typeId(point)) + ".description");
    }

    private static String ownKey(Point point) {
        return "channel-group-type.bmsmain." + point.group() + ".channel." + point.name();
    }

    private String text(String key) {
        String text = texts.get(key);
        if (text == null) {
            throw new IllegalStateException("ESH-INF/i18n/bmsmain.properties lacks the text " + key);
        }
        return text;
    }

    private static String canLocations(Point point) {
        return point.canLocations().stream().map(place -> "`" + place + "`").collect(Collectors.joining(", "));
    }

    private static int address(Point point) {
        RegisterLocation register = register(point);
        return (register.table() == RegisterLocation.Table.INPUT ? 0 : 0x10000) + register.address();
    }

    private static RegisterLocation register(Point point) {
        return Objects.requireNonNull(point.register());
    }

    private static void element(StringBuilder xml, int depth, String name, String text) {
        xml.append("\t".repeat(depth)).append('<').append(name).append('>').append(escaped(text)).append("</")
                .append(name).append(">\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String between(String text, String begin, String end, String content) {
        Matcher matcher = Pattern.compile(Pattern.quote(begin) + "(.*?)" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + begin + " and " + end + " in " + text);
        }
        return text.substring(0, matcher.start(1)) + content + text.substring(matcher.end(1));
    }
}
