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

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.runtime.HostClient;
import org.openhab.binding.bmsmain.runtime.host.Descriptors.ChannelEntry;
import org.openhab.binding.bmsmain.runtime.host.Descriptors.ChannelType;
import org.openhab.binding.bmsmain.runtime.host.Descriptors.ThingType;
import org.openhab.binding.bmsmain.runtime.host.HostItems.HostItem;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.ThingStatusInfo;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.binding.builder.ChannelBuilder;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openhab.core.thing.type.ChannelTypeUID;
import org.openhab.core.types.State;
import org.osgi.framework.BundleContext;

/**
 * The minimal openHAB, as seen by callers outside the OSGi framework.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostFacade implements HostClient {
    final HostItems items = new HostItems();
    final HostThings things;
    private final HostTexts texts;
    private final Descriptors descriptors;
    private final HostServices services;
    private final List<Consumer<Map<String, Object>>> listeners = new CopyOnWriteArrayList<>();
    private final Queue<Map<String, Object>> events = new ConcurrentLinkedQueue<>();

    HostFacade(BundleContext context, Descriptors descriptors, HostTexts texts, SafeCalls calls) {
        this.descriptors = descriptors;
        this.texts = texts;
        this.things = new HostThings(descriptors, new ConfigRules(context.getBundle(), texts), calls, items,
                this::publish);
        this.services = new HostServices(context);
    }

    private static String orEmpty(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private HostThing host(String thing) {
        return things.host(new ThingUID(thing));
    }

    @Override
    public Map<String, Map<String, String>> thingTypes() {
        Map<String, Map<String, String>> types = new TreeMap<>();
        descriptors.things.forEach((uid, type) -> {
            Map<String, String> channels = new LinkedHashMap<>();
            type.channels().forEach(entry -> channels.put(entry.id(), entry.type()));
            types.put(uid, channels);
        });
        return types;
    }

    @Override
    public String addThing(String type, String id, Map<String, Object> config,
            Map<String, Map<String, Object>> channels) {
        ThingType description = descriptors.thing(type);
        ThingTypeUID typeUid = new ThingTypeUID(type);
        ThingUID uid = new ThingUID(typeUid, id);
        List<Channel> all = new ArrayList<>();
        for (ChannelEntry entry : description.channels()) {
            ChannelBuilder builder = channel(uid, entry.id(), entry.type(), Map.of());
            if (!entry.label().isEmpty()) {
                builder.withLabel(entry.label());
            }
            if (entry.autoUpdatePolicy() != null) {
                builder.withAutoUpdatePolicy(entry.autoUpdatePolicy());
            }
            all.add(builder.build());
        }
        channels.forEach((channel, facts) -> all
                .add(channel(uid, channel, orEmpty(facts.get("type")), config(facts.get("config"))).build()));
        Configuration configuration = new Configuration(config);
        ConfigRules.complete(configuration, description.config());
        things.add(new HostThing(ThingBuilder.create(typeUid, uid).withLabel(description.label())
                .withConfiguration(configuration).withChannels(all).withProperties(description.properties()).build(),
                description.bundle()));
        return uid.toString();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> config(@Nullable Object config) {
        return config == null ? Map.of() : (Map<String, Object>) config;
    }

    private ChannelBuilder channel(ThingUID uid, String id, String typeUid, Map<String, Object> config) {
        ChannelType type = descriptors.channel(typeUid);
        Configuration configuration = new Configuration(config);
        ConfigRules.complete(configuration, type.config());
        return ChannelBuilder.create(new ChannelUID(uid, id), type.itemType()).withType(new ChannelTypeUID(typeUid))
                .withKind(type.kind()).withDefaultTags(type.tags()).withLabel(type.label())
                .withAutoUpdatePolicy(type.autoUpdatePolicy()).withConfiguration(configuration);
    }

    @Override
    public void removeThing(String thing) {
        things.remove(new ThingUID(thing));
    }

    @Override
    public List<String> things() {
        return things.getAll().stream().map(thing -> thing.getUID().toString()).toList();
    }

    @Override
    public Status status(String thing) {
        return status(thing, texts.getLocale());
    }

    @Override
    public Status status(String thing, Locale locale) {
        HostThing host = host(thing);
        ThingStatusInfo info = host.thing.getStatusInfo();
        String description = orEmpty(info.getDescription());
        return new Status(info.getStatus().name(), info.getStatusDetail().name(), description,
                texts.resolve(host.bundle, description, locale), new TreeMap<>(host.strays));
    }

    @Override
    public Map<String, String> states(String thing) {
        HostThing host = host(thing);
        Map<String, String> states = new LinkedHashMap<>();
        for (Channel channel : host.thing.getChannels()) {
            String id = channel.getUID().getId();
            State state = host.states.get(id);
            if (channel.getAcceptedItemType() != null) {
                states.put(id, state == null ? "NULL" : state.toFullString());
            }
        }
        return states;
    }

    @Override
    public Map<String, Map<String, Object>> channels(String thing) {
        HostThing host = host(thing);
        Map<String, Map<String, Object>> channels = new LinkedHashMap<>();
        for (Channel channel : host.thing.getChannels()) {
            Map<String, Object> facts = new LinkedHashMap<>(Map.of("type", String.valueOf(channel.getChannelTypeUID()),
                    "kind", channel.getKind().name(), "itemType", orEmpty(channel.getAcceptedItemType()), "label",
                    texts.resolve(host.bundle, orEmpty(channel.getLabel()), null), "tags",
                    List.copyOf(channel.getDefaultTags()), "autoUpdatePolicy", orEmpty(channel.getAutoUpdatePolicy())));
            ChannelType type = descriptors.channels.get(String.valueOf(channel.getChannelTypeUID()));
            if (type != null) {
                facts.put("readOnly", type.readOnly());
                facts.put("options", List.copyOf(type.options()));
            }
            channels.put(channel.getUID().getId(), facts);
        }
        return channels;
    }

    @Override
    public Map<String, String> properties(String thing) {
        return host(thing).thing.getProperties();
    }

    @Override
    public Map<String, Object> configuration(String thing) {
        return host(thing).thing.getConfiguration().getProperties();
    }

    @Override
    public void configure(String thing, Map<String, Object> values) {
        things.configure(new ThingUID(thing), values);
    }

    @Override
    public void command(String thing, String channel, String command) {
        things.command(new ChannelUID(new ThingUID(thing), channel), command);
    }

    @Override
    public void itemCommand(String item, String command) {
        HostItem target = items.get(item);
        List<ChannelUID> linked = items.channels(item);
        if (ItemTypes.command(target.type, command) instanceof State state && things.isAutoUpdated(linked)) {
            target.state = state;
        }
        linked.forEach(channel -> things.command(channel, command));
    }

    @Override
    public void profile(String item, Consumer<String> profile) {
        items.profile(item, profile);
    }

    @Override
    public void link(String thing, String channel, String item) {
        things.link(new ChannelUID(new ThingUID(thing), channel), item);
    }

    @Override
    public void unlink(String thing, String channel) {
        things.unlink(new ChannelUID(new ThingUID(thing), channel));
    }

    @Override
    public String itemState(String item) {
        return items.get(item).state.toFullString();
    }

    @Override
    public void itemUpdate(String item, String state) {
        HostItem target = items.get(item);
        State parsed = ItemTypes.state(target.type, state);
        if (parsed == null) {
            throw new IllegalArgumentException(target.type + " does not accept " + state);
        }
        target.state = parsed;
    }

    @Override
    public void editItem(String item) {
        items.replace(item);
    }

    @Override
    public List<Map<String, Object>> events() {
        return List.copyOf(events);
    }

    @Override
    public void listen(Consumer<Map<String, Object>> listener) {
        listeners.add(listener);
    }

    @Override
    public void unlisten(Consumer<Map<String, Object>> listener) {
        listeners.remove(listener);
    }

    private void publish(Map<String, Object> event) {
        if (!"state".equals(event.get("event"))) {
            events.add(event);
        }
        listeners.forEach(listener -> listener.accept(event));
    }

    @Override
    public Map<String, String> options(String uri, String parameter) {
        return services.options(uri, parameter);
    }

    @Override
    public String console(String line) {
        return services.console(line);
    }

    @Override
    public List<String> complete(String line) {
        return services.complete(line);
    }

    @Override
    public Map<String, String> actions(String thing) {
        return services.actions(new ThingUID(thing));
    }

    @Override
    public Map<String, Object> action(String thing, String name, Object... arguments) {
        return services.action(new ThingUID(thing), name, arguments);
    }

    @Override
    public List<Map<String, Object>> discover(String type, Duration limit) {
        return services.discover(new ThingTypeUID(type), null, limit);
    }

    @Override
    public List<Map<String, Object>> discover(String type, String input, Duration limit) {
        return services.discover(new ThingTypeUID(type), input, limit);
    }

    @Override
    public Map<String, Map<String, Object>> components(String namespace) {
        return services.components(namespace);
    }
}
