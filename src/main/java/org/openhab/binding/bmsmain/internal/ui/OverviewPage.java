/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.ui;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.core.thing.Thing;
import org.openhab.core.ui.components.RootUIComponent;
import org.openhab.core.ui.components.UIComponent;

/**
 * Builds the overview page of one Thing out of the Items that are linked to its channels. A widget appears once one of
 * the channels that it shows has an Item.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class OverviewPage {

    static final String BATTERY_CARD = "bmsmain-battery-card";
    static final String FRONT_PANEL = "bmsmain-front-panel";
    static final String CELLS = "bmsmain-cells";
    static final String FAULTS = "bmsmain-faults";
    static final String CONTROL = "bmsmain-control";

    private static final String DEFAULT_SLOT = "default";
    private static final String CONTROL_GROUP = "control#";
    private static final String CONTROL_RESULT = "control#last-result";
    private static final String CELL_PREFIX = "cell-voltage-";
    private static final String NO_FUNCTION = "none";
    private static final String PLACE = "overviewPage";
    private static final String HIDDEN = "hidden";
    private static final String NO_PAGE = "none";
    /** Whoever is not signed in as an administrator sees neither buttons nor their row. */
    private static final Map<String, Object> ADMINISTRATORS_ONLY = Map.of("visibleTo", List.of("role:administrator"));

    private static final Map<String, String> BATTERY_CARD_PROPS = Map.ofEntries(
            Map.entry("soc", "battery#state-of-charge"), Map.entry("power", "battery#power"),
            Map.entry("current", "battery#current"), Map.entry("voltage", "battery#voltage"),
            Map.entry("cellTemperature", "battery#max-cell-temperature"),
            Map.entry("temperature", "sensors#external-temperature"), Map.entry("charging", "battery#charging"),
            Map.entry("discharging", "battery#discharging"), Map.entry("alarm", "faults#alarm"),
            Map.entry("initialising", "internal-signals#initialisation"), Map.entry("lastUpdate", "link#last-update"));
    private static final Map<String, String> FAULTS_PROPS = Map.of("alarm", "faults#alarm", "critical",
            "faults#critical", "lastEvent", "faults#last-event", "lastEventTime", "faults#last-event-time",
            "initialising", "internal-signals#initialisation");
    private static final Map<String, String> CELLS_PROPS = Map.of("minimum", "battery#min-cell-voltage", "maximum",
            "battery#max-cell-voltage", "coldest", "battery#min-cell-temperature", "warmest",
            "battery#max-cell-temperature");

    private final Thing thing;
    private final Map<String, String> items;
    private final boolean history;
    private final UiTexts texts;

    /**
     * @param items the Item of each linked channel, by {@code group#channel}
     * @param history whether a persistence service can answer the charts
     */
    OverviewPage(Thing thing, Map<String, String> items, boolean history, UiTexts texts) {
        this.thing = thing;
        this.items = new TreeMap<>(items);
        this.history = history;
        this.texts = texts;
    }

    /** The identifier of a Thing's page, which is also the end of its address in the UI. */
    static String uid(Thing thing) {
        return thing.getUID().getAsString().replace(':', '-');
    }

    /** The page, or null while no channel has an Item, and when the user wants none. */
    @Nullable
    RootUIComponent build() {
        Object place = thing.getConfiguration().get(PLACE);
        if (items.isEmpty() || NO_PAGE.equals(place)) {
            return null;
        }
        RootUIComponent page = new RootUIComponent(uid(thing), "oh-layout-page");
        page.addTag("bmsmain");
        page.addConfig("label", title());
        page.addConfig("sidebar", !HIDDEN.equals(place));
        page.addConfig("icon", "f7:battery_100");
        UIComponent block = child(page, DEFAULT_SLOT, "oh-block", Map.of());
        row(block, batteryCard(), faults());
        row(block, frontPanel());
        row(block, chart("battery#state-of-charge", "channel-type.bmsmain.state-of-charge.label", "State of Charge"),
                chart("battery#current", "channel-type.bmsmain.current.label", "Battery Current"),
                chart("battery#voltage", "channel-type.bmsmain.voltage.label", "Battery Voltage"));
        row(block, cells());
        row(block, ADMINISTRATORS_ONLY, control());
        return page.getSlot(DEFAULT_SLOT).get(0).getSlots() == null ? null : page;
    }

    private String title() {
        String label = thing.getLabel();
        return label == null || label.isBlank() ? "BMS Main 2.1" : label;
    }

    /** A row of the widgets that have something to show. */
    private static void row(UIComponent block, @Nullable UIComponent... widgets) {
        row(block, Map.of(), widgets);
    }

    private static void row(UIComponent block, Map<String, Object> config, @Nullable UIComponent... widgets) {
        List<UIComponent> shown = new ArrayList<>();
        for (UIComponent widget : widgets) {
            if (widget != null) {
                shown.add(widget);
            }
        }
        if (shown.isEmpty()) {
            return;
        }
        UIComponent row = child(block, DEFAULT_SLOT, "oh-grid-row", config);
        // one column on a phone, side by side from the width of a tablet on
        String width = String.valueOf(100 / shown.size());
        for (UIComponent widget : shown) {
            child(row, DEFAULT_SLOT, "oh-grid-col", Map.of("width", "100", "medium", width)).addComponent(DEFAULT_SLOT,
                    widget);
        }
    }

    private @Nullable UIComponent batteryCard() {
        Map<String, Object> props = linked(BATTERY_CARD_PROPS);
        if (BATTERY_CARD_PROPS.values().stream().noneMatch(id -> id.startsWith("battery#") && items.containsKey(id))) {
            return null;
        }
        props.put("title", title());
        return widget(BATTERY_CARD, props);
    }

    private @Nullable UIComponent faults() {
        Map<String, Object> props = linked(FAULTS_PROPS);
        if (!props.containsKey("alarm")) {
            return null;
        }
        Map<String, String> faultTexts = new TreeMap<>();
        List<String> critical = new ArrayList<>();
        for (Point fault : Catalogue.FAULTS) {
            // The widget compares these words with those of the alarm, letter by letter.
            String text = texts.formatted("fault." + fault.name(), fault.name());
            faultTexts.put(fault.name(), text);
            if (fault.isCritical()) {
                critical.add(text);
            }
        }
        props.put("faultTexts", faultTexts);
        props.put("criticalTexts", critical);
        return widget(FAULTS, props);
    }

    private @Nullable UIComponent frontPanel() {
        Map<String, Object> props = new LinkedHashMap<>();
        for (int i = 1; i <= 8; i++) {
            link(props, "ds" + i, "indicators#ds" + i);
        }
        for (int i = 1; i <= 4; i++) {
            link(props, "relay" + i, "relays#relay-" + i);
            link(props, "in" + i, "inputs#in-" + i);
            link(props, "out" + i, "outputs#out-" + i);
        }
        if (props.isEmpty()) {
            return null;
        }
        for (int i = 1; i <= 4; i++) {
            Point standard = BoardSetup.DEFAULT_RELAY_FUNCTIONS.get(i - 1);
            role(props, "relay" + i + "Role", "relay" + i + "Function", "internal-signals",
                    standard == null ? NO_FUNCTION : standard.name());
            role(props, "in" + i + "Role", "input" + i + "Function", "input-signals", NO_FUNCTION);
        }
        props.put("wire", wire());
        link(props, "lastUpdate", "link#last-update");
        link(props, "responseTime", "link#response-time");
        return widget(FRONT_PANEL, props);
    }

    private void role(Map<String, Object> props, String prop, String parameter, String group, String standard) {
        String function = Objects.requireNonNullElse(thing.getConfiguration().get(parameter), standard).toString();
        if (!NO_FUNCTION.equals(function)) {
            props.put(prop,
                    texts.text("channel-group-type.bmsmain." + group + ".channel." + function + ".label", function));
        }
    }

    /** What the board is connected by; RTU in a TCP connection is a gateway to its RS-485 pair. */
    private String wire() {
        return switch (thing.getThingTypeUID().getId()) {
            case "can" -> "CAN";
            case "tcp" -> "rtu".equals(thing.getConfiguration().get("framing")) ? "RS-485" : "Ethernet";
            default -> "RS-485";
        };
    }

    private @Nullable UIComponent cells() {
        Map<String, Object> props = linked(CELLS_PROPS);
        List<Map<String, Object>> cells = cellItems();
        if (cells.isEmpty() && props.isEmpty()) {
            return null;
        }
        if (!cells.isEmpty()) {
            props.put("cells", cells);
        }
        return widget(CELLS, props);
    }

    /** The cells of all boards, in the order of boards and numbers; counted through, as people count cells. */
    private List<Map<String, Object>> cellItems() {
        TreeMap<Integer, String> byPlace = new TreeMap<>();
        items.forEach((channel, item) -> {
            int separator = channel.indexOf('#');
            String group = channel.substring(0, Math.max(separator, 0));
            String name = channel.substring(separator + 1);
            if (group.matches("logic-\\d{1,2}") && name.matches(CELL_PREFIX + "\\d{1,3}")) {
                int board = Integer.parseInt(group.substring("logic-".length()));
                byPlace.put(1000 * board + Integer.parseInt(name.substring(CELL_PREFIX.length())), item);
            }
        });
        List<Map<String, Object>> cells = new ArrayList<>();
        boolean oneBoard = byPlace.isEmpty() || byPlace.firstKey() / 1000 == byPlace.lastKey() / 1000;
        byPlace.forEach((place, item) -> cells.add(Map.of("item", item, "name",
                oneBoard ? String.valueOf(place % 1000) : place / 1000 + "." + place % 1000)));
        return cells;
    }

    private @Nullable UIComponent control() {
        List<Map<String, Object>> signals = new ArrayList<>();
        items.forEach((channel, item) -> {
            if (channel.startsWith(CONTROL_GROUP) && !CONTROL_RESULT.equals(channel)) {
                String signal = channel.substring(CONTROL_GROUP.length());
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("item", item);
                entry.put("name",
                        texts.text("channel-group-type.bmsmain.input-signals.channel." + signal + ".label", signal));
                link(entry, "state", "input-signals#" + signal);
                signals.add(entry);
            }
        });
        if (signals.isEmpty()) {
            return null;
        }
        Map<String, Object> props = new LinkedHashMap<>();
        props.put("signals", signals);
        link(props, "result", CONTROL_RESULT);
        return widget(CONTROL, props);
    }

    private @Nullable UIComponent chart(String channel, String key, String english) {
        String item = items.get(channel);
        if (item == null) {
            return null;
        }
        String label = texts.text(key, english);
        UIComponent card = component("f7-card", Map.of("title", label));
        UIComponent content = child(card, DEFAULT_SLOT, "f7-card-content", Map.of());
        if (!history) {
            child(content, DEFAULT_SLOT, "div",
                    Map.of("class", "bm-no-history", "content", texts.text("page.no-persistence",
                            "No history: install a persistence add-on, such as RRD4j, to see a chart here.")));
            return card;
        }
        UIComponent chart = child(content, DEFAULT_SLOT, "oh-chart", Map.of("period", "D", "height", "220px"));
        child(chart, "grid", "oh-chart-grid",
                Map.of("containLabel", true, "top", "24", "bottom", "8", "left", "8", "right", "16"));
        child(chart, "xAxis", "oh-time-axis", Map.of("gridIndex", 0));
        Map<String, Object> axis = new LinkedHashMap<>();
        axis.put("gridIndex", 0);
        if ("battery#state-of-charge".equals(channel)) {
            axis.put("min", "0");
        } else {
            axis.put("scale", true);
        }
        child(chart, "yAxis", "oh-value-axis", axis);
        child(chart, "tooltip", "oh-chart-tooltip", Map.of("confine", true, "smartFormatter", true));
        child(chart, "series", "oh-time-series",
                Map.of("name", label, "item", item, "type", "line", "gridIndex", 0, "xAxisIndex", 0, "yAxisIndex", 0));
        return card;
    }

    private Map<String, Object> linked(Map<String, String> channelOfProp) {
        Map<String, Object> props = new TreeMap<>();
        channelOfProp.forEach((prop, channel) -> link(props, prop, channel));
        return props;
    }

    private void link(Map<String, Object> props, String prop, String channel) {
        String item = items.get(channel);
        if (item != null) {
            props.put(prop, item);
        }
    }

    private static UIComponent widget(String uid, Map<String, Object> props) {
        return component("widget:" + uid, props);
    }

    private static UIComponent component(String type, Map<String, Object> config) {
        UIComponent component = new UIComponent(type);
        component.setConfig(new TreeMap<>(config));
        return component;
    }

    private static UIComponent child(UIComponent parent, String slot, String type, Map<String, Object> config) {
        UIComponent child = component(type, config);
        parent.addComponent(slot, child);
        return child;
    }
}
