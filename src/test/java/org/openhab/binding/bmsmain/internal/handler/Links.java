/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.runtime.host.HostLinks;
import org.openhab.core.common.registry.AbstractProvider;
import org.openhab.core.items.ItemRegistry;
import org.openhab.core.thing.ThingRegistry;
import org.openhab.core.thing.link.ItemChannelLink;
import org.openhab.core.thing.link.ItemChannelLinkProvider;
import org.openhab.core.thing.link.ItemChannelLinkRegistry;
import org.osgi.framework.BundleContext;

/**
 * The registry of links, filled by hand.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Links extends AbstractProvider<ItemChannelLink> implements ItemChannelLinkProvider {

    private final List<ItemChannelLink> all = new ArrayList<>();
    private final ItemChannelLinkRegistry registry = HostLinks.registry(this,
            Stubs.stub(ThingRegistry.class, (name, arguments) -> null),
            Stubs.stub(ItemRegistry.class, (name, arguments) -> null),
            Stubs.stub(BundleContext.class, (name, arguments) -> null));

    public ItemChannelLinkRegistry registry() {
        return registry;
    }

    @Override
    public Collection<ItemChannelLink> getAll() {
        return all;
    }

    public void add(ItemChannelLink link) {
        all.add(link);
        notifyListenersAboutAddedElement(link);
    }

    public void remove(ItemChannelLink link) {
        all.remove(link);
        notifyListenersAboutRemovedElement(link);
    }
}
