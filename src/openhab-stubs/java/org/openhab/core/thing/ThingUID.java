/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.thing;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Identifies a thing: <code>binding:type:id</code>, with the ids of its bridges before its own.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ThingUID extends UID {

    ThingUID() {
    }

    public ThingUID(ThingTypeUID thingTypeUID, String id) {
        super(thingTypeUID.getBindingId(), thingTypeUID.getId(), id);
    }

    public ThingUID(ThingTypeUID thingTypeUID, ThingUID bridgeUID, String id) {
        super(withBridges(thingTypeUID.getBindingId(), thingTypeUID.getId(), bridgeUID, id));
    }

    public ThingUID(ThingTypeUID thingTypeUID, String id, String... bridgeIds) {
        super(withBridges(thingTypeUID.getBindingId(), thingTypeUID.getId(), List.of(bridgeIds), id));
    }

    public ThingUID(String bindingId, String id) {
        super(bindingId, "", id);
    }

    public ThingUID(String bindingId, ThingUID bridgeUID, String id) {
        super(withBridges(bindingId, "", bridgeUID, id));
    }

    public ThingUID(String bindingId, String thingTypeId, String id) {
        super(bindingId, thingTypeId, id);
    }

    public ThingUID(String thingUID) {
        super(thingUID);
    }

    public ThingUID(String... segments) {
        super(segments);
    }

    private static List<String> withBridges(String bindingId, String typeId, ThingUID bridge, String id) {
        List<String> bridgeIds = new ArrayList<>(bridge.getBridgeIds());
        bridgeIds.add(bridge.getId());
        return withBridges(bindingId, typeId, bridgeIds, id);
    }

    private static List<String> withBridges(String bindingId, String typeId, List<String> bridgeIds, String id) {
        List<String> segments = new ArrayList<>(List.of(bindingId, typeId));
        segments.addAll(bridgeIds);
        segments.add(id);
        return segments;
    }

    public List<String> getBridgeIds() {
        return getAllSegments().subList(2, getAllSegments().size() - 1);
    }

    public String getId() {
        return getSegment(getAllSegments().size() - 1);
    }

    @Override
    protected int getMinimalNumberOfSegments() {
        return 3;
    }
}
