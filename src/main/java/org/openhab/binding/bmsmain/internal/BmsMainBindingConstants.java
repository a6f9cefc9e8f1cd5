/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal;

import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.type.ChannelTypeUID;

/**
 * Names that the descriptors and the code share.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BmsMainBindingConstants {

    public static final String BINDING_ID = "bmsmain";

    public static final ThingTypeUID THING_TYPE_SERIAL = new ThingTypeUID(BINDING_ID, "serial");
    public static final ThingTypeUID THING_TYPE_TCP = new ThingTypeUID(BINDING_ID, "tcp");

    public static final ThingTypeUID THING_TYPE_CAN = new ThingTypeUID(BINDING_ID, "can");

    /** Several boards as one battery. */
    public static final ThingTypeUID THING_TYPE_BANK = new ThingTypeUID(BINDING_ID, "bank");

    /** The Things that are boards. */
    public static final Set<ThingTypeUID> BOARD_TYPES = Set.of(THING_TYPE_SERIAL, THING_TYPE_TCP, THING_TYPE_CAN);

    /** Channel types with which users read registers of their own. */
    public static final String CHANNEL_TYPE_NUMBER = "register-number";
    public static final String CHANNEL_TYPE_SWITCH = "register-switch";
    public static final String CHANNEL_TYPE_TEXT = "register-text";

    /** Group of the channels that control signals. */
    public static final String GROUP_CONTROL = "control";

    /** Channel types of that group. */
    public static final ChannelTypeUID CHANNEL_TYPE_CONTROL = new ChannelTypeUID(BINDING_ID, "control-signal");
    public static final ChannelTypeUID CHANNEL_TYPE_RESULT = new ChannelTypeUID(BINDING_ID, "control-result");

    /** Property of a Thing that tells it from others: its bus, and its address on it. */
    public static final String PROPERTY_BUS_ADDRESS = "busAddress";

    /** The value of {@link #PROPERTY_BUS_ADDRESS}. */
    public static String busAddress(String bus, int address) {
        return bus + "#" + address;
    }

    /** Id of a Thing that was found: of letters, digits and hyphens. */
    public static String foundId(String bus, int address) {
        return bus.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "") + "-" + address;
    }

    private BmsMainBindingConstants() {
    }
}
