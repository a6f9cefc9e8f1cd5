/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.io.console;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

import org.eclipse.jdt.annotation.NonNullByDefault;

/** Completes from a fixed set of words, unlike in openHAB regardless of case. A proposal ends with a space. */
@NonNullByDefault
public class StringsCompleter implements ConsoleCommandCompleter {
    private final SortedSet<String> strings = new TreeSet<>(String::compareToIgnoreCase);

    public StringsCompleter(final Collection<String> strings, boolean caseSensitive) {
        this.strings.addAll(strings);
    }

    @Override
    public boolean complete(String[] args, int cursorArgumentIndex, int cursorPosition, List<String> candidates) {
        String typed = cursorArgumentIndex >= 0 && cursorArgumentIndex < args.length
                ? args[cursorArgumentIndex].substring(0, cursorPosition)
                : "";
        strings.stream().filter(word -> word.regionMatches(true, 0, typed, 0, typed.length()))
                .forEach(word -> candidates.add(word + " "));
        return !candidates.isEmpty();
    }
}
