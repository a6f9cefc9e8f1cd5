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
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.BmsMainBindingConstants;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.config.ConfigReader;
import org.openhab.core.thing.Thing;
import org.openhab.core.ui.components.RootUIComponent;
import org.openhab.core.ui.components.UIComponent;

/**
 * Builds the overview page of one Thing from the Items linked to its channels. A widget is shown if at least one of its
 * channels has an Item and can have a value.
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
    static final String ENERGY = "bmsmain-energy";
    static final String HISTORY = "bmsmain-history";
    /** UID of the page of all batteries. */
    static final String ALL = "bmsmain-overview";

    /** Banks first, then by name. */
    static final Comparator<OverviewPage> ORDER = Comparator.comparing((OverviewPage page) -> !page.isBank())
            .thenComparing(OverviewPage::title).thenComparing(OverviewPage::uid);

    private static final String DEFAULT_SLOT = "default";
    private static final String PAGE_TYPE = "oh-layout-page";
    private static final String CONTROL_GROUP = "control#";
    private static final String CONTROL_RESULT = "control#last-result";
    private static final String CELL_PREFIX = "cell-voltage-";
    private static final String NO_FUNCTION = "none";
    private static final String PLACE = "overviewPage";
    private static final String SIDEBAR = "sidebar";
    private static final String NO_PAGE = "none";
    private static final String ALARM = Catalogue.ALARM.id();
    private static final String JOURNAL = Catalogue.JOURNAL.id();
    /** Buttons and their row are visible to administrators only. */
    private static final Map<String, Object> ADMINISTRATORS_ONLY = Map.of("visibleTo", List.of("role:administrator"));

    private static final Map<String, String> BATTERY_CARD_PROPS = Map.ofEntries(
            Map.entry("soc", "battery#state-of-charge"), Map.entry("power", "battery#power"),
            Map.entry("current", "battery#current"), Map.entry("voltage", "battery#voltage"),
            Map.entry("cellTemperature", "battery#max-cell-temperature"),
            Map.entry("temperature", "sensors#external-temperature"), Map.entry("charging", "battery#charging"),
            Map.entry("discharging", "battery#discharging"), Map.entry("timeToEmpty", "energy#time-to-empty"),
            Map.entry("timeToFull", "energy#time-to-full"), Map.entry("chargedToday", "energy#charged-energy-today"),
            Map.entry("dischargedToday", "energy#discharged-energy-today"), Map.entry("alarm", ALARM),
            Map.entry("initialising", "internal-signals#initialisation"), Map.entry("missing", "bank#missing"),
            Map.entry("lastUpdate", "link#last-update"));
    /** One of these channels is sufficient for a battery card. */
    private static final Set<String> BATTERY_CHANNELS = BATTERY_CARD_PROPS.values().stream()
            .filter(id -> id.startsWith("battery#")).collect(Collectors.toUnmodifiableSet());
    private static final Map<String, String> FAULTS_PROPS = Map.of("alarm", ALARM, "critical", "faults#critical",
            "journal", JOURNAL, "lastEvent", "faults#last-event", "lastEventTime", "faults#last-event-time",
            "initialising", "internal-signals#initialisation");
    private static final Map<String, String> CELLS_PROPS = Map.of("minimum", "battery#min-cell-voltage", "maximum",
            "battery#max-cell-voltage", "coldest", "battery#min-cell-temperature", "warmest",
            "battery#max-cell-temperature");
    /** Properties that the battery card shows as well. */
    private static final Map<String, String> TODAY_PROPS = Map.of("chargedToday", "energy#charged-energy-today",
            "dischargedToday", "energy#discharged-energy-today");
    private static final Map<String, String> ENERGY_PROPS = Map.of("charged", "energy#charged-energy", "discharged",
            "energy#discharged-energy", "chargeIn", "energy#charge-in", "chargeOut", "energy#charge-out",
            "remainingEnergy", "energy#remaining-energy", "remainingCharge", "energy#remaining-charge", "cycles",
            "energy#equivalent-full-cycles", "coverage", "energy#coverage");

    private final Thing thing;
    private final ConfigReader reader;
    private final KnowableChannels knowable;
    private final Map<String, String> items;
    private final UiTexts texts;

    /** @param items Item name of each linked channel, by {@code group#channel} */
    OverviewPage(Thing thing, Map<String, String> items, UiTexts texts) {
        this.thing = thing;
        this.reader = ConfigReader.ofStored(thing.getConfiguration());
        this.knowable = new KnowableChannels(thing, reader);
        this.items = new TreeMap<>(items);
        this.items.keySet().removeIf(channel -> !knowable.test(channel));
        this.texts = texts;
    }

    /** UID of the page, which is also the last part of its URL. */
    String uid() {
        return thing.getUID().getAsString().replace(':', '-');
    }

    private boolean isBank() {
        return BmsMainBindingConstants.THING_TYPE_BANK.equals(thing.getThingTypeUID());
    }

    /** Whether the page of all batteries lists this battery. */
    boolean isListed() {
        return SIDEBAR.equals(place()) && hasCard();
    }

    private boolean hasCard() {
        return items.keySet().stream().anyMatch(BATTERY_CHANNELS::contains);
    }

    private String place() {
        return reader.text(PLACE, SIDEBAR);
    }

    /** Whether the Thing is a bank with the other Thing as a member. */
    boolean hasMember(OverviewPage other) {
        return isBank() && reader.lines("members").stream().map(String::strip)
                .anyMatch(other.thing.getUID().getAsString()::equals);
    }

    /**
     * Builds the page; null if no channel has an Item, or if the page is disabled.
     *
     * @param alone whether there is no page of all batteries
     * @param history whether a persistence service can provide data for the chart
     * @param others the pages of all Things
     */
    @Nullable
    RootUIComponent build(boolean alone, boolean history, Collection<OverviewPage> others) {
        return among(others).buildRows(alone, history, others);
    }

    /** Returns this page; for a bank, without channels that one of its members cannot provide. */
    private OverviewPage among(Collection<OverviewPage> others) {
        Map<String, String> known = new TreeMap<>(items);
        others.stream().filter(this::hasMember)
                .forEach(member -> known.keySet().removeIf(channel -> !member.knowable.test(channel)));
        return known.size() == items.size() ? this : new OverviewPage(thing, known, texts);
    }

    private @Nullable RootUIComponent buildRows(boolean alone, boolean history, Collection<OverviewPage> others) {
        if (items.isEmpty() || NO_PAGE.equals(place())) {
            return null;
        }
        RootUIComponent page = page(uid(), title(), SIDEBAR.equals(place()) && (alone || !isListed()));
        UIComponent block = child(page, DEFAULT_SLOT, "oh-block", Map.of());
        row(block, batteryCard(), frontPanel());
        row(block, ADMINISTRATORS_ONLY, suggestion());
        row(block, news(), faults());
        row(block, history(history));
        row(block, energy(), cells());
        cards(block, others.stream().filter(this::hasMember).sorted(ORDER).toList());
        row(block, ADMINISTRATORS_ONLY, control());
        return block.getSlots() == null ? null : page;
    }

    /**
     * Builds the page of all batteries: one card per battery, linked to its own page.
     *
     * @param others the pages of all Things; some may not be listed
     */
    static RootUIComponent ofAll(Collection<OverviewPage> others, UiTexts texts) {
        RootUIComponent page = page(ALL, texts.text("page.overview", "Batteries"), true);
        cards(child(page, DEFAULT_SLOT, "oh-block", Map.of()), others.stream().filter(OverviewPage::isListed)
                .map(battery -> battery.among(others)).sorted(ORDER).toList());
        return page;
    }

    private static RootUIComponent page(String uid, String label, boolean sidebar) {
        RootUIComponent page = new RootUIComponent(uid, PAGE_TYPE);
        page.addTag("bmsmain");
        page.addConfig("label", label);
        page.addConfig("sidebar", sidebar);
        page.addConfig("icon", "f7:battery_100");
        return page;
    }

    private static void cards(UIComponent block, List<OverviewPage> pages) {
        List<UIComponent> cards = pages.stream().filter(OverviewPage::hasCard).map(OverviewPage::linkedCard).toList();
        for (int i = 0; i < cards.size(); i += 2) {
            row(block, Map.of(), cards.subList(i, Math.min(i + 2, cards.size())), 2);
        }
    }

    private String title() {
        String label = thing.getLabel();
        return label == null || label.isBlank() ? "BMS Main 2.1" : label;
    }

    /** Adds a row with the widgets that are not null. */
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
        if (!shown.isEmpty()) {
            row(block, config, shown, shown.size());
        }
    }

    private static void row(UIComponent block, Map<String, Object> config, List<UIComponent> widgets, int columns) {
        UIComponent row = child(block, DEFAULT_SLOT, "oh-grid-row", config);
        // one column on a phone, side by side from the width of a tablet on
        String width = String.valueOf(100 / columns);
        for (UIComponent widget : widgets) {
            child(row, DEFAULT_SLOT, "oh-grid-col", Map.of("width", "100", "medium", width)).addComponent(DEFAULT_SLOT,
                    widget);
        }
    }

    private @Nullable UIComponent batteryCard() {
        Map<String, Object> props = card();
        return props.isEmpty() ? null : widget(BATTERY_CARD, props);
    }

    private UIComponent linkedCard() {
        Map<String, Object> props = card();
        if (!NO_PAGE.equals(place())) {
            props.put("page", uid());
        }
        return widget(BATTERY_CARD, props);
    }

    /** Properties of the battery card; empty if it has nothing to show. */
    Map<String, Object> card() {
        Map<String, Object> props = linked(BATTERY_CARD_PROPS);
        if (!hasCard()) {
            return Map.of();
        }
        linkContactor(props, "chargingContactor", Catalogue.CHARGING_CONTACTOR);
        linkContactor(props, "dischargingContactor", Catalogue.DISCHARGING_CONTACTOR);
        if (props.containsKey("alarm")) {
            props.put("criticalTexts", criticalTexts());
        }
        props.put("title", title());
        return props;
    }

    /** Links the Item of a contactor's signal, or of a relay that the signal drives. */
    private void linkContactor(Map<String, Object> props, String prop, Point signal) {
        for (int i = 0; i < Catalogue.RELAYS.size(); i++) {
            if (signal.name().equals(KnowableChannels.relayFunction(reader, i + 1))) {
                link(props, prop, Catalogue.RELAYS.get(i).id());
            }
        }
        link(props, prop, signal.id());
    }

    /** Texts of the faults that the vendor classifies as critical, identical to those in the alarm. */
    private List<String> criticalTexts() {
        return Catalogue.FAULTS.stream().filter(Point::isCritical).map(this::faultText).toList();
    }

    private String faultText(Point fault) {
        return texts.formatted("fault." + fault.name(), fault.name());
    }

    /** Hint for administrators to search for registers, shown if the voltage register is unknown. */
    private @Nullable UIComponent suggestion() {
        if (knowable.test(Catalogue.VOLTAGE.id())) {
            return null;
        }
        UIComponent card = component("f7-card", Map.of("class", "bms-suggest"));
        UIComponent content = child(card, DEFAULT_SLOT, "f7-card-content", Map.of());
        UIComponent line = child(content, DEFAULT_SLOT, "div", Map.of("style", Map.of("display", "flex", "flex-wrap",
                "wrap", "align-items", "center", "justify-content", "space-between", "gap", "10px 18px")));
        child(line, DEFAULT_SLOT, "div",
                Map.of("style", Map.of("flex", "1 1 240px", "opacity", ".75"), "content", texts.text("page.suggest",
                        "The registers of voltage, power and cells are not public. The action Suggest Registers of the Thing looks for them.")));
        child(line, DEFAULT_SLOT, "f7-button", Map.of("text", texts.text("page.open-thing", "Open the Thing"),
                "outline", true, "small", true, "href", "/settings/things/" + thing.getUID().getAsString()));
        return card;
    }

    /** Shows the fault row if there are faults or journal entries; the battery card shows that there are none. */
    private Map<String, Object> news() {
        String alarm = items.get(ALARM);
        String journal = items.get(JOURNAL);
        if (alarm == null) {
            return Map.of();
        }
        String visible = "=!['-', '', 'NULL', 'UNDEF', 'OK'].includes(items['" + alarm + "'].state)";
        return Map.of("visible",
                journal == null ? visible : visible + " || items['" + journal + "'].state.startsWith('[{')");
    }

    private @Nullable UIComponent faults() {
        Map<String, Object> props = linked(FAULTS_PROPS);
        if (!props.containsKey("alarm")) {
            return null;
        }
        Map<String, String> faultTexts = new TreeMap<>();
        Catalogue.FAULTS.forEach(fault -> faultTexts.put(fault.name(), faultText(fault)));
        props.put("faultTexts", faultTexts);
        props.put("criticalTexts", criticalTexts());
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
            role(props, "relay" + i + "Role", "internal-signals", KnowableChannels.relayFunction(reader, i));
            role(props, "in" + i + "Role", "input-signals", KnowableChannels.inputFunction(reader, i));
        }
        props.put("wire", wire());
        link(props, "lastUpdate", "link#last-update");
        link(props, "responseTime", "link#response-time");
        return widget(FRONT_PANEL, props);
    }

    private void role(Map<String, Object> props, String prop, String group, String function) {
        if (!NO_FUNCTION.equals(function)) {
            props.put(prop,
                    texts.text("channel-group-type.bmsmain." + group + ".channel." + function + ".label", function));
        }
    }

    /** Connection of the board. RTU over TCP means a gateway to the board's RS-485 port. */
    private String wire() {
        return switch (thing.getThingTypeUID().getId()) {
            case "can" -> "CAN";
            case "tcp" -> "rtu".equals(reader.text("framing", "")) ? "RS-485" : "Ethernet";
            default -> "RS-485";
        };
    }

    private @Nullable UIComponent energy() {
        Map<String, Object> props = linked(ENERGY_PROPS);
        if (props.isEmpty()) {
            return null;
        }
        TODAY_PROPS.forEach((prop, channel) -> link(props, prop, channel));
        return widget(ENERGY, props);
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

    /** The cells of all boards in order, named by their number, or by board and number for several boards. */
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

    /** Chart of state of charge and power, or current if there is no power. */
    private @Nullable UIComponent history(boolean recorded) {
        Map<String, Object> props = new LinkedHashMap<>();
        link(props, "soc", Catalogue.STATE_OF_CHARGE.id());
        link(props, "power", Catalogue.POWER.id());
        if (!props.containsKey("power")) {
            link(props, "current", Catalogue.CURRENT.id());
        }
        if (props.isEmpty()) {
            return null;
        }
        if (recorded) {
            return widget(HISTORY, props);
        }
        UIComponent card = component("f7-card", Map.of());
        child(child(card, DEFAULT_SLOT, "f7-card-content", Map.of()), DEFAULT_SLOT, "div",
                Map.of("class", "bm-no-history", "content", texts.text("page.no-persistence",
                        "No history: install a persistence add-on, such as RRD4j, to see a chart here.")));
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
