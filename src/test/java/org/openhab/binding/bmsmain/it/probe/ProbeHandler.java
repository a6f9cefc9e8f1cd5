/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.it.probe;

import java.util.Collection;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.core.library.types.DecimalType;
import org.openhab.core.library.types.OnOffType;
import org.openhab.core.library.types.StringType;
import org.openhab.core.storage.Storage;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatus;
import org.openhab.core.thing.ThingStatusDetail;
import org.openhab.core.thing.binding.BaseThingHandler;
import org.openhab.core.thing.binding.ThingHandlerService;
import org.openhab.core.thing.binding.builder.ChannelBuilder;
import org.openhab.core.thing.type.ChannelTypeUID;
import org.openhab.core.types.Command;

/**
 * Handler whose behaviour is controlled by its configuration and by commands.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ProbeHandler extends BaseThingHandler {

    private final Storage<Integer> starts;

    ProbeHandler(Thing thing, Storage<Integer> starts) {
        super(thing);
        this.starts = starts;
    }

    @Override
    public Collection<Class<? extends ThingHandlerService>> getServices() {
        return List.of(ProbeActions.class, ProbeDiscovery.class);
    }

    @Override
    public void initialize() {
        String mode = (String) getConfig().get("mode");
        if ("throw".equals(mode)) {
            throw new IllegalStateException("told so");
        }
        Integer before = starts.get(getThing().getUID().toString());
        int now = before == null ? 1 : before + 1;
        starts.put(getThing().getUID().toString(), now);
        updateStatus(ThingStatus.UNKNOWN);
        updateState("group#starts", new DecimalType(now));
        updateState("group#thread", new StringType(Thread.currentThread().getName()));
        updateProperty("mode", mode);
        if ("offline".equals(mode)) {
            updateStatus(ThingStatus.OFFLINE, ThingStatusDetail.COMMUNICATION_ERROR, "@text/why [\"a, b\", \"c\"]");
        } else {
            updateStatus(ThingStatus.ONLINE);
        }
    }

    @Override
    public void handleCommand(ChannelUID channelUID, Command command) {
        switch (command.toFullString()) {
            case "REFRESH" -> updateState(channelUID, new StringType("refreshed"));
            case "trigger" -> triggerChannel("group#event", "PRESSED");
            case "wrong-class" -> updateState("group#starts", OnOffType.ON);
            case "wrong-channel" -> updateState("group#absent", OnOffType.ON);
            case "wrong-trigger" -> triggerChannel("group#echo", "X");
            case "grow" -> {
                ChannelTypeUID type = new ChannelTypeUID("probe", "text");
                ChannelUID uid = new ChannelUID(getThing().getUID(), "grown");
                updateThing(
                        editThing().withChannel(ChannelBuilder.create(uid, "String").withType(type).build()).build());
                updateState("grown", new StringType("new"));
            }
            default -> updateState(channelUID, new StringType(command.toFullString() + isLinked(channelUID)));
        }
    }
}
