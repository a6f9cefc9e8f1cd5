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

import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.items.Item;
import org.openhab.core.types.Command;
import org.openhab.core.types.CommandDescription;
import org.openhab.core.types.State;
import org.openhab.core.types.StateDescription;
import org.openhab.core.types.UnDefType;

/**
 * An item that shows one channel.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostItem implements Item {

    private final String name;
    private final String type;
    private final String label;
    private final Set<String> tags;
    private volatile State state = UnDefType.NULL;

    HostItem(String name, String type, String label, Set<String> tags) {
        this.name = name;
        this.type = type;
        this.label = label;
        this.tags = Set.copyOf(tags);
    }

    void update(State state) {
        this.state = state;
    }

    @Override
    public String getUID() {
        return name;
    }

    @Override
    public State getState() {
        return state;
    }

    @Override
    public <T extends State> @Nullable T getStateAs(Class<T> typeClass) {
        return state.as(typeClass);
    }

    @Override
    public @Nullable State getLastState() {
        return null;
    }

    @Override
    public @Nullable ZonedDateTime getLastStateUpdate() {
        return null;
    }

    @Override
    public @Nullable ZonedDateTime getLastStateChange() {
        return null;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getType() {
        return type;
    }

    @Override
    public List<Class<? extends State>> getAcceptedDataTypes() {
        return ItemTypes.states(type);
    }

    @Override
    public List<Class<? extends Command>> getAcceptedCommandTypes() {
        return ItemTypes.commands(type);
    }

    @Override
    public List<String> getGroupNames() {
        return List.of();
    }

    @Override
    public Set<String> getTags() {
        return tags;
    }

    @Override
    public @Nullable String getLabel() {
        return label;
    }

    @Override
    public boolean hasTag(String tag) {
        return tags.contains(tag);
    }

    @Override
    public @Nullable String getCategory() {
        return null;
    }

    @Override
    public @Nullable StateDescription getStateDescription() {
        return null;
    }

    @Override
    public @Nullable StateDescription getStateDescription(@Nullable Locale locale) {
        return null;
    }

    @Override
    public @Nullable CommandDescription getCommandDescription(@Nullable Locale locale) {
        return null;
    }
}
