/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.common.registry;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.eclipse.jdt.annotation.NonNull;
import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/** Collects the elements of its providers by key. */
@NonNullByDefault
public abstract class AbstractRegistry<@NonNull E extends Identifiable<K>, @NonNull K, @NonNull P extends Provider<E>>
        implements ProviderChangeListener<E>, Registry<E, K> {
    private final Map<K, E> elements = new ConcurrentHashMap<>();
    private final List<RegistryChangeListener<E>> listeners = new CopyOnWriteArrayList<>();

    protected AbstractRegistry(final @Nullable Class<P> providerClazz) {
    }

    @Override
    public void added(Provider<E> provider, E element) {
        if (elements.putIfAbsent(element.getUID(), element) == null) {
            listeners.forEach(listener -> listener.added(element));
        }
    }

    @Override
    public void removed(Provider<E> provider, E element) {
        @Nullable
        E known = elements.remove(element.getUID());
        if (known != null) {
            listeners.forEach(listener -> listener.removed(known));
        }
    }

    @Override
    public void updated(Provider<E> provider, E oldElement, E element) {
        @Nullable
        E known = elements.replace(element.getUID(), element);
        if (known != null) {
            listeners.forEach(listener -> listener.updated(known, element));
        }
    }

    @Override
    public void addRegistryChangeListener(RegistryChangeListener<E> listener) {
        listeners.add(listener);
    }

    @Override
    public void removeRegistryChangeListener(RegistryChangeListener<E> listener) {
        listeners.remove(listener);
    }

    @Override
    public Collection<E> getAll() {
        return Set.copyOf(elements.values());
    }

    protected void addProvider(Provider<E> provider) {
        provider.addProviderChangeListener(this);
        provider.getAll().forEach(element -> added(provider, element));
    }
}
