/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.config.discovery;

import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.ThingUID;

/** A thing that was found. */
@NonNullByDefault
public interface DiscoveryResult {

    ThingUID getThingUID();

    ThingTypeUID getThingTypeUID();

    Map<String, Object> getProperties();

    @Nullable
    String getRepresentationProperty();

    String getLabel();

    long getTimeToLive();
}
