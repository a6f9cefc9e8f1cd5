/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.Member;
import org.openhab.binding.bmsmain.internal.config.ConfigReader;
import org.openhab.binding.bmsmain.internal.config.ConfigurationException;
import org.openhab.binding.bmsmain.internal.config.StatusText;

/**
 * The members of a bank by Thing UID, their snapshots, and which of them are missing.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class BankMembers {

    private static final String PARAMETER = "members";
    /** openHAB splits the arguments of a status text at commas. */
    private static final String SEPARATOR = "; ";

    private final Set<String> things;
    private final BoardRegistry boards;

    /**
     * The members at one point in time.
     *
     * @param status status text of the bank that lists missing and offline members; empty if there are none
     */
    record Now(List<Member> members, String status) {
    }

    private BankMembers(Set<String> things, BoardRegistry boards) {
        this.things = things;
        this.boards = boards;
    }

    /**
     * Returns the configured members without duplicates.
     *
     * @throws ConfigurationException when no member is configured
     */
    static BankMembers of(ConfigReader reader, BoardRegistry boards) throws ConfigurationException {
        Set<String> things = new LinkedHashSet<>();
        reader.lines(PARAMETER).stream().map(String::strip).filter(thing -> !thing.isEmpty()).forEach(things::add);
        if (things.isEmpty()) {
            throw new ConfigurationException(PARAMETER);
        }
        return new BankMembers(things, boards);
    }

    boolean contains(String thing) {
        return things.contains(thing);
    }

    /** Returns the current state of the members. */
    Now look() {
        List<Member> known = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        List<String> lost = new ArrayList<>();
        names().forEach((thing, name) -> {
            BoardRegistry.Board board = boards.get(thing);
            if (board == null) {
                absent.add(name);
            } else if (!board.isOnline()) {
                lost.add(name);
            }
            known.add(new Member(name, board == null ? null : board.snapshot()));
        });
        return new Now(known, status(String.join(SEPARATOR, absent), String.join(SEPARATOR, lost)));
    }

    private static String status(String absent, String lost) {
        if (absent.isEmpty()) {
            return lost.isEmpty() ? "" : StatusText.of("offline.bank.lost", lost);
        }
        return lost.isEmpty() ? StatusText.of("offline.bank.absent", absent)
                : StatusText.of("offline.bank.both", absent, lost);
    }

    /** The names of the boards. Duplicate names get the Thing ID appended; an absent board is named by its UID. */
    private Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        Set<String> twice = new HashSet<>();
        for (String thing : things) {
            BoardRegistry.Board board = boards.get(thing);
            String name = board == null ? thing : board.name();
            names.put(thing, name);
            if (!seen.add(name)) {
                twice.add(name);
            }
        }
        names.replaceAll((thing,
                name) -> twice.contains(name) ? name + " (" + thing.substring(thing.lastIndexOf(':') + 1) + ")" : name);
        return names;
    }
}
