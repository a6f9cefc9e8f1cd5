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

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.common.registry.AbstractProvider;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingRegistry;
import org.openhab.core.thing.link.ItemChannelLink;
import org.openhab.core.thing.link.ItemChannelLinkRegistry;
import org.openhab.core.ui.components.RootUIComponent;
import org.openhab.core.ui.components.UIComponent;
import org.openhab.core.ui.components.UIComponentProvider;

/**
 * A page for each thing, with its linked items.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ProbePages extends AbstractProvider<RootUIComponent> implements UIComponentProvider {

    private @Nullable ThingRegistry things;
    private @Nullable ItemChannelLinkRegistry links;

    /** Called by DS. */
    public void bindThings(ThingRegistry registry) {
        things = registry;
    }

    /** Called by DS. */
    public void bindLinks(ItemChannelLinkRegistry registry) {
        links = registry;
    }

    @Override
    public String getNamespace() {
        return "ui:page";
    }

    @Override
    public Collection<RootUIComponent> getAll() {
        List<RootUIComponent> pages = new ArrayList<>();
        for (Thing thing : Objects.requireNonNull(things).getAll()) {
            RootUIComponent page = new RootUIComponent("page-" + thing.getUID().getId(), "oh-layout-page");
            for (ItemChannelLink link : Objects.requireNonNull(links).getAll()) {
                UIComponent card = new UIComponent("oh-label-card");
                card.addConfig("item", link.getItemName());
                page.addComponent("default", card);
            }
            pages.add(page);
        }
        return pages;
    }
}
