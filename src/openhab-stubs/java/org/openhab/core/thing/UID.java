/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.thing;

import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/** An identifier made of segments separated by colons; the first segment is the binding. */
@NonNullByDefault
public abstract class UID {
    private static final Pattern SEGMENT = Pattern.compile("[\\w-]+");

    private final String text;

    public UID(String uid) {
        text = uid;
        String[] segments = uid.split(":", -1);
        for (int i = 0; i < segments.length; i++) {
            if (!isValid(segments[i], i == segments.length - 1)) {
                throw new IllegalArgumentException("Segment '" + segments[i] + "' of " + uid);
            }
        }
    }

    public UID(String... segments) {
        this(String.join(":", segments));
    }

    UID(UID parent, String id) {
        this(parent.text, id);
    }

    boolean isValid(String segment, boolean last) {
        return SEGMENT.matcher(segment).matches();
    }

    public String getBindingId() {
        return text.replaceFirst(":.*", "");
    }

    public String getAsString() {
        return text;
    }

    @Override
    public String toString() {
        return text;
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object obj) {
        return obj instanceof UID other && other.getClass() == getClass() && text.equals(other.text);
    }
}
