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

import java.time.Instant;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * A message for a topic. The broker retains it for later subscribers.
 *
 * @param payload the payload; empty deletes the retained message
 * @param lifeSeconds message expiry interval of MQTT 5 in seconds; 0 = never
 * @param time when the value was read, or the event happened; null for a description
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record Message(String topic, String payload, long lifeSeconds, @Nullable Instant time) {

    /** A description, which is valid until it is replaced. */
    Message(String topic, String payload) {
        this(topic, payload, 0, null);
    }
}
