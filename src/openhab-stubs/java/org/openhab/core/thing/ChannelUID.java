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
import org.eclipse.jdt.annotation.Nullable;

/** Identifies a channel: the thing and the id of the channel, which is <code>id</code> or <code>group#id</code>. */
@NonNullByDefault
public class ChannelUID extends UID {

    public ChannelUID(String channelUid) {
        super(channelUid);
    }

    public ChannelUID(ThingUID thingUID, String id) {
        super(thingUID, id);
    }

    public ChannelUID(ThingUID thingUID, String groupId, String id) {
        this(thingUID, groupId + "#" + id);
    }

    @Override
    boolean isValid(String segment, boolean last) {
        int group = last ? segment.indexOf('#') : -1;
        return group < 0 ? super.isValid(segment, last)
                : super.isValid(segment.substring(0, group), last) && super.isValid(segment.substring(group + 1), last);
    }

    public String getId() {
        String uid = getAsString();
        return uid.substring(uid.lastIndexOf(':') + 1);
    }

    public String getIdWithoutGroup() {
        String id = getId();
        return id.substring(id.indexOf('#') + 1);
    }

    public @Nullable String getGroupId() {
        String id = getId();
        return id.contains("#") ? id.substring(0, id.indexOf('#')) : null;
    }

    public ThingUID getThingUID() {
        String uid = getAsString();
        return new ThingUID(uid.substring(0, uid.lastIndexOf(':')));
    }
}
