/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli.publish;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Messages that wait for the broker, in the order of their topics' first messages. A newer message replaces the older
 * one of its topic, so there is at most one per topic. For one thread.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Outbox {

    private final Map<String, Message> waiting = new LinkedHashMap<>();

    void put(Message message) {
        waiting.put(message.topic(), message);
    }

    /** Removes the message that has waited longest; null when there is none. */
    @Nullable
    Message take() {
        Iterator<Message> messages = waiting.values().iterator();
        if (!messages.hasNext()) {
            return null;
        }
        Message first = messages.next();
        messages.remove();
        return first;
    }

    void clear() {
        waiting.clear();
    }

    int size() {
        return waiting.size();
    }
}
