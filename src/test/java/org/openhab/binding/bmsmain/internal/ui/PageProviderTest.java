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

import static org.junit.jupiter.api.Assertions.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.handler.Links;
import org.openhab.binding.bmsmain.internal.ui.DashboardFixture.Day;
import org.openhab.core.common.registry.Provider;
import org.openhab.core.common.registry.ProviderChangeListener;
import org.openhab.core.common.registry.RegistryChangeListener;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.i18n.LocaleProvider;
import org.openhab.core.i18n.TranslationProvider;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingRegistry;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.binding.builder.ChannelBuilder;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openhab.core.thing.link.ItemChannelLink;
import org.openhab.core.ui.components.RootUIComponent;
import org.openhab.core.ui.components.UIComponent;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;

import com.google.gson.Gson;

/**
 * Pages are created, updated and removed with Things and links.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class PageProviderTest {

    private static final String SOC = "battery#state-of-charge";
    private static final String REQUEST = "control#charge-request";
    private static final String CELL = "logic-1#cell-voltage-1";
    private static final List<String> CHANNELS = List.of(SOC, "battery#current", "internal-signals#cell-analysis");

    private final Map<ThingUID, Thing> things = new HashMap<>();
    private final List<RegistryChangeListener<Thing>> thingListeners = new ArrayList<>();
    private final List<ServiceListener> serviceListeners = new ArrayList<>();
    private final List<String> news = new ArrayList<>();
    private final Links links = new Links();
    private @Nullable PageProvider provider;

    @BeforeEach
    void start() throws Exception {
        ThingRegistry registry = DashboardFixture.fake(ThingRegistry.class, (name, arguments) -> switch (name) {
            case "get" -> things.get(arguments[0]);
            case "getAll" -> List.copyOf(things.values());
            case "addRegistryChangeListener" -> thingListeners.add(listener(arguments[0]));
            case "removeRegistryChangeListener" -> thingListeners.remove(arguments[0]);
            default -> throw new UnsupportedOperationException(name);
        });
        TranslationProvider translations = DashboardFixture.fake(TranslationProvider.class,
                (name, arguments) -> arguments[2]);
        LocaleProvider locales = DashboardFixture.fake(LocaleProvider.class, (name, arguments) -> Locale.ENGLISH);
        PageProvider pages = new PageProvider(registry, links.registry(), translations, locales, context());
        pages.addProviderChangeListener(new ProviderChangeListener<RootUIComponent>() {
            @Override
            public void added(Provider<RootUIComponent> from, RootUIComponent page) {
                news.add("added " + page.getUID());
            }

            @Override
            public void removed(Provider<RootUIComponent> from, RootUIComponent page) {
                news.add("removed " + page.getUID());
            }

            @Override
            public void updated(Provider<RootUIComponent> from, RootUIComponent old, RootUIComponent page) {
                news.add("updated " + page.getUID());
            }
        });
        provider = pages;
    }

    @AfterEach
    void stop() {
        provider().deactivate();
        assertEquals(List.of(), thingListeners);
        assertEquals(List.of(), serviceListeners);
    }

    @Test
    void pageComesWithTheFirstLinkAndGoesWithTheLast() {
        Thing thing = add("bmsmain", "one");
        assertEquals(List.of(), news);
        ItemChannelLink link = link(thing, SOC, "Soc");
        assertEquals(List.of("added bmsmain-serial-one"), news);
        assertTrue(json().contains("\"soc\":\"Soc\""), json());
        links.remove(link);
        assertEquals(List.of("added bmsmain-serial-one", "removed bmsmain-serial-one"), news);
        assertEquals(0, provider().getAll().size());
    }

    @Test
    void pageFollowsNewLinksOnce() {
        Thing thing = add("bmsmain", "one");
        link(thing, SOC, "Soc");
        link(thing, "battery#current", "Amps");
        link(thing, "internal-signals#cell-analysis", "NobodyShowsThis");
        assertEquals(List.of("added bmsmain-serial-one", "updated bmsmain-serial-one"), news);
        assertTrue(json().contains("\"current\":\"Amps\""), json());
    }

    @Test
    void pageGoesWithItsThing() {
        Thing one = add("bmsmain", "one");
        Thing two = add("bmsmain", "two");
        link(one, SOC, "A");
        link(two, SOC, "B");
        news.clear();
        things.remove(one.getUID());
        thingListeners.forEach(listener -> listener.removed(one));
        assertEquals(List.of("removed bmsmain-serial-one", "updated bmsmain-serial-two", "removed bmsmain-overview"),
                news);
        assertEquals(List.of("bmsmain-serial-two"), provider().getAll().stream().map(RootUIComponent::getUID).toList());
    }

    @Test
    void pageTakesANewLabel() {
        Thing thing = add("bmsmain", "one");
        link(thing, SOC, "A");
        thing.setLabel("Cellar");
        change(thing, thing);
        assertEquals("updated bmsmain-serial-one", news.get(news.size() - 1));
        assertTrue(json().contains("Cellar"));
    }

    @Test
    void thingsOfOthersGetNone() {
        link(add("modbus", "one"), SOC, "A");
        assertEquals(List.of(), news);
    }

    /** A link with a profile may change the value, so the plain link is used. */
    @Test
    void plainLinkWinsOverAProfile() {
        Thing thing = add("bmsmain", "one");
        links.add(new ItemChannelLink("Adjusted", new ChannelUID(thing.getUID(), SOC),
                new Configuration(Map.of("profile", "modbus:gainOffset"))));
        link(thing, SOC, "Plain");
        assertTrue(json().contains("\"soc\":\"Plain\""), json());
    }

    @Test
    void chartsSayWhenThereIsNoHistory() {
        Thing thing = add("bmsmain", "one");
        link(thing, SOC, "A");
        assertTrue(json().contains("widget:" + OverviewPage.HISTORY));
        // the service still exists while it is being unregistered
        tell(ServiceEvent.UNREGISTERING);
        assertFalse(json().contains("widget:" + OverviewPage.HISTORY));
        assertTrue(json().contains("RRD4j"));
        tell(ServiceEvent.REGISTERED);
        assertTrue(json().contains("widget:" + OverviewPage.HISTORY));
    }

    /** The page of a complete house: every widget, and each property is the name of an existing Item. */
    @Test
    void wholeHouseShowsEveryWidget() {
        String json = new Gson().toJson(DashboardFixture.page(Day.WELL, "de"));
        for (String widget : List.of(OverviewPage.BATTERY_CARD, OverviewPage.FRONT_PANEL, OverviewPage.CELLS,
                OverviewPage.FAULTS, OverviewPage.CONTROL, OverviewPage.ENERGY, OverviewPage.HISTORY)) {
            assertTrue(json.contains("widget:" + widget), widget);
        }
        assertTrue(json.contains("\"relay4Role\":\"Heizung\""), json);
        assertTrue(json.contains("\"wire\":\"RS-485\""), json);
    }

    /** If control is switched off, or cells are no longer read, the channels disappear but their links remain. */
    @Test
    void pageLosesWhatTheThingHasNoMore() {
        Thing thing = add("bmsmain", "one");
        link(thing, SOC, "Soc");
        link(thing, REQUEST, "Request");
        link(thing, CELL, "Cell");
        assertFalse(json().contains("Request") || json().contains("Cell"), json());
        Thing allowed = ThingBuilder.create(thing).withChannel(channel(thing, REQUEST))
                .withChannel(channel(thing, CELL)).build();
        change(thing, allowed);
        assertTrue(json().contains("\"item\":\"Request\"") && json().contains("\"item\":\"Cell\""), json());
        change(allowed, thing);
        assertFalse(json().contains("Request") || json().contains("Cell"), json());
    }

    @ParameterizedTest
    @CsvSource({ "sidebar,true", "hidden,false", ",true" })
    void pageIsWhereTheThingSays(@Nullable String place, boolean sidebar) {
        Thing thing = add("bmsmain", "one");
        thing.getConfiguration().put("overviewPage", place);
        link(thing, SOC, "Soc");
        assertTrue(json().contains("\"sidebar\":" + sidebar), json());
    }

    /** openHAB stores the configuration of a Thing as the user wrote it. */
    @Test
    void pagePutsInEnvironmentVariables() {
        Thing thing = add("bmsmain", "one");
        thing.getConfiguration().put("relay1Function", "${ENV:PATH}");
        Thing with = ThingBuilder.create(thing).withChannel(channel(thing, "relays#relay-1")).build();
        change(thing, with);
        link(with, "relays#relay-1", "Relay");
        assertTrue(json().contains("\"relay1Role\":\"" + System.getenv("PATH")), json());
    }

    /** As soon as a location of the voltage is accepted, the voltage appears and the card for the search disappears. */
    @Test
    void acceptedPlacesTakeTheirRoomAtOnce() {
        Thing thing = add("bmsmain", "one");
        Thing with = ThingBuilder.create(thing).withChannel(channel(thing, "battery#voltage"))
                .withChannel(channel(thing, "battery#power")).build();
        change(thing, with);
        link(with, SOC, "Soc");
        link(with, "battery#current", "Amps");
        link(with, "battery#voltage", "Volts");
        link(with, "battery#power", "Watts");
        assertFalse(json().contains("Volts") || json().contains("Watts"), json());
        assertTrue(json().contains("\"href\":\"/settings/things/bmsmain:serial:one\""), json());
        with.getConfiguration().put("registers", List.of("battery#voltage = input:0x2104:REAL32"));
        change(with, with);
        assertTrue(json().contains("\"voltage\":\"Volts\"") && json().contains("\"power\":\"Watts\""), json());
        assertFalse(json().contains("href"), json());
    }

    @Test
    void aThingThatWantsNoPageHasNone() {
        Thing thing = add("bmsmain", "one");
        link(thing, SOC, "Soc");
        thing.getConfiguration().put("overviewPage", "none");
        change(thing, thing);
        assertEquals(List.of("added bmsmain-serial-one", "removed bmsmain-serial-one"), news);
        thing.getConfiguration().remove("overviewPage");
        change(thing, thing);
        assertEquals(3, news.size());
    }

    /** One entry of the sidebar is sufficient for all batteries; it disappears when only one is left. */
    @Test
    void severalBatteriesShareOneEntryOfTheSidebar() {
        Thing one = add("bmsmain", "one");
        Thing two = add("bmsmain", "two");
        link(one, SOC, "A");
        assertEquals(List.of("bmsmain-serial-one"), sidebar());
        link(two, SOC, "B");
        assertEquals(List.of(OverviewPage.ALL), sidebar());
        assertTrue(json().contains("\"page\":\"bmsmain-serial-two\""), json());
        news.clear();
        link(two, "internal-signals#cell-analysis", "NobodyShowsThis");
        assertEquals(List.of(), news);
        two.getConfiguration().put("overviewPage", "hidden");
        change(two, two);
        assertEquals(List.of("bmsmain-serial-one"), sidebar());
    }

    /** The page of a bank shows its members and is updated with them. */
    @Test
    void pageOfABankShowsItsMembers() {
        Thing one = add("bmsmain", "one");
        Thing bare = ThingBuilder.create(new ThingTypeUID("bmsmain", "bank"), "all").build();
        Thing bank = ThingBuilder.create(bare).withChannel(channel(bare, SOC)).build();
        bank.getConfiguration().put("members", List.of("bmsmain:serial:one"));
        things.put(bank.getUID(), bank);
        thingListeners.forEach(listener -> listener.added(bank));
        link(bank, SOC, "Bank");
        assertFalse(page("bmsmain-bank-all").contains("bmsmain-serial-one"));
        link(one, SOC, "A");
        assertTrue(page("bmsmain-bank-all").contains("bmsmain-serial-one"));
        assertTrue(page("bmsmain-bank-all").contains("\"soc\":\"A\""));
    }

    /** On the page of a bank, values that can never be known take no space either. */
    @Test
    void bankShowsOnlyWhatItsMembersCanKnow() {
        Thing one = add("bmsmain", "one");
        link(one, SOC, "A");
        Thing bare = ThingBuilder.create(new ThingTypeUID("bmsmain", "bank"), "all").build();
        Thing bank = ThingBuilder.create(bare).withChannel(channel(bare, SOC))
                .withChannel(channel(bare, "battery#voltage")).build();
        bank.getConfiguration().put("members", List.of("bmsmain:serial:one"));
        things.put(bank.getUID(), bank);
        thingListeners.forEach(listener -> listener.added(bank));
        link(bank, SOC, "Bank");
        link(bank, "battery#voltage", "Volts");
        assertFalse(json().contains("Volts"), json());
        one.getConfiguration().put("registers", List.of("battery#voltage = input:0x2104:REAL32"));
        change(one, one);
        assertTrue(page("bmsmain-bank-all").contains("\"voltage\":\"Volts\""), json());
        assertTrue(page(OverviewPage.ALL).contains("\"voltage\":\"Volts\""), json());
    }

    private String page(String uid) {
        return String.valueOf(
                new Gson().toJson(provider().getAll().stream().filter(page -> uid.equals(page.getUID())).toList()));
    }

    private List<String> sidebar() {
        return provider().getAll().stream().filter(page -> Boolean.TRUE.equals(page.getConfig().get("sidebar")))
                .map(RootUIComponent::getUID).toList();
    }

    /** Guests should not see buttons that close contactors. */
    @Test
    void onlyAdministratorsSeeTheButtons() {
        UIComponent block = DashboardFixture.page(Day.WELL, "en").getSlot("default").get(0);
        for (UIComponent row : block.getSlot("default")) {
            assertEquals(new Gson().toJson(row).contains("widget:" + OverviewPage.CONTROL),
                    List.of("role:administrator").equals(row.getConfig().get("visibleTo")));
        }
    }

    private void change(Thing before, Thing after) {
        things.put(after.getUID(), after);
        thingListeners.forEach(listener -> listener.updated(before, after));
    }

    private static Channel channel(Thing thing, String id) {
        return ChannelBuilder.create(new ChannelUID(thing.getUID(), id)).build();
    }

    private Thing add(String binding, String id) {
        Thing bare = ThingBuilder.create(new ThingTypeUID(binding, "serial"), id).build();
        Thing thing = ThingBuilder.create(bare)
                .withChannels(CHANNELS.stream().map(channel -> channel(bare, channel)).toList()).build();
        things.put(thing.getUID(), thing);
        thingListeners.forEach(listener -> listener.added(thing));
        return thing;
    }

    private ItemChannelLink link(Thing thing, String channel, String item) {
        ItemChannelLink link = new ItemChannelLink(item, new ChannelUID(thing.getUID(), channel));
        links.add(link);
        return link;
    }

    private void tell(int type) {
        ServiceEvent event = new ServiceEvent(type,
                DashboardFixture.fake(ServiceReference.class, (name, arguments) -> null));
        serviceListeners.forEach(listener -> listener.serviceChanged(event));
    }

    private String json() {
        Map<String, RootUIComponent> pages = new TreeMap<>();
        provider().getAll().forEach(page -> pages.put(page.getUID(), page));
        return new Gson().toJson(pages);
    }

    private PageProvider provider() {
        PageProvider pages = provider;
        assertNotNull(pages);
        return pages;
    }

    @SuppressWarnings("unchecked")
    private static RegistryChangeListener<Thing> listener(@Nullable Object argument) {
        assertNotNull(argument);
        return (RegistryChangeListener<Thing>) argument;
    }

    private static ServiceListener serviceListener(@Nullable Object argument) {
        assertNotNull(argument);
        return (ServiceListener) argument;
    }

    private BundleContext context() {
        return DashboardFixture.fake(BundleContext.class, (name, arguments) -> switch (name) {
            case "getBundle" -> DashboardFixture.fake(Bundle.class, (method, none) -> null);
            case "getAllServiceReferences" ->
                Stream.generate(() -> DashboardFixture.fake(ServiceReference.class, (method, none) -> null)).limit(1)
                        .toArray(ServiceReference[]::new);
            case "addServiceListener" -> serviceListeners.add(serviceListener(arguments[0]));
            case "removeServiceListener" -> serviceListeners.remove(arguments[0]);
            default -> throw new UnsupportedOperationException(name);
        });
    }
}
