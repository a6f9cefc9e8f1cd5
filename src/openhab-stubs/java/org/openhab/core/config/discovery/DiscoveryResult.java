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

/**
 * A thing that was found.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface DiscoveryResult {

    /** The result does not grow old. */
    long TTL_UNLIMITED = -1;

    ThingUID getThingUID();

    ThingTypeUID getThingTypeUID();

    Map<String, Object> getProperties();

    /**
     * @return the property by which the same thing is known again, or null
     */
    @Nullable
    String getRepresentationProperty();

    String getLabel();

    @Nullable
    ThingUID getBridgeUID();

    /**
     * @return seconds, or {@link #TTL_UNLIMITED}
     */
    long getTimeToLive();
}
