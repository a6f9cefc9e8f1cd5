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

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSearchTask;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion.Evidence;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.Failure;

/**
 * The register search of a Thing, and its suggestions. A search continues when no caller waits for it. The suggestions
 * shown last are kept, also while the Thing restarts, so that they can be accepted one after the other.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RegisterProposals {

    /** Maximum duration of a search that has not found everything. */
    static final Duration LONGEST_SEARCH = Duration.ofMinutes(10);

    /** Maximum time that the caller who starts a search waits, and the interval of checks meanwhile. */
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final int SECONDS_PER_MINUTE = 60;

    private final BoardTexts texts;
    private @Nullable RegisterSearchTask search;
    /** Board and scope of the last search. */
    private @Nullable String place;
    private List<RegisterSuggestion> shown = List.of();

    /** Starts a search on the bus. */
    interface Starter {
        /** @throws BusConflictException when the bus is in use with other settings */
        RegisterSearchTask begin() throws BusConflictException;
    }

    RegisterProposals(BoardTexts texts) {
        this.texts = texts;
    }

    /**
     * Returns the suggestions found so far. Starts a search and waits for a while, unless one is running. An interrupt
     * ends the wait.
     *
     * @param where key of the board and the scope of the search
     * @param order word order, or null to detect it
     * @param explain returns the text of a link failure
     */
    String suggest(String where, Starter starter, @Nullable WordOrder order, Function<Failure, String> explain)
            throws BusConflictException {
        RegisterSearchTask running = running();
        try {
            if (running == null) {
                running = starter.begin();
                begun(where, running);
                boolean isEnded = false;
                for (Duration waited = Duration.ZERO; !isEnded
                        && waited.compareTo(WAIT) < 0; waited = waited.plus(LOOK)) {
                    isEnded = running.await(LOOK) || RegisterSuggestion.areAllSure(running.suggest(order));
                }
            }
            List<RegisterSuggestion> found = running.suggest(order);
            if (RegisterSuggestion.areAllSure(found)) {
                running.stop();
            }
            show(running, found);
            return words(running.state(), found, explain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return texts.text("read.offline");
        }
    }

    private synchronized @Nullable RegisterSearchTask running() {
        RegisterSearchTask last = search;
        return last == null || last.state().isDone() ? null : last;
    }

    private synchronized void begun(String where, RegisterSearchTask begun) {
        search = begun;
        place = where;
        shown = List.of();
    }

    private synchronized void show(RegisterSearchTask of, List<RegisterSuggestion> found) {
        if (of.equals(search)) {
            shown = found;
        }
    }

    /** Cancels a running search. The suggestions shown last are kept. */
    synchronized void stop() {
        RegisterSearchTask last = search;
        if (last != null) {
            last.stop();
        }
    }

    /** The suggestion shown last for a channel, sure or not; null if there is none. */
    synchronized @Nullable RegisterSuggestion find(String where, String target) {
        return where.equals(place) ? shown.stream().filter(one -> one.line() != null && one.target().equals(target))
                .findFirst().orElse(null) : null;
    }

    /** Text of the reason why no suggestion is accepted for a channel. */
    synchronized String refusal(String where, String target) {
        RegisterSuggestion found = find(where, target);
        if (found != null) {
            return texts.text("suggest.refused", target, words(found.advice()));
        }
        if (!where.equals(place) || shown.isEmpty()) {
            return texts.text("suggest.no-search");
        }
        return texts.text("suggest.unknown", target, sure(shown));
    }

    private String sure(List<RegisterSuggestion> found) {
        String targets = found.stream().filter(one -> one.line() != null && one.isSure())
                .map(RegisterSuggestion::target).collect(Collectors.joining(", "));
        return targets.isEmpty() ? texts.text("suggest.nobody-sure") : targets;
    }

    private String words(List<Evidence> reasons) {
        return reasons.stream().map(this::words).collect(Collectors.joining("; "));
    }

    private String words(Evidence reason) {
        return texts.text(reason.key(), reason.arguments().toArray());
    }

    private String words(RegisterSearchTask.State state, List<RegisterSuggestion> found,
            Function<Failure, String> explain) {
        StringBuilder words = new StringBuilder();
        Failure failure = state.failure();
        if (failure != null) {
            words.append(texts.text("suggest.failed", explain.apply(failure))).append('\n');
        }
        String passes = Integer.toString(state.passes());
        String registers = Integer.toString(state.found());
        if (state.isDone()) {
            words.append(texts.text("suggest.ended", registers, passes));
        } else {
            String minutes = Long.toString((state.secondsLeft() + SECONDS_PER_MINUTE - 1) / SECONDS_PER_MINUTE);
            words.append(texts.text("suggest.goes-on", minutes, registers, passes));
        }
        for (RegisterSuggestion one : found) {
            String line = one.line();
            if (line != null) {
                words.append('\n').append(texts.text("suggest.reads", line, value(one),
                        texts.text(one.isSure() ? "suggest.sure" : "suggest.not-sure")));
            } else if (one.quantity().channel() != null) {
                words.append('\n').append(texts.text("suggest.nothing", one.target()));
            } else {
                // It only confirms other suggestions.
                continue;
            }
            Stream.concat(one.evidence().stream(), one.advice().stream())
                    .forEach(reason -> words.append("\n  ").append(words(reason)));
        }
        return words.append('\n').append(texts.text("suggest.accept", sure(found))).toString();
    }

    private static String value(RegisterSuggestion one) {
        Point point = Catalogue.byId(one.quantity().id());
        return (String.format(Locale.ROOT, "%.5g", one.value()) + " " + (point == null ? "V" : point.unit().symbol()))
                .strip();
    }
}
