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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.common.registry.RegistryChangeListener;
import org.openhab.core.items.Item;
import org.openhab.core.items.ItemNotFoundException;
import org.openhab.core.items.ItemNotUniqueException;
import org.openhab.core.items.ItemRegistry;

/**
 * The items, which come and go with their links.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostItems implements ItemRegistry {

    private final Map<String, Item> items = new ConcurrentHashMap<>();
    private final List<RegistryChangeListener<Item>> listeners = new CopyOnWriteArrayList<>();

    @Override
    public void addRegistryChangeListener(RegistryChangeListener<Item> listener) {
        listeners.add(listener);
    }

    @Override
    public void removeRegistryChangeListener(RegistryChangeListener<Item> listener) {
        listeners.remove(listener);
    }

    @Override
    public Collection<Item> getAll() {
        return List.copyOf(items.values());
    }

    @Override
    public Stream<Item> stream() {
        return getAll().stream();
    }

    @Override
    public @Nullable Item get(String key) {
        return items.get(key);
    }

    @Override
    public Item add(Item element) {
        items.put(element.getName(), element);
        listeners.forEach(listener -> listener.added(element));
        return element;
    }

    @Override
    public @Nullable Item update(Item element) {
        Item former = items.replace(element.getName(), element);
        if (former != null) {
            listeners.forEach(listener -> listener.updated(former, element));
        }
        return former;
    }

    @Override
    public @Nullable Item remove(String key) {
        Item item = items.remove(key);
        if (item != null) {
            listeners.forEach(listener -> listener.removed(item));
        }
        return item;
    }

    @Override
    public @Nullable Item remove(String itemName, boolean recursive) {
        return remove(itemName);
    }

    @Override
    public Item getItem(String name) throws ItemNotFoundException {
        Item item = items.get(name);
        if (item == null) {
            throw new ItemNotFoundException(name);
        }
        return item;
    }

    @Override
    public Item getItemByPattern(String name) throws ItemNotFoundException, ItemNotUniqueException {
        return getItem(name);
    }

    @Override
    public Collection<Item> getItems() {
        return getAll();
    }

    @Override
    public Collection<Item> getItemsOfType(String type) {
        return stream().filter(item -> item.getType().equals(type)).toList();
    }

    @Override
    public Collection<Item> getItems(String pattern) {
        return stream().filter(item -> item.getName().matches(pattern.replace("*", ".*"))).toList();
    }

    @Override
    public Collection<Item> getItemsByTag(String... tags) {
        return stream().filter(item -> item.getTags().containsAll(Set.of(tags))).toList();
    }

    @Override
    public Collection<Item> getItemsByTagAndType(String type, String... tags) {
        return getItemsByTag(tags).stream().filter(item -> item.getType().equals(type)).toList();
    }

    @Override
    public <T extends Item> Collection<T> getItemsByTag(Class<T> typeFilter, String... tags) {
        return getItemsByTag(tags).stream().filter(typeFilter::isInstance).map(typeFilter::cast).toList();
    }
}
