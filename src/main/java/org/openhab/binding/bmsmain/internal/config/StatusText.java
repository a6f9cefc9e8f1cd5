/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.config;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;

/**
 * Status texts that openHAB translates: {@code @text/key ["argument","argument"]}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class StatusText {

    /** Format of a text by {@link #of(String, String...)}: key, and arguments separated by {@link #SEPARATOR}. */
    public static final Pattern FORM = Pattern.compile("@text/(\\S+)(?: \\[\"(.*)\"])?");
    public static final Pattern SEPARATOR = Pattern.compile("\",\"");

    /** Causes whose advice depends on the connection type. */
    private static final Set<FailureCause> BY_WIRE = Set.of(FailureCause.NO_ANSWER, FailureCause.GARBAGE,
            FailureCause.CONNECTION_LOST);

    private StatusText() {
    }

    /**
     * Text of the reason why a board is offline, and what to check.
     *
     * @param place port or host
     * @param address address of the board on the bus
     */
    public static String of(Failure failure, ConnectionType wire, String place, int address) {
        return of(key(failure.cause(), wire), place, Integer.toString(address), failure.detail());
    }

    /** Text key of a cause. */
    public static String key(FailureCause cause, ConnectionType wire) {
        return "offline." + cause.key() + (BY_WIRE.contains(cause) ? "." + wire.key() : "");
    }

    /** Creates a text. Characters at which openHAB would split or truncate the arguments are replaced. */
    public static String of(String key, String... arguments) {
        if (arguments.length == 0) {
            return "@text/" + key;
        }
        return Stream.of(arguments).map(StatusText::clean)
                .collect(Collectors.joining("\",\"", "@text/" + key + " [\"", "\"]"));
    }

    private static String clean(String argument) {
        String cleaned = argument.replace(',', ';').replaceAll("[\"\\[\\]\\\\\\p{Cntrl}]", " ").strip();
        // openHAB drops empty arguments, which would shift the others.
        return cleaned.isEmpty() ? "-" : cleaned;
    }
}
