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
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

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

    public Policy getPolicy() {
        return policy;
    }

    public int size() {
        return states.size();
    }

    public void add(Instant timestamp, State state) {
        states.add(new Entry(timestamp, state));
    }

    public Stream<Entry> getStates() {
        return List.copyOf(states).stream();
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
