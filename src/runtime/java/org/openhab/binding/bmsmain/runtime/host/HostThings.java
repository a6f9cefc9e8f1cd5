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

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.runtime.host.ConfigRules.Parameter;
import org.openhab.binding.bmsmain.runtime.host.Descriptors.ChannelType;
import org.openhab.binding.bmsmain.runtime.host.Descriptors.ThingType;
import org.openhab.core.common.registry.RegistryChangeListener;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.config.core.validation.ConfigValidationException;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatus;
import org.openhab.core.thing.ThingStatusDetail;
import org.openhab.core.thing.ThingStatusInfo;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.binding.ThingHandler;
import org.openhab.core.thing.binding.ThingHandlerCallback;
import org.openhab.core.thing.binding.ThingHandlerFactory;
import org.openhab.core.thing.type.AutoUpdatePolicy;
import org.openhab.core.thing.type.ChannelKind;
import org.openhab.core.types.Command;
import org.openhab.core.types.RefreshType;
import org.openhab.core.types.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The things and the life cycle of their handlers. The public methods are those of a {@link ThingHandlerCallback}
 * and an {@link org.openhab.core.thing.ThingRegistry}.
 * <p>
 * The order of calls, the statuses and the checks are those of openHAB. Things survive the bundle of their handler:
 * when it stops, they become UNINITIALIZED with HANDLER_MISSING_ERROR; when it starts again, so do they.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostThings {
    private final Logger logger = LoggerFactory.getLogger(HostThings.class);
    private final Map<ThingUID, HostThing> things = new ConcurrentHashMap<>();
    private final List<ThingHandlerFactory> factories = new CopyOnWriteArrayList<>();
    private final List<RegistryChangeListener<Thing>> listeners = new CopyOnWriteArrayList<>();
    private final ThingHandlerCallback callback = Partial.of(ThingHandlerCallback.class, this);
    private final Descriptors descriptors;
    private final ConfigRules rules;
    private final SafeCalls calls;
    private final HostItems items;
    private final Consumer<Map<String, Object>> events;

    /** @param events receives the events: maps with <code>event</code>, which is status, state or trigger */
    HostThings(Descriptors descriptors, ConfigRules rules, SafeCalls calls, HostItems items,
            Consumer<Map<String, Object>> events) {
        this.descriptors = descriptors;
        this.rules = rules;
        this.calls = calls;
        this.items = items;
        this.events = events;
    }

    // methods of the registry

    public void addRegistryChangeListener(RegistryChangeListener<Thing> listener) {
        listeners.add(listener);
    }

    public void removeRegistryChangeListener(RegistryChangeListener<Thing> listener) {
        listeners.remove(listener);
    }

    public Collection<Thing> getAll() {
        return things.values().stream().map(host -> host.thing).toList();
    }

    public @Nullable Thing get(ThingUID uid) {
        HostThing host = things.get(uid);
        return host == null ? null : host.thing;
    }

    // user actions

    /**
     * @throws IllegalArgumentException if there is no such thing
     */
    HostThing host(ThingUID uid) {
        HostThing host = things.get(uid);
        if (host == null) {
            throw new IllegalArgumentException("No thing " + uid);
        }
        return host;
    }

    /**
     * Adds a thing and starts its handler if possible.
     *
     * @throws IllegalArgumentException if the thing already exists
     */
    void add(HostThing host) {
        if (things.putIfAbsent(host.thing.getUID(), host) != null) {
            throw new IllegalArgumentException("Duplicate thing " + host.thing.getUID());
        }
        listeners.forEach(listener -> listener.added(host.thing));
        start(host);
    }

    /**
     * Lets the handler handle the removal, then removes the thing.
     *
     * @throws IllegalArgumentException if there is no such thing
     */
    void remove(ThingUID uid) {
        HostThing host = host(uid);
        setStatus(host, ThingStatus.REMOVING, ThingStatusDetail.NONE, null);
        ThingHandler handler = host.handler;
        ThingHandlerFactory factory = host.factory;
        if (handler != null) {
            run("handleRemoval", host, handler::handleRemoval);
        }
        stop(host);
        if (factory != null) {
            run("removeThing", host, () -> factory.removeThing(uid));
        }
        things.remove(uid);
        host.thing.getChannels().forEach(channel -> items.unlink(channel.getUID()));
        listeners.forEach(listener -> listener.removed(host.thing));
    }

    /**
     * Passes a new configuration to the handler, as the user interface does: with all values, including
     * unchanged ones.
     *
     * @param uid the thing
     * @param values the changed values
     * @throws IllegalArgumentException if a value violates its description: parameter names with messages
     */
    void configure(ThingUID uid, Map<String, Object> values) {
        HostThing host = host(uid);
        Map<String, Object> merged = new HashMap<>(host.thing.getConfiguration().getProperties());
        merged.putAll(new Configuration(values).getProperties());
        try {
            validateConfigurationParameters(host.thing, merged);
        } catch (ConfigValidationException e) {
            throw new IllegalArgumentException(e.getValidationMessages().toString(), e);
        }
        ThingHandler handler = host.handler;
        if (handler != null && isInitialized(host.thing)) {
            run("handleConfigurationUpdate", host, () -> handler.handleConfigurationUpdate(merged));
        } else {
            merged.forEach(host.thing.getConfiguration()::put);
            start(host);
        }
    }

    /**
     * Sends a command to the handler; REFRESH requests the present state.
     *
     * @throws IllegalArgumentException if there is no such channel, it does not accept the command, or
     *             there is no handler
     */
    void command(ChannelUID uid, String text) {
        HostThing host = host(uid.getThingUID());
        String itemType = itemType(uid);
        Command command = "REFRESH".equals(text) ? RefreshType.REFRESH : ItemTypes.command(itemType, text);
        ThingHandler handler = host.handler;
        if (command == null || handler == null) {
            throw new IllegalArgumentException(
                    handler == null ? "No handler for " + uid : itemType + " does not accept " + text + ": " + uid);
        }
        run("handleCommand " + text, host, () -> handler.handleCommand(uid, command));
    }

    /**
     * @throws IllegalArgumentException if there is no such channel, or it has no state
     */
    private String itemType(ChannelUID uid) {
        Channel channel = host(uid.getThingUID()).thing.getChannel(uid);
        String itemType = channel == null ? null : channel.getAcceptedItemType();
        if (itemType == null) {
            throw new IllegalArgumentException("No channel with a state " + uid);
        }
        return itemType;
    }

    /**
     * Whether openHAB shows a command as the state of an item before its handlers do. Item metadata is ignored.
     *
     * @param linked the channels of the item
     */
    boolean isAutoUpdated(List<ChannelUID> linked) {
        List<AutoUpdatePolicy> policies = new ArrayList<>();
        for (ChannelUID uid : linked) {
            Thing thing = get(uid.getThingUID());
            Channel channel = thing == null || thing.getStatus() != ThingStatus.ONLINE ? null : thing.getChannel(uid);
            if (channel != null) {
                policies.add(Objects.requireNonNullElse(channel.getAutoUpdatePolicy(), AutoUpdatePolicy.DEFAULT));
            }
        }
        // An item whose links all fail keeps its state; an item without links is updated.
        return policies.isEmpty() ? linked.isEmpty() : !policies.contains(AutoUpdatePolicy.VETO);
    }

    /** Creates an item, links it to a channel, and notifies the handler. */
    void link(ChannelUID uid, String item) {
        items.link(item, itemType(uid), uid);
        ThingHandler handler = host(uid.getThingUID()).handler;
        if (handler != null && isInitialized(handler.getThing())) {
            run("channelLinked", host(uid.getThingUID()), () -> handler.channelLinked(uid));
        }
    }

    /** Removes the items of a channel and notifies the handler. */
    void unlink(ChannelUID uid) {
        items.unlink(uid);
        ThingHandler handler = host(uid.getThingUID()).handler;
        if (handler != null && isInitialized(handler.getThing())) {
            run("channelUnlinked", host(uid.getThingUID()), () -> handler.channelUnlinked(uid));
        }
    }

    /** Calls a handler or its factory. An error is only logged. @return the error, or null */
    private @Nullable Throwable run(String what, HostThing host, Runnable call) {
        Throwable error = calls.run(what + " of " + host.thing.getUID(), call);
        if (error != null) {
            logger.error("{} of thing {} failed", what, host.thing.getUID(), error);
        }
        return error;
    }

    // handlers

    void factoryAdded(ThingHandlerFactory factory) {
        factories.add(factory);
        things.values().stream().filter(host -> factory.supportsThingType(host.thing.getThingTypeUID()))
                .forEach(this::start);
    }

    void factoryRemoved(ThingHandlerFactory factory) {
        factories.remove(factory);
        things.values().stream().filter(host -> host.factory == factory).forEach(this::stop);
    }

    private void start(HostThing host) {
        host.lock.lock();
        try {
            if (host.handler == null) {
                register(host);
            }
            ThingHandler handler = host.handler;
            if (handler != null && !isInitialized(host.thing) && host.thing.getStatus() != ThingStatus.INITIALIZING) {
                initialize(host, handler);
            }
        } finally {
            host.lock.unlock();
        }
    }

    private void register(HostThing host) {
        Thing thing = host.thing;
        ThingHandlerFactory factory = factories.stream().filter(each -> each.supportsThingType(thing.getThingTypeUID()))
                .findFirst().orElse(null);
        if (factory == null) {
            setStatus(host, ThingStatus.UNINITIALIZED, ThingStatusDetail.HANDLER_MISSING_ERROR,
                    "Handler factory not found");
            return;
        }
        host.bundle = descriptors.thing(thing.getThingTypeUID().getAsString()).bundle();
        Throwable error = run("registerHandler", host, () -> {
            ThingHandler handler = factory.registerHandler(thing);
            handler.setCallback(callback);
            thing.setHandler(handler);
            host.handler = handler;
            host.factory = factory;
        });
        if (error != null) {
            setStatus(host, ThingStatus.UNINITIALIZED, ThingStatusDetail.HANDLER_REGISTERING_ERROR, error.getMessage());
        }
    }

    private void initialize(HostThing host, ThingHandler handler) {
        Thing thing = host.thing;
        try {
            ConfigRules.complete(thing.getConfiguration(), parameters(thing));
            validateConfigurationParameters(thing, thing.getConfiguration().getProperties());
            for (Channel channel : thing.getChannels()) {
                ConfigRules.complete(channel.getConfiguration(), parameters(channel));
                validateConfigurationParameters(channel, channel.getConfiguration().getProperties());
            }
        } catch (ConfigValidationException e) {
            setStatus(host, ThingStatus.UNINITIALIZED, ThingStatusDetail.HANDLER_CONFIGURATION_PENDING,
                    e.getValidationMessages().toString());
            return;
        }
        setStatus(host, ThingStatus.INITIALIZING, ThingStatusDetail.NONE, null);
        Throwable error = run("initialize", host, handler::initialize);
        if (error != null) {
            setStatus(host, ThingStatus.UNINITIALIZED, ThingStatusDetail.HANDLER_INITIALIZING_ERROR,
                    error.getMessage());
        }
    }

    private List<Parameter> parameters(Thing thing) {
        ThingType type = descriptors.things.get(thing.getThingTypeUID().getAsString());
        return type == null ? List.of() : type.config();
    }

    private List<Parameter> parameters(Channel channel) {
        ChannelType type = descriptors.channels.get(String.valueOf(channel.getChannelTypeUID()));
        return type == null ? List.of() : type.config();
    }

    private void stop(HostThing host) {
        host.lock.lock();
        try {
            ThingHandler handler = host.handler;
            ThingHandlerFactory factory = host.factory;
            if (handler == null || factory == null) {
                return;
            }
            boolean removed = host.thing.getStatus() == ThingStatus.REMOVING
                    || host.thing.getStatus() == ThingStatus.REMOVED;
            if (!removed) {
                setStatus(host, ThingStatus.UNINITIALIZED, ThingStatusDetail.NONE, null);
            }
            run("dispose", host, handler::dispose);
            run("unregisterHandler", host, () -> {
                factory.unregisterHandler(host.thing);
                handler.setCallback(null);
                host.thing.setHandler(null);
            });
            host.handler = null;
            host.factory = null;
            if (!removed) {
                setStatus(host, ThingStatus.UNINITIALIZED, ThingStatusDetail.HANDLER_MISSING_ERROR, null);
            }
        } finally {
            host.lock.unlock();
        }
    }

    /** Stops and removes all handlers. */
    void stop() {
        things.values().forEach(this::stop);
    }

    private static boolean isInitialized(Thing thing) {
        return isOfHandler(thing.getStatus());
    }

    private static boolean isOfHandler(ThingStatus status) {
        return status == ThingStatus.ONLINE || status == ThingStatus.OFFLINE || status == ThingStatus.UNKNOWN;
    }

    private void setStatus(HostThing host, ThingStatus status, ThingStatusDetail detail, @Nullable String text) {
        setStatus(host, new ThingStatusInfo(status, detail, text));
    }

    private void setStatus(HostThing host, ThingStatusInfo info) {
        host.thing.setStatusInfo(info);
        events.accept(
                Map.of("event", "status", "thing", host.thing.getUID().toString(), "status", info.getStatus().name()));
    }

    // methods of the callback

    public void stateUpdated(ChannelUID uid, State state) {
        HostThing host = things.get(uid.getThingUID());
        if (host == null) {
            logger.error("State {} for a channel of an unknown thing: {}", state, uid);
            return;
        }
        Channel channel = host.thing.getChannel(uid);
        String itemType = channel == null ? null : channel.getAcceptedItemType();
        if (itemType == null || !ItemTypes.accepts(itemType, state)) {
            host.strays.put(uid.getId(), state.getClass().getSimpleName() + " " + state);
            logger.error("State {} of {} does not fit channel {} of type {}", state, state.getClass().getSimpleName(),
                    uid, itemType);
            return;
        }
        host.states.put(uid.getId(), state);
        items.update(uid, state);
        events.accept(Map.of("event", "state", "thing", uid.getThingUID().toString(), "channel", uid.getId(), "state",
                state.toFullString()));
    }

    /**
     * @throws IllegalArgumentException if a handler may not set that status
     */
    public void statusUpdated(Thing thing, ThingStatusInfo info) {
        ThingStatus status = info.getStatus();
        boolean removing = thing.getStatus() == ThingStatus.REMOVING;
        if (!(status == ThingStatus.REMOVED ? removing : isOfHandler(status))) {
            throw new IllegalArgumentException("A handler may not set " + status + " after " + thing.getStatus());
        }
        HostThing host = things.get(thing.getUID());
        if (host != null && (!removing || status == ThingStatus.REMOVED)) {
            setStatus(host, info);
        }
    }

    public void thingUpdated(Thing thing) {
        HostThing host = host(thing.getUID());
        Thing former = host.thing;
        if (former != thing) {
            thing.setStatusInfo(former.getStatusInfo());
            thing.setHandler(host.handler);
            host.thing = thing;
            host.states.keySet().removeIf(channel -> thing.getChannel(channel) == null);
        }
        listeners.forEach(listener -> listener.updated(former, thing));
    }

    public void validateConfigurationParameters(Thing thing, Map<String, Object> configurationParameters) {
        rules.check(configurationParameters, parameters(thing));
    }

    public void validateConfigurationParameters(Channel channel, Map<String, Object> configurationParameters) {
        rules.check(configurationParameters, parameters(channel));
    }

    public void channelTriggered(Thing thing, ChannelUID channelUID, String event) {
        Channel channel = thing.getChannel(channelUID);
        if (channel == null || channel.getKind() != ChannelKind.TRIGGER) {
            host(thing.getUID()).strays.put(channelUID.getId(), "event " + event);
            logger.error("Event {} on {}, which is not a trigger channel", event, channelUID);
            return;
        }
        events.accept(Map.of("event", "trigger", "thing", thing.getUID().toString(), "channel", channelUID.getId(),
                "payload", event));
    }

    public boolean isChannelLinked(ChannelUID channelUID) {
        return !items.links.of(channelUID).isEmpty();
    }
}
