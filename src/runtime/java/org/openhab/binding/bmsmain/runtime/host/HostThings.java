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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.runtime.host.Descriptors.ThingType;
import org.openhab.core.config.core.ConfigDescription;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.config.core.validation.ConfigValidationException;
import org.openhab.core.thing.Bridge;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelGroupUID;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatus;
import org.openhab.core.thing.ThingStatusDetail;
import org.openhab.core.thing.ThingStatusInfo;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.binding.ThingHandler;
import org.openhab.core.thing.binding.ThingHandlerCallback;
import org.openhab.core.thing.binding.ThingHandlerFactory;
import org.openhab.core.thing.binding.builder.ChannelBuilder;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openhab.core.thing.type.AutoUpdatePolicy;
import org.openhab.core.thing.type.ChannelGroupTypeUID;
import org.openhab.core.thing.type.ChannelKind;
import org.openhab.core.thing.type.ChannelTypeUID;
import org.openhab.core.thing.util.ThingHandlerHelper;
import org.openhab.core.types.Command;
import org.openhab.core.types.RefreshType;
import org.openhab.core.types.State;
import org.openhab.core.types.TimeSeries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The things: made from descriptors, given a handler when its factory is there, started, stopped, and listened to.
 * <p>
 * The order of calls, the statuses and the checks are those of openHAB. Things outlast the bundle of their handler:
 * when it goes they are UNINITIALIZED with HANDLER_MISSING_ERROR, when it comes back they start again.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostThings implements ThingHandlerCallback {

    /** Hears of everything that happens to things. */
    interface Listener {

        void thingAdded(Thing thing);

        void thingUpdated(Thing former, Thing thing);

        void thingRemoved(Thing thing);

        void status(Thing thing, ThingStatusInfo info);

        void state(ChannelUID channel, State state);

        void trigger(ChannelUID channel, String event, Instant time);

        boolean isLinked(ChannelUID channel);
    }

    private final Logger logger = LoggerFactory.getLogger(HostThings.class);
    private final Map<ThingUID, HostThing> things = new ConcurrentHashMap<>();
    private final List<ThingHandlerFactory> factories = new CopyOnWriteArrayList<>();
    private final HostDescriptors descriptors;
    private final HostChannels channels;
    private final ConfigRules rules;
    private final SafeCalls calls;
    private final HostTexts texts;
    private final Listener listener;

    HostThings(HostDescriptors descriptors, ConfigRules rules, SafeCalls calls, HostTexts texts, Listener listener) {
        this.descriptors = descriptors;
        this.channels = new HostChannels(descriptors);
        this.rules = rules;
        this.calls = calls;
        this.texts = texts;
        this.listener = listener;
    }

    // things

    List<HostThing> all() {
        return List.copyOf(things.values());
    }

    /**
     * @param uid a thing
     * @return it
     * @throws IllegalArgumentException if there is no such thing
     */
    HostThing get(ThingUID uid) {
        HostThing thing = things.get(uid);
        if (thing == null) {
            throw new IllegalArgumentException("No thing " + uid);
        }
        return thing;
    }

    @Nullable
    Thing find(ThingUID uid) {
        HostThing thing = things.get(uid);
        return thing == null ? null : thing.thing;
    }

    /**
     * @param typeUid the thing type
     * @param id the last segment of the thing
     * @param configuration its configuration; what is missing is taken from the defaults
     * @param userChannels channels that a user adds: id to channel type
     * @param userConfigs their configurations by channel id
     * @return the thing, whose handler is started if it can be
     * @throws IllegalArgumentException if there is no such type, or there is such a thing
     */
    Thing add(ThingTypeUID typeUid, String id, Configuration configuration, Map<String, ChannelTypeUID> userChannels,
            Map<String, Configuration> userConfigs) {
        ThingType type = descriptors.thingType(typeUid);
        if (type == null) {
            throw new IllegalArgumentException("No thing type " + typeUid);
        }
        ThingUID uid = new ThingUID(typeUid, id);
        List<Channel> all = new ArrayList<>(channels.of(uid, type));
        for (Entry<String, ChannelTypeUID> entry : userChannels.entrySet()) {
            ChannelBuilder builder = channels.builder(new ChannelUID(uid, entry.getKey()), entry.getValue());
            Configuration config = userConfigs.get(entry.getKey());
            all.add(config == null ? builder.build() : builder.withConfiguration(config).build());
        }
        ConfigRules.complete(configuration, descriptors.config(type.config()));
        Thing thing = ThingBuilder.create(typeUid, uid).withLabel(type.label()).withConfiguration(configuration)
                .withChannels(all).withProperties(type.properties())
                .withSemanticEquipmentTag(type.equipmentTag().isEmpty() ? null : type.equipmentTag()).build();
        HostThing host = new HostThing(thing, descriptors.bundleOf(typeUid));
        if (things.putIfAbsent(uid, host) != null) {
            throw new IllegalArgumentException("There is a thing " + uid);
        }
        listener.thingAdded(thing);
        start(host);
        return host.thing;
    }

    /**
     * Asks the handler to let the thing go, then takes it away.
     *
     * @throws IllegalArgumentException if there is no such thing
     */
    void remove(ThingUID uid) {
        HostThing host = get(uid);
        setStatus(host, ThingStatus.REMOVING, ThingStatusDetail.NONE, null);
        ThingHandler handler = host.handler;
        if (handler != null) {
            report(host, "Removal of", calls.run("handleRemoval of " + uid, handler::handleRemoval));
        }
        stop(host);
        ThingHandlerFactory factory = factoryFor(host.thing);
        if (factory != null) {
            calls.run("removeThing of " + uid, () -> factory.removeThing(uid));
        }
        things.remove(uid);
        listener.thingRemoved(host.thing);
    }

    /**
     * Gives the handler a new configuration, as the user interface does it: with all values, also those that stay.
     *
     * @param uid the thing
     * @param values the changed values
     * @throws IllegalArgumentException if a value breaks its description: parameter names with messages
     */
    void configure(ThingUID uid, Map<String, Object> values) {
        HostThing host = get(uid);
        Configuration changed = new Configuration(values);
        ConfigDescription description = getConfigDescription(host.thing.getThingTypeUID());
        Map<String, Object> merged = new HashMap<>(host.thing.getConfiguration().getProperties());
        merged.putAll(changed.getProperties());
        try {
            rules.check(merged, description);
        } catch (ConfigValidationException e) {
            throw new IllegalArgumentException(e.getValidationMessages().toString(), e);
        }
        ThingHandler handler = host.handler;
        if (handler != null && ThingHandlerHelper.isHandlerInitialized(host.thing)) {
            report(host, "Configuration of",
                    calls.run("handleConfigurationUpdate of " + uid, () -> handler.handleConfigurationUpdate(merged)));
        } else {
            merged.forEach(host.thing.getConfiguration()::put);
            start(host);
        }
    }

    /**
     * Sends a command to the handler; REFRESH asks for the present state.
     *
     * @throws IllegalArgumentException if there is no such channel, it takes no such command, or there is no handler
     */
    void command(ChannelUID uid, String text) {
        HostThing host = get(uid.getThingUID());
        Channel channel = host.thing.getChannel(uid);
        String itemType = channel == null ? null : channel.getAcceptedItemType();
        if (itemType == null) {
            throw new IllegalArgumentException("No channel with a state " + uid);
        }
        Command command = "REFRESH".equals(text) ? RefreshType.REFRESH : ItemTypes.command(itemType, text);
        ThingHandler handler = host.handler;
        if (command == null || handler == null) {
            throw new IllegalArgumentException(
                    handler == null ? "No handler for " + uid : itemType + " takes no " + text + ": " + uid);
        }
        report(host, "Command " + text + " to",
                calls.run("handleCommand " + text + " of " + uid, () -> handler.handleCommand(uid, command)));
    }

    /**
     * Whether openHAB shows a command as the state of an item before its handlers do. Metadata of items are not looked
     * at.
     *
     * @param linked the channels of the item
     */
    boolean isAutoUpdated(List<ChannelUID> linked) {
        List<AutoUpdatePolicy> policies = new ArrayList<>();
        for (ChannelUID uid : linked) {
            HostThing host = things.get(uid.getThingUID());
            Channel channel = host == null ? null : host.thing.getChannel(uid);
            if (host != null && channel != null && host.handler != null
                    && host.thing.getStatus() == ThingStatus.ONLINE) {
                policies.add(policy(channel));
            }
        }
        // An item with links of which none works keeps its state; one without links is all that there is.
        return policies.isEmpty() ? linked.isEmpty() : !policies.contains(AutoUpdatePolicy.VETO);
    }

    private AutoUpdatePolicy policy(Channel channel) {
        AutoUpdatePolicy own = channel.getAutoUpdatePolicy();
        Descriptors.ChannelType type = own == null ? descriptors.channelType(channel.getChannelTypeUID()) : null;
        AutoUpdatePolicy policy = type == null ? own : type.autoUpdatePolicy();
        return policy == null ? AutoUpdatePolicy.DEFAULT : policy;
    }

    /** Tells the handler that an item was linked or unlinked. */
    void linked(ChannelUID uid, boolean linked) {
        HostThing host = things.get(uid.getThingUID());
        ThingHandler handler = host == null ? null : host.handler;
        if (host != null && handler != null && ThingHandlerHelper.isHandlerInitialized(host.thing)) {
            report(host, "Link of", calls.run("link of " + uid, () -> {
                if (linked) {
                    handler.channelLinked(uid);
                } else {
                    handler.channelUnlinked(uid);
                }
            }));
        }
    }

    private void report(HostThing host, String what, @Nullable Throwable error) {
        if (error != null) {
            logger.error("{} thing {} failed", what, host.thing.getUID(), error);
        }
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

    private @Nullable ThingHandlerFactory factoryFor(Thing thing) {
        for (ThingHandlerFactory factory : factories) {
            if (factory.supportsThingType(thing.getThingTypeUID())) {
                return factory;
            }
        }
        return null;
    }

    private void start(HostThing host) {
        host.lock.lock();
        try {
            if (host.handler == null) {
                register(host);
            }
            initialize(host);
        } finally {
            host.lock.unlock();
        }
    }

    private void register(HostThing host) {
        Thing thing = host.thing;
        ThingHandlerFactory factory = factoryFor(thing);
        if (factory == null) {
            setStatus(host, ThingStatus.UNINITIALIZED, ThingStatusDetail.HANDLER_MISSING_ERROR,
                    "Handler factory not found");
            return;
        }
        host.bundle = descriptors.bundleOf(thing.getThingTypeUID());
        Throwable error = calls.run("registerHandler of " + thing.getUID(), () -> {
            ThingHandler handler = factory.registerHandler(thing);
            handler.setCallback(this);
            thing.setHandler(handler);
            host.handler = handler;
            host.factory = factory;
        });
        if (error != null) {
            logger.error("No handler for thing {}", thing.getUID(), error);
            setStatus(host, ThingStatus.UNINITIALIZED, ThingStatusDetail.HANDLER_REGISTERING_ERROR, error.getMessage());
        }
    }

    private void initialize(HostThing host) {
        ThingHandler handler = host.handler;
        if (handler == null || ThingHandlerHelper.isHandlerInitialized(host.thing)
                || host.thing.getStatus() == ThingStatus.INITIALIZING) {
            return;
        }
        try {
            complete(host.thing);
            check(host.thing);
        } catch (ConfigValidationException e) {
            setStatus(host, ThingStatus.UNINITIALIZED, ThingStatusDetail.HANDLER_CONFIGURATION_PENDING,
                    e.getValidationMessages().toString());
            return;
        }
        setStatus(host, ThingStatus.INITIALIZING, ThingStatusDetail.NONE, null);
        Throwable error = calls.run("initialize of " + host.thing.getUID(), handler::initialize);
        if (error != null) {
            logger.error("Handler of thing {} does not start", host.thing.getUID(), error);
            setStatus(host, ThingStatus.UNINITIALIZED, ThingStatusDetail.HANDLER_INITIALIZING_ERROR,
                    error.getMessage());
        }
    }

    private void complete(Thing thing) {
        ConfigRules.complete(thing.getConfiguration(), getConfigDescription(thing.getThingTypeUID()));
        for (Channel channel : thing.getChannels()) {
            ConfigRules.complete(channel.getConfiguration(), descriptors.config(channel.getChannelTypeUID()));
        }
    }

    private void check(Thing thing) {
        validateConfigurationParameters(thing, thing.getConfiguration().getProperties());
        for (Channel channel : thing.getChannels()) {
            validateConfigurationParameters(channel, channel.getConfiguration().getProperties());
        }
    }

    private void stop(HostThing host) {
        host.lock.lock();
        try {
            ThingHandler handler = host.handler;
            ThingHandlerFactory factory = host.factory;
            if (handler == null || factory == null) {
                return;
            }
            if (host.thing.getStatus() != ThingStatus.REMOVING) {
                setStatus(host, ThingStatus.UNINITIALIZED, ThingStatusDetail.NONE, null);
            }
            report(host, "Disposal of", calls.run("dispose of " + host.thing.getUID(), handler::dispose));
            report(host, "Unregistering of", calls.run("unregisterHandler of " + host.thing.getUID(), () -> {
                factory.unregisterHandler(host.thing);
                handler.setCallback(null);
                host.thing.setHandler(null);
            }));
            host.handler = null;
            host.factory = null;
            if (host.thing.getStatus() != ThingStatus.REMOVING && host.thing.getStatus() != ThingStatus.REMOVED) {
                setStatus(host, ThingStatus.UNINITIALIZED, ThingStatusDetail.HANDLER_MISSING_ERROR, null);
            }
        } finally {
            host.lock.unlock();
        }
    }

    /** Takes all handlers down. */
    void stop() {
        things.values().forEach(this::stop);
    }

    private void setStatus(HostThing host, ThingStatus status, ThingStatusDetail detail, @Nullable String text) {
        setStatus(host, new ThingStatusInfo(status, detail, text));
    }

    private void setStatus(HostThing host, ThingStatusInfo info) {
        host.thing.setStatusInfo(info);
        listener.status(host.thing, info);
    }

    /**
     * @param host a thing
     * @param locale the language, null for that of the system
     * @return the text of its status in that language, "" without one
     */
    String statusText(HostThing host, @Nullable Locale locale) {
        String text = host.thing.getStatusInfo().getDescription();
        return text == null ? "" : texts.resolve(host.bundle, text, locale);
    }

    // what handlers say and ask

    @Override
    public void stateUpdated(ChannelUID uid, State state) {
        HostThing host = things.get(uid.getThingUID());
        if (host == null) {
            logger.error("State {} for a channel of no thing: {}", state, uid);
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
        listener.state(uid, state);
    }

    @Override
    public void postCommand(ChannelUID channelUID, Command command) {
        logger.debug("Command {} posted by {}", command, channelUID);
    }

    @Override
    public void sendTimeSeries(ChannelUID channelUID, TimeSeries timeSeries) {
        logger.debug("Time series with {} entries from {}", timeSeries.size(), channelUID);
    }

    /**
     * @throws IllegalArgumentException if a handler may not set that status
     */
    @Override
    public void statusUpdated(Thing thing, ThingStatusInfo info) {
        ThingStatus status = info.getStatus();
        if (status != ThingStatus.REMOVED && !ThingHandlerHelper.isHandlerInitialized(status)) {
            throw new IllegalArgumentException("A handler may not set " + status);
        }
        ThingStatus former = thing.getStatus();
        if (status == ThingStatus.REMOVED && former != ThingStatus.REMOVING) {
            throw new IllegalArgumentException("REMOVED follows REMOVING only, not " + former);
        }
        if (former == ThingStatus.REMOVING && status != ThingStatus.REMOVED) {
            return;
        }
        HostThing host = things.get(thing.getUID());
        if (host != null) {
            setStatus(host, info);
        }
    }

    @Override
    public void thingUpdated(Thing thing) {
        HostThing host = get(thing.getUID());
        Thing former = host.thing;
        if (former != thing) {
            thing.setStatusInfo(former.getStatusInfo());
            thing.setHandler(host.handler);
            host.thing = thing;
            host.states.keySet().removeIf(channel -> thing.getChannel(channel) == null);
        }
        listener.thingUpdated(former, thing);
    }

    @Override
    public void validateConfigurationParameters(Thing thing, Map<String, Object> configurationParameters) {
        rules.check(configurationParameters, getConfigDescription(thing.getThingTypeUID()));
    }

    @Override
    public void validateConfigurationParameters(Channel channel, Map<String, Object> configurationParameters) {
        rules.check(configurationParameters, descriptors.config(channel.getChannelTypeUID()));
    }

    @Override
    public @Nullable ConfigDescription getConfigDescription(ChannelTypeUID channelTypeUID) {
        return descriptors.config(channelTypeUID);
    }

    @Override
    public @Nullable ConfigDescription getConfigDescription(ThingTypeUID thingTypeUID) {
        return descriptors.config(thingTypeUID);
    }

    @Override
    public void configurationUpdated(Thing thing) {
        if (!ThingHandlerHelper.isHandlerInitialized(thing)) {
            HostThing host = get(thing.getUID());
            calls.later(() -> start(host));
        }
    }

    @Override
    public void migrateThingType(Thing thing, ThingTypeUID thingTypeUID, Configuration configuration) {
        throw new UnsupportedOperationException("Things keep their type here");
    }

    @Override
    public void channelTriggered(Thing thing, ChannelUID channelUID, String event) {
        Channel channel = thing.getChannel(channelUID);
        if (channel == null || channel.getKind() != ChannelKind.TRIGGER) {
            get(thing.getUID()).strays.put(channelUID.getId(), "event " + event);
            logger.error("Event {} on {}, which is no trigger channel", event, channelUID);
            return;
        }
        listener.trigger(channelUID, event, Instant.now());
    }

    @Override
    public ChannelBuilder createChannelBuilder(ChannelUID channelUID, ChannelTypeUID channelTypeUID) {
        return channels.builder(channelUID, channelTypeUID);
    }

    @Override
    public ChannelBuilder editChannel(Thing thing, ChannelUID channelUID) {
        Channel channel = thing.getChannel(channelUID);
        if (channel == null) {
            throw new IllegalArgumentException("No channel " + channelUID);
        }
        return ChannelBuilder.create(channel);
    }

    @Override
    public List<ChannelBuilder> createChannelBuilders(ChannelGroupUID channelGroupUID,
            ChannelGroupTypeUID channelGroupTypeUID) {
        return channels.builders(channelGroupUID, channelGroupTypeUID);
    }

    @Override
    public boolean isChannelLinked(ChannelUID channelUID) {
        return listener.isLinked(channelUID);
    }

    @Override
    public @Nullable Bridge getBridge(ThingUID bridgeUID) {
        return find(bridgeUID) instanceof Bridge bridge ? bridge : null;
    }
}
