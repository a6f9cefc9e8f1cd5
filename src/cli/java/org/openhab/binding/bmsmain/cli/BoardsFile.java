/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.cli.ReplayCommand.Recorded;
import org.openhab.binding.bmsmain.cli.publish.Collector.BankSource;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.Connection;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.ParallelLimit;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The boards of a collector, in YAML. A board has a name, and the options of {@code bms watch} without their dashes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class BoardsFile {

    /** A Homie topic ID; letters, digits and hyphens are also valid in the other conventions. */
    static final Pattern ID = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?");
    static final String ID_RULE = "must consist of up to 40 lower-case letters, digits and hyphens, without a hyphen "
            + "at the beginning or end";

    private static final String BOARDS = "boards";
    private static final String BANKS = "banks";
    private static final String NAME = "name";
    private static final String LABEL = "label";
    private static final String BANK = "bank";
    private static final String REGISTERS = "registers";
    private static final String CONNECTION = "connection";
    private static final String LIMITS = "limits";

    /** Error in the file, with its place. The message is fit for a user. */
    static final class WrongException extends Exception {
        private static final long serialVersionUID = 1L;

        WrongException(String message) {
            super(message);
        }
    }

    /**
     * A board of the file.
     *
     * @param options connection and reading options
     * @param bank ID of its bank, or null
     */
    record Board(String id, String label, Recorded options, @Nullable String bank) {
    }

    private final List<Board> boards = new ArrayList<>();
    private final Map<String, BankSource> banks = new LinkedHashMap<>();

    private BoardsFile() {
    }

    List<Board> boards() {
        return List.copyOf(boards);
    }

    List<BankSource> banks() {
        return List.copyOf(banks.values());
    }

    /** @throws WrongException with the file and its error */
    static BoardsFile read(Path file) throws WrongException {
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            LoaderOptions rules = new LoaderOptions();
            rules.setAllowDuplicateKeys(false);
            BoardsFile result = new BoardsFile();
            result.take(new Yaml(new SafeConstructor(rules)).load(in));
            return result;
        } catch (MarkedYAMLException e) {
            throw new WrongException(file + " line " + (e.getProblemMark().getLine() + 1) + ": " + e.getProblem());
        } catch (YAMLException e) {
            throw new WrongException(file + " is not valid YAML");
        } catch (IOException e) {
            throw new WrongException(file + " cannot be read");
        } catch (WrongException e) {
            throw new WrongException(file + ": " + e.getMessage());
        }
    }

    private void take(@Nullable Object document) throws WrongException {
        Map<String, Object> all = map(document, "the file");
        known(all, Set.of(BOARDS, BANKS), "the file");
        for (Object each : list(all.get(BANKS))) {
            Map<String, Object> bank = map(each, "each bank");
            known(bank, Set.of(NAME, LABEL, CONNECTION, LIMITS), "a bank");
            String id = id(bank, "bank");
            put(new BankSource(id, text(bank, LABEL, id),
                    choice(bank, CONNECTION, Connection.PARALLEL, Connection.class),
                    choice(bank, LIMITS, ParallelLimit.LOWEST_TIMES_NUMBER, ParallelLimit.class)));
        }
        Set<String> used = new HashSet<>();
        for (Object each : list(all.get(BOARDS))) {
            Map<String, Object> board = map(each, "each board");
            String id = id(board, "board");
            if (!used.add(id)) {
                throw new WrongException("two boards have the name " + id);
            }
            boards.add(board(id, board));
        }
        if (boards.isEmpty()) {
            throw new WrongException("no boards are listed under boards:");
        }
        for (Board board : boards) {
            String bank = board.bank();
            if (bank != null && !banks.containsKey(bank)) {
                put(new BankSource(bank, bank, Connection.PARALLEL, ParallelLimit.LOWEST_TIMES_NUMBER));
            }
        }
        for (String bank : banks.keySet()) {
            if (used.contains(bank)) {
                throw new WrongException("a board and a bank have the name " + bank);
            } else if (boards.stream().noneMatch(board -> bank.equals(board.bank()))) {
                throw new WrongException("no board belongs to the bank " + bank);
            }
        }
    }

    private void put(BankSource bank) throws WrongException {
        if (banks.put(bank.id(), bank) != null) {
            throw new WrongException("two banks have the name " + bank.id());
        }
    }

    private static Board board(String id, Map<String, Object> board) throws WrongException {
        List<String> arguments = new ArrayList<>();
        for (Map.Entry<String, Object> entry : board.entrySet()) {
            String key = entry.getKey();
            if (!Set.of(NAME, LABEL, BANK).contains(key)) {
                String option = REGISTERS.equals(key) ? "--register" : "--" + key;
                for (Object value : list(entry.getValue())) {
                    argument(option, value, arguments);
                }
            }
        }
        Recorded options = new Recorded();
        CommandLine command = new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false);
        try {
            command.parseArgs(arguments.toArray(String[]::new));
            options.link.check();
            options.reading.setup(options.link);
        } catch (ParameterException e) {
            throw new WrongException("board " + id + ": " + e.getMessage());
        }
        String bank = board.containsKey(BANK) ? word(board.get(BANK)) : null;
        if (bank != null && !ID.matcher(bank).matches()) {
            throw new WrongException("the name of a bank " + ID_RULE + "; not " + bank);
        }
        return new Board(id, text(board, LABEL, id), options, bank);
    }

    private static void argument(String option, Object value, List<String> arguments) throws WrongException {
        if (Boolean.TRUE.equals(value)) {
            arguments.add(option);
        } else if (!Boolean.FALSE.equals(value)) {
            arguments.add(option + "=" + word(value));
        }
    }

    private static String id(Map<String, Object> map, String what) throws WrongException {
        String id = map.containsKey(NAME) ? word(map.get(NAME)) : "";
        if (!ID.matcher(id).matches()) {
            throw new WrongException("the name of a " + what + " " + ID_RULE + "; not '" + id + "'");
        }
        return id;
    }

    private static void known(Map<String, Object> map, Set<String> keys, String what) throws WrongException {
        for (String key : map.keySet()) {
            if (!keys.contains(key)) {
                throw new WrongException("unknown key " + key + " in " + what);
            }
        }
    }

    private static String text(Map<String, Object> map, String key, String other) throws WrongException {
        return map.containsKey(key) ? word(map.get(key)) : other;
    }

    private static <E extends Enum<E>> E choice(Map<String, Object> map, String key, E other, Class<E> type)
            throws WrongException {
        String word = text(map, key, other.name());
        try {
            return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            List<String> words = EnumSet.allOf(type).stream()
                    .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-')).toList();
            throw new WrongException(key + " must be " + String.join(" or ", words) + ", not " + word);
        }
    }

    private static String word(@Nullable Object value) throws WrongException {
        if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        throw new WrongException("a word or a number is required, not " + (value == null ? "nothing" : value));
    }

    /** A single value is a list of one. */
    private static List<Object> list(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(each -> each == null ? "" : (Object) each).toList();
        }
        return value == null ? List.of() : List.of(value);
    }

    private static Map<String, Object> map(@Nullable Object value, String what) throws WrongException {
        if (!(value instanceof Map<?, ?> map)) {
            throw new WrongException(what + " must be a list of keys and values");
        }
        Map<String, Object> result = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object held = entry.getValue();
            if (held == null) {
                throw new WrongException(entry.getKey() + " has no value");
            }
            result.put(String.valueOf(entry.getKey()), held);
        }
        return result;
    }
}
