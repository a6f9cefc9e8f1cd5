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

import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.core.config.discovery.AbstractThingHandlerDiscoveryService;
import org.openhab.core.config.discovery.DiscoveryResultBuilder;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.ThingUID;

/**
 * Finds one thing immediately.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ProbeDiscovery extends AbstractThingHandlerDiscoveryService<ProbeHandler> {

    private static final ThingTypeUID TYPE = new ThingTypeUID("probe", "thing");

    /** Called by openHAB. */
    public ProbeDiscovery() {
        super(ProbeHandler.class, Set.of(TYPE), 5, false);
    }

    @Override
    protected void startScan() {
        thingDiscovered(DiscoveryResultBuilder.create(new ThingUID(TYPE, "found")).withLabel("Found")
                .withProperty("mode", "ok").withRepresentationProperty("mode").build());
        scheduler.execute(this::stopScan);
    }
}
