/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.types;

import java.time.Instant;
import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeSet;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * States with the time at which each holds.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class TimeSeries {

    private final SortedSet<Entry> states = new TreeSet<>(Comparator.comparing(Entry::timestamp));
    private final Policy policy;

    public TimeSeries(Policy policy) {
        this.policy = policy;
    }

    public int size() {
        return states.size();
    }

    /** A state and its time. */
    public record Entry(Instant timestamp, State state) {
    }

    /** Whether states that are already stored for the covered time stay. */
    public enum Policy {
        ADD,
        REPLACE
    }
}
