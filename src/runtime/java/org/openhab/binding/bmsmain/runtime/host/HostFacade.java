/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.runtime.host;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Consumer;
import java.util.function.Function;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.runtime.host.Descriptors.ChannelType;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.items.Item;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatusInfo;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.link.ItemChannelLink;
import org.openhab.core.thing.type.ChannelTypeUID;
import org.openhab.core.types.Command;
import org.openhab.core.types.State;
import org.openhab.core.types.TypeParser;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * The door of the runtime for callers outside of the OSGi framework, who share only the JDK with it.
 * <p>
 * A request is a map with the operation under <code>op</code> and its arguments; the answer is a map too. A wrong
 * request ends in an {@link IllegalArgumentException}. The operations are the methods of <code>HostClient</code>.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostFacade implements Function<Map<String, Object>, Map<String, Object>>, HostThings.Listener {

    /** So many events are kept, the oldest go first. */
    private static final int EVENTS_KEPT = 10_000;

    private final BundleContext context;
    private final HostTexts texts;
    private final HostDescriptors descriptors;
    private final HostThings things;
    private final HostThingRegistry thingRegistry;
    private final HostServices services;
    private final HostItems items = new HostItems();
    private final HostLinks links = new HostLinks();
    private final Map<String, Consumer<Map<String, Object>>> profiles = new ConcurrentHashMap<>();
    private final List<Consumer<Map<String, Object>>> listeners = new CopyOnWriteArrayList<>();
    private final LinkedBlockingDeque<Map<String, Object>> events = new LinkedBlockingDeque<>(EVENTS_KEPT);

    HostFacade(BundleContext context, HostDescriptors descriptors, HostTexts texts, SafeCalls calls) {
        this.context = context;
        this.descriptors = descriptors;
        this.texts = texts;
        this.things = new HostThings(descriptors, new ConfigRules(context.getBundle(), texts), calls, texts, this);
        this.thingRegistry = new HostThingRegistry(things);
        this.services = new HostServices(context);
    }

    HostThings things() {
        return things;
    }

    HostThingRegistry thingRegistry() {
        return thingRegistry;
    }

    HostItems items() {
        return items;
    }

    HostLinks links() {
        return links;
    }

    @Override
    public Map<String, Object> apply(Map<String, Object> arguments) {
        HostRequest request = new HostRequest(arguments);
        String operation = request.text("op");
        return switch (operation) {
            case "descriptors" -> descriptors();
            case "addThing" -> addThing(request);
            case "removeThing" -> removeThing(request);
            case "things" ->
                Map.of("things", things.all().stream().map(host -> host.thing.getUID().toString()).toList());
            case "status" -> status(request);
            case "states" -> states(request);
            case "channels" -> channels(request);
            case "properties" -> new TreeMap<>(thing(request).thing.getProperties());
            case "configuration" -> new TreeMap<>(thing(request).thing.getConfiguration().getProperties());
            case "configure" -> configure(request);
            case "command" -> command(request);
            case "itemCommand" -> itemCommand(request);
            case "profile" -> profile(request);
            case "link" -> link(request);
            case "unlink" -> unlink(request);
            case "itemState" -> Map.of("state", item(request).getState().toFullString());
            case "itemUpdate" -> itemUpdate(request);
            case "editItem" -> editItem(request);
            case "events" -> Map.of("events", List.copyOf(events));
            case "listen" -> listen(request, true);
            case "unlisten" -> listen(request, false);
            case "text" -> Map.of("text", texts.resolve(bundle(request), request.text("text"), request.locale()));
            case "languages" -> Map.of("languages", texts.languages(bundle(request)));
            case "options" -> services.options(request);
            case "console" -> services.console(request);
            case "complete" -> services.complete(request);
            case "actions" -> services.actions(request);
            case "action" -> services.action(request);
            case "discover" -> services.discover(request);
            case "components" -> services.components(request);
            default -> throw new IllegalArgumentException("No operation " + operation);
        };
    }

    private static String orEmpty(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private HostThing thing(HostRequest request) {
        return things.get(request.thing());
    }

    private Bundle bundle(HostRequest request) {
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getSymbolicName().equals(request.text("bundle"))) {
                return bundle;
            }
        }
        throw new IllegalArgumentException("No bundle " + request.text("bundle"));
    }

    // things

    private Map<String, Object> descriptors() {
        Map<String, Object> all = new TreeMap<>();
        for (Descriptors ofBundle : descriptors.all()) {
            ofBundle.things.forEach((uid, type) -> {
                Map<String, Object> channels = new LinkedHashMap<>();
                type.channels().forEach(entry -> channels.put(entry.id(), entry.type().toString()));
                type.groups().forEach(group -> {
                    Descriptors.GroupType groupType = ofBundle.groups.get(group.type());
                    if (groupType != null) {
                        groupType.channels()
                                .forEach(entry -> channels.put(group.id() + "#" + entry.id(), entry.type().toString()));
                    }
                });
                all.put(uid.toString(), Map.of("label", type.label(), "channels", channels, "extensible",
                        type.extensible(), "bundle", ofBundle.bundle.getSymbolicName()));
            });
        }
        return all;
    }

    private Map<String, Object> addThing(HostRequest request) {
        Map<String, ChannelTypeUID> channels = new LinkedHashMap<>();
        Map<String, Configuration> configs = new LinkedHashMap<>();
        HostRequest userChannels = request.part("channels");
        for (String id : userChannels.arguments().keySet()) {
            HostRequest channel = userChannels.part(id);
            channels.put(id, new ChannelTypeUID(channel.text("type")));
            configs.put(id, new Configuration(channel.map("config")));
        }
        Thing thing = things.add(new ThingTypeUID(request.text("type")), request.text("id"),
                new Configuration(request.map("config")), channels, configs);
        return Map.of("thing", thing.getUID().toString());
    }

    private Map<String, Object> removeThing(HostRequest request) {
        things.remove(request.thing());
        return Map.of();
    }

    private Map<String, Object> status(HostRequest request) {
        HostThing host = thing(request);
        ThingStatusInfo info = host.thing.getStatusInfo();
        return Map.of("status", info.getStatus().name(), "detail", info.getStatusDetail().name(), "description",
                orEmpty(info.getDescription()), "text", things.statusText(host, request.locale()), "strays",
                new TreeMap<>(host.strays));
    }

    private Map<String, Object> states(HostRequest request) {
        HostThing host = thing(request);
        Map<String, Object> states = new LinkedHashMap<>();
        for (Channel channel : host.thing.getChannels()) {
            State state = host.states.get(channel.getUID().getId());
            if (channel.getAcceptedItemType() != null) {
                states.put(channel.getUID().getId(), state == null ? "NULL" : state.toFullString());
            }
        }
        return states;
    }

    private Map<String, Object> channels(HostRequest request) {
        Map<String, Object> channels = new LinkedHashMap<>();
        HostThing host = thing(request);
        for (Channel channel : host.thing.getChannels()) {
            ChannelType type = descriptors.channelType(channel.getChannelTypeUID());
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("type", orEmpty(channel.getChannelTypeUID()));
            facts.put("kind", channel.getKind().name());
            facts.put("itemType", orEmpty(channel.getAcceptedItemType()));
            facts.put("label", texts.resolve(host.bundle, orEmpty(channel.getLabel()), request.locale()));
            facts.put("description", texts.resolve(host.bundle, orEmpty(channel.getDescription()), request.locale()));
            facts.put("tags", List.copyOf(channel.getDefaultTags()));
            facts.put("autoUpdatePolicy", orEmpty(channel.getAutoUpdatePolicy()));
            facts.put("config", new TreeMap<>(channel.getConfiguration().getProperties()));
            if (type != null) {
                facts.put("advanced", type.advanced());
                facts.put("readOnly", type.readOnly());
                facts.put("unitHint", type.unitHint());
                facts.put("pattern", type.pattern());
                facts.put("options", List.copyOf(type.options().keySet()));
            }
            channels.put(channel.getUID().getId(), facts);
        }
        return channels;
    }

    private Map<String, Object> configure(HostRequest request) {
        things.configure(request.thing(), request.map("config"));
        return Map.of();
    }

    private Map<String, Object> command(HostRequest request) {
        things.command(new ChannelUID(request.text("channel")), request.text("command"));
        return Map.of();
    }

    /** A command to an item: first what auto-update makes of it, then the handlers. */
    private Map<String, Object> itemCommand(HostRequest request) {
        HostItem item = (HostItem) item(request);
        List<ChannelUID> linked = links.of(item.getName());
        Command command = ItemTypes.command(item.getType(), request.text("command"));
        if (command == null) {
            throw new IllegalArgumentException(item.getType() + " takes no " + request.text("command"));
        }
        if (command instanceof State state && things.isAutoUpdated(linked)) {
            item.update(state);
        }
        linked.forEach(channel -> things.command(channel, request.text("command")));
        return Map.of();
    }

    /** A state that a persistence service restores, or a rule. No handler hears of it. */
    private Map<String, Object> itemUpdate(HostRequest request) {
        HostItem item = (HostItem) item(request);
        State state = TypeParser.parseState(ItemTypes.states(item.getType()), request.text("state"));
        if (state == null) {
            throw new IllegalArgumentException(item.getType() + " takes no " + request.text("state"));
        }
        item.update(state);
        return Map.of();
    }

    /** Sets the profile of a link. As in openHAB it runs inside of the update of a state, and may throw or block. */
    @SuppressWarnings("unchecked")
    private Map<String, Object> profile(HostRequest request) {
        String item = item(request).getName();
        if (request.arguments().get("consumer") instanceof Consumer<?> profile) {
            profiles.put(item, (Consumer<Map<String, Object>>) profile);
        } else {
            profiles.remove(item);
        }
        return Map.of();
    }

    private Map<String, Object> link(HostRequest request) {
        ChannelUID uid = new ChannelUID(request.text("channel"));
        Channel channel = things.get(uid.getThingUID()).thing.getChannel(uid);
        String itemType = channel == null ? null : channel.getAcceptedItemType();
        if (channel == null || itemType == null) {
            throw new IllegalArgumentException("No channel with a state " + uid);
        }
        String item = request.text("item");
        items.add(new HostItem(item, itemType, orEmpty(channel.getLabel()), channel.getDefaultTags()));
        links.add(item, uid);
        things.linked(uid, true);
        return Map.of();
    }

    private Map<String, Object> unlink(HostRequest request) {
        ChannelUID uid = new ChannelUID(request.text("channel"));
        for (ItemChannelLink link : links.of(uid)) {
            links.remove(link);
            items.remove(link.getItemName());
        }
        things.linked(uid, false);
        return Map.of();
    }

    private Item item(HostRequest request) {
        Item item = items.get(request.text("item"));
        if (item == null) {
            throw new IllegalArgumentException("No item " + request.text("item"));
        }
        return item;
    }

    /** As the user interface does it: an item with another label takes the place of the former, and has no state. */
    private Map<String, Object> editItem(HostRequest request) {
        Item former = item(request);
        items.update(new HostItem(former.getName(), former.getType(), request.text("label"), former.getTags()));
        return Map.of();
    }

    // events

    @SuppressWarnings("unchecked")
    private Map<String, Object> listen(HostRequest request, boolean on) {
        if (!(request.arguments().get("consumer") instanceof Consumer<?> consumer)) {
            throw new IllegalArgumentException("Argument consumer is missing");
        }
        Consumer<Map<String, Object>> listener = (Consumer<Map<String, Object>>) consumer;
        if (on) {
            listeners.add(listener);
        } else {
            listeners.remove(listener);
        }
        return Map.of();
    }

    private void publish(Map<String, Object> event) {
        if (!"state".equals(event.get("event"))) {
            while (!events.offer(event)) {
                events.poll();
            }
        }
        listeners.forEach(listener -> listener.accept(event));
    }

    @Override
    public void thingAdded(Thing thing) {
        thingRegistry.listeners.forEach(listener -> listener.added(thing));
    }

    @Override
    public void thingUpdated(Thing former, Thing thing) {
        thingRegistry.listeners.forEach(listener -> listener.updated(former, thing));
        publish(Map.of("event", "thing", "thing", thing.getUID().toString()));
    }

    @Override
    public void thingRemoved(Thing thing) {
        for (Channel channel : thing.getChannels()) {
            for (ItemChannelLink link : links.of(channel.getUID())) {
                links.remove(link);
                items.remove(link.getItemName());
            }
        }
        thingRegistry.listeners.forEach(listener -> listener.removed(thing));
        publish(Map.of("event", "removed", "thing", thing.getUID().toString()));
    }

    @Override
    public void status(Thing thing, ThingStatusInfo info) {
        publish(Map.of("event", "status", "thing", thing.getUID().toString(), "status", info.getStatus().name(),
                "detail", info.getStatusDetail().name(), "description", orEmpty(info.getDescription())));
    }

    @Override
    public void state(ChannelUID channel, State state) {
        for (ItemChannelLink link : links.of(channel)) {
            if (items.get(link.getItemName()) instanceof HostItem item) {
                Consumer<Map<String, Object>> profile = profiles.get(item.getName());
                if (profile != null) {
                    profile.accept(Map.of("item", item.getName(), "state", state.toFullString()));
                }
                item.update(state);
            }
        }
        publish(Map.of("event", "state", "thing", channel.getThingUID().toString(), "channel", channel.getId(), "state",
                state.toFullString()));
    }

    @Override
    public void trigger(ChannelUID channel, String event, Instant time) {
        publish(Map.of("event", "trigger", "thing", channel.getThingUID().toString(), "channel", channel.getId(),
                "payload", event, "time", time.toString()));
    }

    @Override
    public boolean isLinked(ChannelUID channel) {
        return !links.of(channel).isEmpty();
    }
}
