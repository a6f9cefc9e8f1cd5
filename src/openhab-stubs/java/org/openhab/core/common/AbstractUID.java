/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.common;

import java.util.List;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Base of all identifiers made of segments that are joined by colons. A segment holds word characters and hyphens,
 * subclasses say how many segments they need at least.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public abstract class AbstractUID {

    public static final String SEPARATOR = ":";

    private static final Pattern SEGMENT = Pattern.compile("[\\w-]*");

    private final List<String> segments;

    /** For deserialization only: an identifier without segments. */
    protected AbstractUID() {
        segments = List.of();
    }

    /**
     * @param uid the segments joined by colons
     * @throws IllegalArgumentException if there are too few segments, one is malformed, or the last one is blank
     */
    protected AbstractUID(String uid) {
        this(List.of(uid.split(SEPARATOR)));
    }

    protected AbstractUID(final String... segments) {
        this(List.of(segments));
    }

    protected AbstractUID(List<String> segments) {
        int count = segments.size();
        if (count < getMinimalNumberOfSegments()) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " needs " + getMinimalNumberOfSegments()
                    + " segments or more: " + segments);
        }
        int index = 0;
        for (String segment : segments) {
            validateSegment(segment, index++, count);
        }
        if (segments.get(count - 1).isBlank()) {
            throw new IllegalArgumentException("The last segment is blank: " + segments);
        }
        this.segments = List.copyOf(segments);
    }

    protected abstract int getMinimalNumberOfSegments();

    protected List<String> getAllSegments() {
        return segments;
    }

    protected String getSegment(int segment) {
        return segments.get(segment);
    }

    public static boolean isValid(@Nullable String segment) {
        return segment != null && SEGMENT.matcher(segment).matches();
    }

    protected void validateSegment(String segment, int index, int length) {
        if (!isValid(segment)) {
            throw new IllegalArgumentException("Segment '" + segment + "' does not match " + SEGMENT);
        }
    }

    @Override
    public String toString() {
        return getAsString();
    }

    public String getAsString() {
        return String.join(SEPARATOR, segments);
    }

    @Override
    public int hashCode() {
        return segments.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object obj) {
        return obj != null && obj.getClass() == getClass() && segments.equals(((AbstractUID) obj).segments);
    }
}
