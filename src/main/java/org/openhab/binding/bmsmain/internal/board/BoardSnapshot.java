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

import java.time.Instant;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * What is known about a board at one moment. Immutable: it can be handed to any thread and kept.
 * <p>
 * An unknown value is {@code NaN} or null, never zero. A value is unknown when it was never read, is too old, cannot
 * physically be, or is no reading because the board initialises.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BoardSnapshot {

    private final Instant time;
    private final double[] numbers;
    private final long[] ages;
    private final @Nullable String[] texts;

    /**
     * Takes over the arrays; the caller must not touch them again.
     *
     * @param ages for each value its age in nanoseconds at {@code time}
     */
    BoardSnapshot(Instant time, double[] numbers, long[] ages, @Nullable String[] texts) {
        this.time = time;
        this.numbers = numbers;
        this.ages = ages;
        this.texts = texts;
    }

    /** When the snapshot was taken. */
    public Instant time() {
        return time;
    }

    /** Whether the value is known. {@link Catalogue#ALARM} is known when the faults are. */
    public boolean isKnown(Point point) {
        return point.kind() == Kind.TEXT && point != Catalogue.ALARM ? texts[point.index()] != null
                : !Double.isNaN(numbers[point.index()]);
    }

    /**
     * The value as a number in the unit of the point; 1 and 0 for a bit, the ordinal for a choice, milliseconds since
     * 1970 for a time.
     *
     * @return NaN when unknown
     */
    public double number(Point point) {
        return numbers[point.index()];
    }

    /** The value of a bit, or null when unknown. */
    public @Nullable Boolean flag(Point point) {
        double value = numbers[point.index()];
        return Double.isNaN(value) ? null : value != 0;
    }

    /** Whether a bit is known to be set. */
    public boolean isSet(Point point) {
        return numbers[point.index()] == 1;
    }

    /**
     * The value as words: of a text, a choice; null when unknown, and for the alarm, whose words depend on a language.
     */
    public @Nullable String text(Point point) {
        if (point.kind() == Kind.CHOICE) {
            double value = numbers[point.index()];
            return Double.isNaN(value) ? null : point.option(value);
        }
        return texts[point.index()];
    }

    /** When the value was read; for a derived value, when the oldest of its sources was. Null when unknown. */
    public @Nullable Instant time(Point point) {
        return isKnown(point) ? time.minusNanos(ages[point.index()]) : null;
    }
}
