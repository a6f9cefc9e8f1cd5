/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.library.types;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.types.Command;
import org.openhab.core.types.PrimitiveType;
import org.openhab.core.types.State;

/**
 * A point in time. It is kept as an instant and shown in the zone of the system.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class DateTimeType implements PrimitiveType, State, Command, Comparable<DateTimeType> {

    public static final String DATE_PATTERN = "yyyy-MM-dd'T'HH:mm:ss";
    public static final String DATE_PATTERN_WITH_TZ_AND_MS = "yyyy-MM-dd'T'HH:mm:ss.SSSZ";

    private static final DateTimeFormatter PARSER = DateTimeFormatter
            .ofPattern("yyyy-MM-dd'T'HH:mm[:ss][.SSSSSSSSS][.SSSSSS][.SSS][XXX][X]");

    private final Instant instant;

    public DateTimeType() {
        this(Instant.now());
    }

    public DateTimeType(Instant instant) {
        this.instant = instant;
    }

    public DateTimeType(ZonedDateTime zoned) {
        this(zoned.toInstant());
    }

    /**
     * @param zonedValue date and time in ISO 8601 with or without an offset; without it, the zone of the system holds
     * @throws IllegalArgumentException if it is not such a text
     */
    public DateTimeType(String zonedValue) {
        try {
            String text = zonedValue.replace(' ', 'T').replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2");
            TemporalAccessor time = PARSER.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
            instant = time instanceof OffsetDateTime offset ? offset.toInstant()
                    : LocalDateTime.from(time).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("Not a date and time: " + zonedValue, e);
        }
    }

    public static DateTimeType valueOf(String value) {
        return new DateTimeType(value);
    }

    public Instant getInstant() {
        return instant;
    }

    @Override
    public String format(@Nullable String pattern) {
        return format(pattern, ZoneId.systemDefault());
    }

    public String format(@Nullable String pattern, ZoneId zoneId) {
        ZonedDateTime time = instant.atZone(zoneId);
        return pattern == null ? DateTimeFormatter.ofPattern(DATE_PATTERN).format(time) : String.format(pattern, time);
    }

    @Override
    public String toString() {
        return toFullString();
    }

    @Override
    public String toFullString() {
        return toFullString(ZoneId.systemDefault());
    }

    /**
     * @param zoneId the zone to show
     * @return date, time and offset; fractions of a second in 3, 6 or 9 digits
     */
    public String toFullString(ZoneId zoneId) {
        int nanos = instant.getNano();
        String fraction = nanos % 1_000_000 == 0 ? ".SSS" : nanos % 1_000 == 0 ? ".SSSSSS" : ".SSSSSSSSS";
        return instant.atZone(zoneId).format(DateTimeFormatter.ofPattern(DATE_PATTERN + fraction + "Z"));
    }

    @Override
    public int hashCode() {
        return instant.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object obj) {
        return obj instanceof DateTimeType other && instant.equals(other.instant);
    }

    @Override
    public int compareTo(DateTimeType o) {
        return instant.compareTo(o.instant);
    }
}
