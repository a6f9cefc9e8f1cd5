/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.runtime.host;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.common.registry.AbstractProvider;
import org.openhab.core.common.registry.AbstractRegistry;
import org.openhab.core.common.registry.Provider;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.link.ItemChannelLink;
import org.openhab.core.thing.link.ItemChannelLinkProvider;
import org.openhab.core.thing.link.ItemChannelLinkRegistry;

/**
 * The links between items and channels, and the registry through which bindings read them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class HostLinks extends AbstractProvider<ItemChannelLink> implements ItemChannelLinkProvider {

    /**
     * Creates openHAB's registry with one provider. Its constructor takes two services in openHAB 5.0, five in 5.2
     * and none in the stubs. Each service is passed to the parameters of its type; the others get null.
     *
     * @throws IllegalStateException if openHAB's class has changed in another way
     */
    public static ItemChannelLinkRegistry registry(ItemChannelLinkProvider provider, Object... services) {
        try {
            Constructor<?> constructor = ItemChannelLinkRegistry.class.getDeclaredConstructors()[0];
            constructor.setAccessible(true);
            @Nullable
            Object[] arguments = new @Nullable Object[constructor.getParameterCount()];
            for (int i = 0; i < arguments.length; i++) {
                for (Object service : services) {
                    if (constructor.getParameterTypes()[i].isInstance(service)) {
                        arguments[i] = service;
                    }
                }
            }
            ItemChannelLinkRegistry registry = Objects
                    .requireNonNull((ItemChannelLinkRegistry) constructor.newInstance(arguments));
            Method add = AbstractRegistry.class.getDeclaredMethod("addProvider", Provider.class);
            add.setAccessible(true);
            add.invoke(registry, provider);
            return registry;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private final List<ItemChannelLink> links = new CopyOnWriteArrayList<>();

    @Override
    public Collection<ItemChannelLink> getAll() {
        return Set.copyOf(links);
    }

    void add(String item, ChannelUID channel) {
        ItemChannelLink link = new ItemChannelLink(item, channel);
        if (!links.contains(link)) {
            links.add(link);
            notifyListenersAboutAddedElement(link);
        }
    }

    void remove(ItemChannelLink link) {
        if (links.remove(link)) {
            notifyListenersAboutRemovedElement(link);
        }
    }

    List<ItemChannelLink> of(ChannelUID channel) {
        return links.stream().filter(link -> link.getLinkedUID().equals(channel)).toList();
    }
}
