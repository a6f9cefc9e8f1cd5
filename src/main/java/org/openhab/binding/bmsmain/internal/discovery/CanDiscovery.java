/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.discovery;

import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.*;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.handler.CanHandler;
import org.openhab.binding.bmsmain.internal.handler.CanHandler.FoundNode;
import org.openhab.binding.bmsmain.internal.handler.CanHandler.NodeWatcher;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.config.discovery.AbstractThingHandlerDiscoveryService;
import org.openhab.core.config.discovery.DiscoveryResultBuilder;
import org.openhab.core.thing.ThingUID;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * Discovers nodes on the CAN bus of a Thing that are not Things yet. Only listens to a bus that is already in use:
 * neither background discovery nor a scan sends anything.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Component(scope = ServiceScope.PROTOTYPE, service = CanDiscovery.class)
public class CanDiscovery extends AbstractThingHandlerDiscoveryService<CanHandler> {

    private static final int LONGEST_SECONDS = 5;
    /** A node that stays present is reported twice within this time. */
    private static final int TIME_TO_LIVE_SECONDS = 660;
    /** Parameters that all Things on the same bus share. */
    private static final List<String> OF_BUS = List.of("adapter", "port", "interface", "bitRate", "listenOnly");

    /** A separate object, because openHAB registers all interfaces that a handler service implements. */
    private final NodeWatcher watcher = new NodeWatcher() {

        @Override
        public void found(FoundNode node) {
            propose(node);
        }

        @Override
        public void taken(FoundNode node) {
            thingRemoved(uid(node));
        }
    };

    /** Called by openHAB. */
    public CanDiscovery() {
        super(CanHandler.class, Set.of(THING_TYPE_CAN), LONGEST_SECONDS, true);
    }

    @Override
    protected void startBackgroundDiscovery() {
        thingHandler.tellOfNodes(watcher);
    }

    @Override
    protected void stopBackgroundDiscovery() {
        thingHandler.tellOfNodes(null);
    }

    @Override
    protected void startScan() {
        thingHandler.nodes().forEach(this::propose);
        scheduler.execute(this::stopScan);
    }

    private static ThingUID uid(FoundNode node) {
        return new ThingUID(THING_TYPE_CAN, foundId(node.place(), node.node()));
    }

    private void propose(FoundNode found) {
        Map<String, Object> properties = new HashMap<>();
        Configuration bus = thingHandler.getThing().getConfiguration();
        for (String name : OF_BUS) {
            Object value = bus.get(name);
            if (value != null) {
                properties.put(name, value);
            }
        }
        properties.put("nodeId", found.node());
        properties.put(PROPERTY_BUS_ADDRESS, busAddress(found.place(), found.node()));
        thingDiscovered(DiscoveryResultBuilder.create(uid(found)).withProperties(properties)
                .withRepresentationProperty(PROPERTY_BUS_ADDRESS).withTTL(TIME_TO_LIVE_SECONDS)
                .withLabel(thingHandler.texts().text(found.isBoard() ? "discovery.can.board" : "discovery.can.node",
                        found.place(), Integer.toString(found.node())))
                .build());
    }
}
