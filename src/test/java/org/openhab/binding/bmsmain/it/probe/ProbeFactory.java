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

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.storage.StorageService;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.binding.BaseThingHandlerFactory;
import org.openhab.core.thing.binding.ThingHandler;

/**
 * Creates probe handlers.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ProbeFactory extends BaseThingHandlerFactory {

    private @Nullable StorageService storage;

    /** Called by DS. */
    public void bindStorage(StorageService service) {
        storage = service;
    }

    @Override
    public boolean supportsThingType(ThingTypeUID thingTypeUID) {
        return "probe".equals(thingTypeUID.getBindingId());
    }

    @Override
    protected @Nullable ThingHandler createHandler(Thing thing) {
        StorageService service = storage;
        return "none".equals(thing.getConfiguration().get("mode")) || service == null ? null
                : new ProbeHandler(thing, service.getStorage("probe"));
    }
}
