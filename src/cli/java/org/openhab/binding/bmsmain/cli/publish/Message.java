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
 * What a topic says from now on. The broker keeps it (retained) for those who subscribe later.
 *
 * @param payload the words; empty takes away what the broker keeps
 * @param lifeSeconds after this time the broker forgets it (message expiry interval of MQTT 5); 0 where it stays true
 * @param time when the value was read, or the event happened; null for a description
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record Message(String topic, String payload, long lifeSeconds, @Nullable Instant time) {

    /** A description: true until it is replaced. */
    Message(String topic, String payload) {
        this(topic, payload, 0, null);
    }
}
