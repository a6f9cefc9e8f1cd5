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

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.common.ThreadPoolManager;
import org.openhab.core.config.core.ConfigUtil;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.config.core.validation.ConfigValidationException;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatus;
import org.openhab.core.thing.ThingStatusDetail;
import org.openhab.core.thing.ThingStatusInfo;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openhab.core.thing.util.ThingHandlerHelper;
import org.openhab.core.types.RefreshType;
import org.openhab.core.types.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Base of handlers: passes everything on to the callback. Without a callback, that is before <code>setCallback</code>
 * and after the end, a call only leaves a warning in the log.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public abstract class BaseThingHandler implements ThingHandler {

    private final Logger logger = LoggerFactory.getLogger(BaseThingHandler.class);

    protected final ScheduledExecutorService scheduler = ThreadPoolManager.getScheduledPool("thingHandler");

    protected Thing thing;

    private @Nullable ThingHandlerCallback callback;

    public BaseThingHandler(Thing thing) {
        this.thing = thing;
    }

    @Override
    public Thing getThing() {
        return thing;
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
        if (!isModifyingCurrentConfig(configurationParameters)) {
            return;
        }
        validateConfigurationParameters(configurationParameters);
        Configuration configuration = editConfiguration();
        configurationParameters.forEach(configuration::put);
        if (isInitialized()) {
            dispose();
            updateConfiguration(configuration);
            initialize();
        } else {
            updateConfiguration(configuration);
            tell(to -> to.configurationUpdated(thing));
        }
    }

    protected boolean isModifyingCurrentConfig(Map<String, Object> configurationParameters) {
        Configuration current = thing.getConfiguration();
        return configurationParameters.entrySet().stream()
                .anyMatch(entry -> !Objects.equals(current.get(entry.getKey()), entry.getValue()));
    }

    @Override
    public void thingUpdated(Thing thing) {
        dispose();
        synchronized (this) {
            this.thing = thing;
        }
        initialize();
    }

    @Override
    public void setCallback(@Nullable ThingHandlerCallback thingHandlerCallback) {
        synchronized (this) {
            this.callback = thingHandlerCallback;
        }
    }

    protected @Nullable ThingHandlerCallback getCallback() {
        return callback;
    }

    private void tell(Consumer<ThingHandlerCallback> news) {
        synchronized (this) {
            ThingHandlerCallback to = callback;
            if (to == null) {
                logger.warn("Handler {} of thing {} has no callback: it is not set yet, or disposed",
                        getClass().getSimpleName(), thing.getUID());
            } else {
                news.accept(to);
            }
        }
    }

    private <T> @Nullable T ask(Function<ThingHandlerCallback, @Nullable T> question) {
        ThingHandlerCallback to = callback;
        if (to == null) {
            logger.warn("Handler {} of thing {} has no callback: it is not set yet, or disposed",
                    getClass().getSimpleName(), thing.getUID());
            return null;
        }
        return question.apply(to);
    }

    /** A linked channel is refreshed, so that its new item gets the present state. */
    @Override
    public void channelLinked(ChannelUID channelUID) {
        handleCommand(channelUID, RefreshType.REFRESH);
    }

    @Override
    public void channelUnlinked(ChannelUID channelUID) {
    }

    protected void validateConfigurationParameters(Map<String, Object> configurationParameters) {
        tell(to -> to.validateConfigurationParameters(thing, configurationParameters));
    }

    /**
     * @return a copy, in which environment variables are replaced
     */
    protected Configuration getConfig() {
        Configuration resolved = resolved(thing.getConfiguration());
        return resolved == null ? new Configuration(thing.getConfiguration()) : resolved;
    }

    private @Nullable Configuration resolved(Configuration configuration) {
        try {
            return ConfigUtil.resolveVariables(configuration);
        } catch (IllegalArgumentException e) {
            logger.warn("Configuration of thing {}: {}", thing.getUID(), e.getMessage());
            return null;
        }
    }

    protected void updateState(ChannelUID channelUID, State state) {
        tell(to -> to.stateUpdated(channelUID, state));
    }

    protected void updateState(String channelID, State state) {
        updateState(channel(channelID), state);
    }

    protected void triggerChannel(ChannelUID channelUID, String event) {
        tell(to -> to.channelTriggered(thing, channelUID, event));
    }

    protected void triggerChannel(String channelID, String event) {
        triggerChannel(channel(channelID), event);
    }

    private ChannelUID channel(String id) {
        return new ChannelUID(thing.getUID(), id);
    }

    protected void updateStatus(ThingStatus status, ThingStatusDetail statusDetail, @Nullable String description) {
        tell(to -> to.statusUpdated(thing, new ThingStatusInfo(status, statusDetail, description)));
    }

    protected void updateStatus(ThingStatus status) {
        updateStatus(status, ThingStatusDetail.NONE, null);
    }

    /**
     * @return a builder with everything that the thing has now
     */
    protected ThingBuilder editThing() {
        return ThingBuilder.create(thing);
    }

    /**
     * @param thing the changed copy
     * @throws IllegalArgumentException if it is the present thing itself
     */
    protected void updateThing(Thing thing) {
        if (thing == this.thing) {
            throw new IllegalArgumentException("Change a copy of the thing: see editThing()");
        }
        tell(to -> {
            Configuration resolved = resolved(thing.getConfiguration());
            if (resolved == null) {
                return;
            }
            try {
                to.validateConfigurationParameters(thing, resolved.getProperties());
                thing.getChannels().forEach(channel -> to.validateConfigurationParameters(channel,
                        channel.getConfiguration().getProperties()));
            } catch (ConfigValidationException e) {
                logger.warn("Update of thing {} refused: {}", thing.getUID(), e.getValidationMessages());
                return;
            }
            this.thing = thing;
            to.thingUpdated(thing);
        });
    }

    protected Configuration editConfiguration() {
        return new Configuration(thing.getConfiguration());
    }

    protected void updateConfiguration(Configuration configuration) {
        tell(to -> {
            Configuration resolved = resolved(configuration);
            if (resolved == null) {
                return;
            }
            try {
                to.validateConfigurationParameters(thing, resolved.getProperties());
            } catch (ConfigValidationException e) {
                logger.warn("Configuration of thing {} refused: {}", thing.getUID(), e.getValidationMessages());
                return;
            }
            Map<String, Object> former = thing.getConfiguration().getProperties();
            try {
                thing.getConfiguration().setProperties(configuration.getProperties());
                to.thingUpdated(thing);
            } catch (RuntimeException e) {
                thing.getConfiguration().setProperties(former);
                throw e;
            }
        });
    }

    /**
     * @param properties the new values of these properties, others stay; null removes all
     */
    protected void updateProperties(@Nullable Map<String, String> properties) {
        Map<String, String> former = thing.getProperties();
        if (properties == null) {
            thing.setProperties(Map.of());
        } else {
            properties.forEach(thing::setProperty);
        }
        if (!former.equals(thing.getProperties())) {
            tell(to -> to.thingUpdated(thing));
        }
    }

    /**
     * @param name the property
     * @param value its new value; null removes it, and counts as a change even if there was none
     */
    protected void updateProperty(String name, @Nullable String value) {
        if (!Objects.equals(thing.setProperty(name, value), value) || value == null) {
            tell(to -> to.thingUpdated(thing));
        }
    }

    protected boolean isLinked(ChannelUID channelUID) {
        return Boolean.TRUE.equals(ask(to -> to.isChannelLinked(channelUID)));
    }

    protected boolean isInitialized() {
        return ThingHandlerHelper.isHandlerInitialized(this);
    }
}
