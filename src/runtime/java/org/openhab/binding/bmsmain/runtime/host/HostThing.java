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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.binding.ThingHandler;
import org.openhab.core.thing.binding.ThingHandlerFactory;
import org.openhab.core.types.State;
import org.osgi.framework.Bundle;

/**
 * A thing with the data that openHAB keeps about it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostThing {

    /** Held while the handler is created, started, stopped or notified of a change. */
    final ReentrantLock lock = new ReentrantLock();

    /** The last state of each channel by its id. */
    final Map<String, State> states = new ConcurrentHashMap<>();

    /** States and events that do not fit their channel, or whose channel does not exist, by channel ID. */
    final Map<String, String> strays = new ConcurrentHashMap<>();

    /** The thing; a handler can put a changed copy in its place. */
    volatile Thing thing;

    /** The factory that created the handler, null without a handler. */
    volatile @Nullable ThingHandlerFactory factory;

    /** The handler, null while there is none. */
    volatile @Nullable ThingHandler handler;

    /** The bundle with the descriptors and texts of the thing. */
    volatile Bundle bundle;

    HostThing(Thing thing, Bundle bundle) {
        this.thing = thing;
        this.bundle = bundle;
    }
}
