/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.thing.binding;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.common.ThreadPoolManager;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatus;
import org.openhab.core.thing.ThingStatusDetail;
import org.openhab.core.thing.ThingStatusInfo;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openhab.core.types.RefreshType;
import org.openhab.core.types.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Base of handlers. Unlike in openHAB, a value that violates its description causes an exception
 * instead of a log entry.
 */
@NonNullByDefault
public abstract class BaseThingHandler implements ThingHandler {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{ENV:([^}]+)}");

    private final Logger logger = LoggerFactory.getLogger(BaseThingHandler.class);
    protected final ScheduledExecutorService scheduler = ThreadPoolManager.getScheduledPool("thingHandler");
    private volatile Thing current;
    private volatile @Nullable ThingHandlerCallback callback;

    public BaseThingHandler(Thing thing) {
        current = thing;
    }

    @Override
    public Thing getThing() {
        return current;
    }

    @Override
    public void dispose() {
    }

    @Override
    public void handleRemoval() {
        updateStatus(ThingStatus.REMOVED);
    }

    @Override
    public void handleConfigurationUpdate(Map<String, Object> configurationParameters) {
        tell(to -> to.validateConfigurationParameters(current, configurationParameters));
        Configuration configuration = editConfiguration();
        configurationParameters.forEach(configuration::put);
        dispose();
        updateConfiguration(configuration);
        initialize();
    }

    @Override
    public void thingUpdated(Thing thing) {
        dispose();
        current = thing;
        initialize();
    }

    @Override
    public void setCallback(@Nullable ThingHandlerCallback thingHandlerCallback) {
        callback = thingHandlerCallback;
    }

    private void tell(Consumer<ThingHandlerCallback> news) {
        ThingHandlerCallback to = callback;
        if (to == null) {
            logger.warn("Handler of thing {} has no callback: it is not set yet, or disposed", current.getUID());
        } else {
            news.accept(to);
        }
    }

    @Override
    public void channelLinked(ChannelUID channelUID) {
        handleCommand(channelUID, RefreshType.REFRESH);
    }

    @Override
    public void channelUnlinked(ChannelUID channelUID) {
    }

    protected Configuration getConfig() {
        return resolved(current.getConfiguration());
    }

    private static Configuration resolved(Configuration configuration) {
        Map<String, Object> values = new HashMap<>(configuration.getProperties());
        try {
            values.replaceAll((name, value) -> resolved(value));
        } catch (IllegalArgumentException e) {
            return configuration;
        }
        return new Configuration(values);
    }

    private static Object resolved(Object value) {
        if (value instanceof Collection<?> several) {
            return several.stream().map(BaseThingHandler::resolved).toList();
        }
        return !(value instanceof String text) ? value : VARIABLE.matcher(text).replaceAll(match -> {
            String variable = System.getenv(match.group(1));
            if (variable == null) {
                throw new IllegalArgumentException("No environment variable " + match.group(1));
            }
            return Matcher.quoteReplacement(variable);
        });
    }

    protected void updateState(ChannelUID channelUID, State state) {
        tell(to -> to.stateUpdated(channelUID, state));
    }

    protected void updateState(String channelID, State state) {
        updateState(new ChannelUID(current.getUID(), channelID), state);
    }

    protected void triggerChannel(String channelID, String event) {
        tell(to -> to.channelTriggered(current, new ChannelUID(current.getUID(), channelID), event));
    }

    protected void updateStatus(ThingStatus status, ThingStatusDetail statusDetail, @Nullable String description) {
        tell(to -> to.statusUpdated(current, new ThingStatusInfo(status, statusDetail, description)));
    }

    protected void updateStatus(ThingStatus status) {
        updateStatus(status, ThingStatusDetail.NONE, null);
    }

    protected ThingBuilder editThing() {
        return ThingBuilder.create(current);
    }

    protected void updateThing(Thing thing) {
        tell(to -> {
            to.validateConfigurationParameters(thing, resolved(thing.getConfiguration()).getProperties());
            thing.getChannels().forEach(
                    channel -> to.validateConfigurationParameters(channel, channel.getConfiguration().getProperties()));
            current = thing;
            to.thingUpdated(thing);
        });
    }

    protected Configuration editConfiguration() {
        return new Configuration(current.getConfiguration());
    }

    protected void updateConfiguration(Configuration configuration) {
        tell(to -> {
            to.validateConfigurationParameters(current, resolved(configuration).getProperties());
            current.getConfiguration().setProperties(configuration.getProperties());
            to.thingUpdated(current);
        });
    }

    protected void updateProperties(@Nullable Map<String, String> properties) {
        Map<String, String> former = current.getProperties();
        if (properties != null) {
            properties.forEach(current::setProperty);
        }
        if (!former.equals(current.getProperties())) {
            tell(to -> to.thingUpdated(current));
        }
    }

    protected void updateProperty(String name, @Nullable String value) {
        if (!Objects.equals(current.setProperty(name, value), value) || value == null) {
            tell(to -> to.thingUpdated(current));
        }
    }

    protected boolean isLinked(ChannelUID channelUID) {
        ThingHandlerCallback to = callback;
        return to != null && to.isChannelLinked(channelUID);
    }
}
