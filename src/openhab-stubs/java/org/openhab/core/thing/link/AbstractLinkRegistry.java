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

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.common.registry.AbstractRegistry;
import org.openhab.core.common.registry.Provider;
import org.openhab.core.thing.UID;

/**
 * The links of one kind, found from both ends without looking through all of them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public abstract class AbstractLinkRegistry<L extends AbstractLink, P extends Provider<L>>
        extends AbstractRegistry<L, String, P> {

    private final Map<String, Set<L>> byItem = new ConcurrentHashMap<>();
    private final Map<UID, Set<L>> byUid = new ConcurrentHashMap<>();

    protected AbstractLinkRegistry(final Class<P> providerClazz) {
        super(providerClazz);
    }

    @Override
    protected void onAddElement(final L element) {
        super.onAddElement(element);
        index(element);
    }

    @Override
    protected void onRemoveElement(final L element) {
        super.onRemoveElement(element);
        forget(element);
    }

    @Override
    protected void onUpdateElement(final L oldElement, final L element) {
        super.onUpdateElement(oldElement, element);
        forget(oldElement);
        index(element);
    }

    private void index(L link) {
        byItem.merge(link.getItemName(), Set.of(link), AbstractLinkRegistry::union);
        byUid.merge(link.getLinkedUID(), Set.of(link), AbstractLinkRegistry::union);
    }

    private void forget(L link) {
        byItem.computeIfPresent(link.getItemName(), (name, links) -> without(links, link));
        byUid.computeIfPresent(link.getLinkedUID(), (uid, links) -> without(links, link));
    }

    private static <T> Set<T> union(Set<T> links, Set<T> added) {
        Set<T> all = new HashSet<>(links);
        all.addAll(added);
        return Set.copyOf(all);
    }

    private static <T> @Nullable Set<T> without(Set<T> links, T removed) {
        Set<T> rest = new HashSet<>(links);
        rest.remove(removed);
        return rest.isEmpty() ? null : Set.copyOf(rest);
    }

    public Set<L> getLinks(final UID uid) {
        return byUid.getOrDefault(uid, Set.of());
    }

    public Set<L> getLinks(final String itemName) {
        return byItem.getOrDefault(itemName, Set.of());
    }
}
