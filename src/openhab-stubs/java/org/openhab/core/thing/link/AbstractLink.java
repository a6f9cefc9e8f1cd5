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

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.common.registry.Identifiable;
import org.openhab.core.thing.UID;

/** Connects an item with something else. */
@NonNullByDefault
public abstract class AbstractLink implements Identifiable<String> {
    private final String itemName;

    protected AbstractLink(String itemName) {
        this.itemName = itemName;
    }

    @Override
    public String getUID() {
        return itemName + " -> " + getLinkedUID();
    }

    public String getItemName() {
        return itemName;
    }

    public abstract UID getLinkedUID();

    @Override
    public boolean equals(@Nullable Object obj) {
        return obj instanceof AbstractLink other && getUID().equals(other.getUID());
    }

    @Override
    public int hashCode() {
        return getUID().hashCode();
    }
}
