/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.thing.link;

import java.util.Set;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.core.thing.ChannelUID;

/** The links between items and channels. Its constructor differs from openHAB's: bindings do not call it. */
@NonNullByDefault
public class ItemChannelLinkRegistry extends AbstractLinkRegistry<ItemChannelLink, ItemChannelLinkProvider> {

    ItemChannelLinkRegistry() {
        super(ItemChannelLinkProvider.class);
    }

    public Set<ChannelUID> getBoundChannels(final String itemName) {
        return getLinks(itemName).stream().map(ItemChannelLink::getLinkedUID).collect(Collectors.toSet());
    }
}
