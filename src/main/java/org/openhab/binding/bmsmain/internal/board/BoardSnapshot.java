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
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.ObjDoubleConsumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * The known values of a board at one moment. Immutable: it can be passed to any thread and kept.
 * <p>
 * An unknown value is {@code NaN} or null, never zero. A value is unknown when it was never read, is too old, is
 * physically impossible, or is not valid because the board initialises.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BoardSnapshot {

    private static final float NANOS_PER_SECOND = 1e9f;
    private static final int PART_BITS = 4;
    private static final int PART = 1 << PART_BITS;

    private final Instant time;
    /** The numbers in parts of equal size; an unchanged part is shared with the previous snapshot. */
    private final double[][] numbers;
    /** Age of each value at {@link #time}, in seconds. */
    private final float[] ages;
    private final @Nullable String[] texts;

    private BoardSnapshot(Instant time, double[][] numbers, float[] ages, @Nullable String[] texts) {
        this.time = time;
        this.numbers = numbers;
        this.ages = ages;
        this.texts = texts;
    }

    /**
     * Creates a snapshot that shares unchanged parts with the previous one.
     *
     * @param ages age of each value in nanoseconds at {@code time}
     * @param before an earlier snapshot with the same number of values, or null
     */
    static BoardSnapshot of(Instant time, double[] numbers, long[] ages, @Nullable String[] texts,
            @Nullable BoardSnapshot before) {
        double[][] parts = new double[(numbers.length + PART - 1) / PART][];
        for (int i = 0; i < parts.length; i++) {
            int from = i * PART;
            int to = Math.min(from + PART, numbers.length);
            boolean same = before != null
                    && Arrays.equals(numbers, from, to, before.numbers[i], 0, before.numbers[i].length);
            parts[i] = before != null && same ? before.numbers[i] : Arrays.copyOfRange(numbers, from, to);
        }
        float[] seconds = new float[ages.length];
        for (int i = 0; i < ages.length; i++) {
            seconds[i] = ages[i] / NANOS_PER_SECOND;
        }
        boolean same = before != null && Arrays.equals(texts, before.texts);
        return new BoardSnapshot(time, parts, seconds, before != null && same ? before.texts : texts.clone());
    }

    /** Adds values that a snapshot of the board does not contain. */
    public interface Memory {
        /** Passes all values to the sinks; NaN and null for unknown ones. */
        void show(ObjDoubleConsumer<Point> numbers, BiConsumer<Point, @Nullable String> texts);
    }

    /** Returns this snapshot with the current values of a memory. */
    public BoardSnapshot with(Memory memory) {
        double[][] changed = numbers.clone();
        @Nullable
        String[] words = texts.clone();
        ObjDoubleConsumer<Point> sink = (point, value) -> {
            int part = point.index() >> PART_BITS;
            int place = point.index() & PART - 1;
            if (Double.compare(changed[part][place], value) != 0) {
                // Parts are shared with other snapshots, so they are copied before a change.
                changed[part] = changed[part].clone();
                changed[part][place] = value;
            }
        };
        memory.show(sink, (point, text) -> words[point.index()] = text);
        return new BoardSnapshot(time, changed, ages, words);
    }

    /** When the snapshot was taken. */
    public Instant time() {
        return time;
    }

    /** Whether the value is known. {@link Catalogue#ALARM} is known when its number is. */
    public boolean isKnown(Point point) {
        return point.kind() == Kind.TEXT && point != Catalogue.ALARM ? texts[point.index()] != null
                : !Double.isNaN(number(point));
    }

    /**
     * The value as a number in the unit of the point; 1 and 0 for a bit, the ordinal for a choice, milliseconds since
     * 1970 for a time.
     *
     * @return NaN when unknown
     */
    public double number(Point point) {
        return numbers[point.index() >> PART_BITS][point.index() & PART - 1];
    }

    /** The value of a bit, or null when unknown. */
    public @Nullable Boolean flag(Point point) {
        double value = number(point);
        return Double.isNaN(value) ? null : value != 0;
    }

    /** Whether a bit is known to be set. */
    public boolean isSet(Point point) {
        return number(point) == 1;
    }

    /**
     * The value as text, for a text or a choice. Null when unknown, and for the alarm, whose text depends on
     * the language.
     */
    public @Nullable String text(Point point) {
        if (point.kind() == Kind.CHOICE) {
            double value = number(point);
            return Double.isNaN(value) ? null : point.option(value);
        }
        return texts[point.index()];
    }

    /** When the value was read; for a derived value, when its oldest source was read. Null when unknown. */
    public @Nullable Instant time(Point point) {
        return isKnown(point) ? time.minusNanos(Math.round((double) ages[point.index()] * NANOS_PER_SECOND)) : null;
    }
}
