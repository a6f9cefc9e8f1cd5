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
 * Names used by both the descriptors and the code.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BmsMainBindingConstants {

    public static final String BINDING_ID = "bmsmain";

    public static final ThingTypeUID THING_TYPE_SERIAL = new ThingTypeUID(BINDING_ID, "serial");
    public static final ThingTypeUID THING_TYPE_TCP = new ThingTypeUID(BINDING_ID, "tcp");

    public static final ThingTypeUID THING_TYPE_CAN = new ThingTypeUID(BINDING_ID, "can");

    /** Bank: several boards combined into one battery. */
    public static final ThingTypeUID THING_TYPE_BANK = new ThingTypeUID(BINDING_ID, "bank");

    /** Thing types of boards. */
    public static final Set<ThingTypeUID> BOARD_TYPES = Set.of(THING_TYPE_SERIAL, THING_TYPE_TCP, THING_TYPE_CAN);

    /** Channel types for user-defined registers. */
    public static final String CHANNEL_TYPE_NUMBER = "register-number";
    public static final String CHANNEL_TYPE_SWITCH = "register-switch";
    public static final String CHANNEL_TYPE_TEXT = "register-text";

    /** Group of the channels that control signals. */
    public static final String GROUP_CONTROL = "control";

    /** Channel types of that group. */
    public static final ChannelTypeUID CHANNEL_TYPE_CONTROL = new ChannelTypeUID(BINDING_ID, "control-signal");
    public static final ChannelTypeUID CHANNEL_TYPE_RESULT = new ChannelTypeUID(BINDING_ID, "control-result");

    /** Representation property of a Thing: its bus, and its address on the bus. */
    public static final String PROPERTY_BUS_ADDRESS = "busAddress";

    /** Value of {@link #PROPERTY_BUS_ADDRESS}. */
    public static String busAddress(String bus, int address) {
        return bus + "#" + address;
    }

    /** ID of a discovered Thing; contains letters, digits and hyphens only. */
    public static String foundId(String bus, int address) {
        return bus.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "") + "-" + address;
    }

    private BmsMainBindingConstants() {
    }
}
