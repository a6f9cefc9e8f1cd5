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

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Identifies a channel group of a thing: the thing and the id of the group.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ChannelGroupUID extends UID {

    ChannelGroupUID() {
    }

    public ChannelGroupUID(String channelGroupUid) {
        super(channelGroupUid);
    }

    public ChannelGroupUID(ThingUID thingUID, String id) {
        super(ChannelUID.append(thingUID, id));
    }

    public String getId() {
        return getSegment(getAllSegments().size() - 1);
    }

    @Override
    protected int getMinimalNumberOfSegments() {
        return 4;
    }

    public ThingUID getThingUID() {
        return ChannelUID.thingOf(getAllSegments());
    }
}
