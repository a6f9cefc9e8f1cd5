/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * How openHAB shows the channel of a {@link Point}, where that does not follow from kind and unit. The descriptors in
 * {@code ESH-INF} are generated from it. An empty text selects the default rule.
 *
 * @param typeId ID of the channel type; several channels can share one; by default the name of the point
 * @param category icon of openHAB's classic icon set
 * @param pointTag semantic tag of the point, such as {@code Calculation}
 * @param propertyTag semantic tag of the property, such as {@code Humidity}
 * @param decimals number of decimals, -1 for the default
 * @param advanced whether the channel is hidden until the user shows advanced channels
 * @param since version of the thing type in which the channel first exists; 1 is the first release
 * @param retyped version of the thing type in which the channel type changed; 0 if it never changed
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record ChannelStyle(String typeId, String category, String pointTag, String propertyTag, int decimals,
        boolean advanced, int since, int retyped) {

    /** All values by default rule. */
    static final ChannelStyle BY_RULE = new ChannelStyle("", "", "", "", -1, false, 1, 0);
}
