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

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.items.ItemBuilderFactory;
import org.openhab.core.items.ItemRegistry;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.ThingRegistry;
import org.osgi.framework.BundleContext;

/**
 * The links between items and channels.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ItemChannelLinkRegistry extends AbstractLinkRegistry<ItemChannelLink, ItemChannelLinkProvider> {

    private final ThingRegistry thingRegistry;
    private final ItemRegistry itemRegistry;

    public ItemChannelLinkRegistry(final @Nullable Map<String, @Nullable Object> configuration,
            final ThingRegistry thingRegistry, final ItemRegistry itemRegistry,
            final ItemBuilderFactory itemBuilderFactory, BundleContext bundleContext) {
        super(ItemChannelLinkProvider.class);
        this.thingRegistry = thingRegistry;
        this.itemRegistry = itemRegistry;
    }

    public Set<ChannelUID> getBoundChannels(final String itemName) {
        return getLinks(itemName).stream().map(ItemChannelLink::getLinkedUID).collect(Collectors.toSet());
    }
}
