/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.action;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.ActiveFault;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.LocationException;
import org.openhab.binding.bmsmain.internal.board.LocationException.Reason;
import org.openhab.binding.bmsmain.internal.board.LocationLine;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome.Result;
import org.openhab.binding.bmsmain.internal.handler.BoardHandler;
import org.openhab.binding.bmsmain.internal.handler.SignalControl;
import org.openhab.binding.bmsmain.internal.modbus.RegisterSyntax;
import org.openhab.core.automation.annotation.ActionInput;
import org.openhab.core.automation.annotation.ActionOutput;
import org.openhab.core.automation.annotation.RuleAction;
import org.openhab.core.thing.binding.ThingActions;
import org.openhab.core.thing.binding.ThingActionsScope;
import org.openhab.core.thing.binding.ThingHandler;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * Rule actions of a board. Each action returns a text in the language of the installation. Actions that use the bus
 * block until it responds: usually a few seconds, minutes for a diagnosis or a search.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Component(scope = ServiceScope.PROTOTYPE, service = BoardActions.class)
@ThingActionsScope(name = "bmsmain")
public class BoardActions implements ThingActions {

    /** Longer than a command or a read with the longest configurable timeout. */
    private static final long LONGEST_WAIT_SECONDS = 60;
    private static final long LONGEST_DIAGNOSIS_SECONDS = 300;
    private static final long LONGEST_SUGGESTION_SECONDS = 120;
    private static final int MAX_REGISTERS = 125;
    /** Maximum register address, and maximum object index. */
    private static final int LAST_PLACE = 0xFFFF;
    private static final int LAST_SUB_INDEX = 0xFF;

    private @Nullable BoardHandler handler;

    @Override
    public void setThingHandler(ThingHandler handler) {
        if (handler instanceof BoardHandler board) {
            this.handler = board;
        }
    }

    @Override
    public @Nullable ThingHandler getThingHandler() {
        return handler;
    }

    /**
     * Forces an input signal.
     *
     * @param signal ID of the signal, such as {@code charge-request}
     * @param value {@code on}, {@code off} or {@code physical}
     * @return text of the outcome
     */
    @RuleAction(label = "@text/action.set-signal.label", description = "@text/action.set-signal.description")
    public @ActionOutput(name = "result", label = "@text/action.result.label", type = "java.lang.String") String setSignal(
            @ActionInput(name = "signal", label = "@text/action.set-signal.signal.label", description = "@text/action.set-signal.signal.description") @Nullable String signal,
            @ActionInput(name = "value", label = "@text/action.set-signal.value.label", description = "@text/action.set-signal.value.description") @Nullable String value) {
        BoardHandler board = handler;
        if (board == null) {
            return "";
        }
        Point point = signal == null ? null : SignalControl.signalOf(signal.strip());
        if (point == null) {
            return board.texts().text("control.unknown-signal", String.valueOf(signal));
        }
        SignalOverride force = value == null ? null : SignalOverride.byId(value);
        if (force == null) {
            return board.texts().unknownForce(point, String.valueOf(value));
        }
        return board.texts().outcome(await(board.force(point, force), LONGEST_WAIT_SECONDS,
                new ControlOutcome(point, force, Result.NO_ANSWER, "")));
    }

    /**
     * Reads registers once.
     *
     * @param table {@code input} or {@code holding}
     * @param address address of the first register, decimal, or hexadecimal with prefix 0x
     * @param count number of registers, 1 to 125
     * @return one line per register, or the reason for a failure
     */
    @RuleAction(label = "@text/action.read-register.label", description = "@text/action.read-register.description")
    public @ActionOutput(name = "result", label = "@text/action.result.label", type = "java.lang.String") String readRegister(
            @ActionInput(name = "table", label = "@text/action.read-register.table.label", description = "@text/action.read-register.table.description", defaultValue = "input") @Nullable String table,
            @ActionInput(name = "address", label = "@text/action.read-register.address.label", description = "@text/action.read-register.address.description") @Nullable String address,
            @ActionInput(name = "count", label = "@text/action.read-register.count.label", description = "@text/action.read-register.count.description", defaultValue = "1") @Nullable Integer count) {
        BoardHandler board = handler;
        if (board == null) {
            return "";
        }
        try {
            int first = LocationLine.number(String.valueOf(address), LAST_PLACE, Reason.ADDRESS);
            int registers = count == null ? 1 : count;
            if (registers < 1 || registers > MAX_REGISTERS || first + registers > LAST_PLACE + 1) {
                throw new LocationException(Reason.LENGTH, String.valueOf(count));
            }
            return await(board,
                    board.readRegisters(RegisterSyntax.table(table == null ? "input" : table), first, registers));
        } catch (LocationException e) {
            return board.texts().text("location." + e.reason().key()) + ": " + e.text();
        }
    }

    /**
     * Reads an object of the CANopen object dictionary once.
     *
     * @param index index of the object, decimal, or hexadecimal with prefix 0x
     * @param subIndex sub-index, 0 to 255
     * @return the bytes, or the reason for a failure
     */
    @RuleAction(label = "@text/action.read-object.label", description = "@text/action.read-object.description")
    public @ActionOutput(name = "result", label = "@text/action.result.label", type = "java.lang.String") String readObject(
            @ActionInput(name = "index", label = "@text/action.read-object.index.label", description = "@text/action.read-object.index.description") @Nullable String index,
            @ActionInput(name = "sub", label = "@text/action.read-object.sub.label", description = "@text/action.read-object.sub.description", defaultValue = "0") @Nullable Integer sub) {
        BoardHandler board = handler;
        if (board == null) {
            return "";
        }
        try {
            int subIndex = LocationLine.number(String.valueOf(sub == null ? 0 : sub), LAST_SUB_INDEX, Reason.ADDRESS);
            return await(board,
                    board.readObject(LocationLine.number(String.valueOf(index), LAST_PLACE, Reason.ADDRESS), subIndex));
        } catch (LocationException e) {
            return board.texts().text("location." + e.reason().key()) + ": " + e.text();
        }
    }

    /**
     * Returns the active faults.
     *
     * @return one line per fault with ID and text, critical ones first; empty if there is none; a sentence if the
     *         faults are unknown
     */
    @RuleAction(label = "@text/action.get-faults.label", description = "@text/action.get-faults.description")
    public @ActionOutput(name = "result", label = "@text/action.result.label", type = "java.lang.String") String getFaults() {
        BoardHandler board = handler;
        if (board == null) {
            return "";
        }
        BoardSnapshot snapshot = board.snapshot();
        if (snapshot == null || !snapshot.isKnown(Catalogue.ALARM)) {
            return board.texts().text("read.faults-unknown");
        }
        return ActiveFault.of(snapshot).stream().map(fault -> fault.id() + " " + board.texts().fault(fault))
                .collect(Collectors.joining("\n"));
    }

    /**
     * Returns the fault journal.
     *
     * @return one line per event, oldest first: time and payload
     */
    @RuleAction(label = "@text/action.get-journal.label", description = "@text/action.get-journal.description")
    public @ActionOutput(name = "result", label = "@text/action.result.label", type = "java.lang.String") String getJournal() {
        BoardHandler board = handler;
        return board == null ? ""
                : board.journal().stream().map(event -> event.time() + " " + event.payload())
                        .collect(Collectors.joining("\n"));
    }

    /**
     * Diagnoses the link to the board. Takes seconds on a working link, and up to some minutes otherwise.
     *
     * @return one line per finding, then the most likely cause and the rule to check
     */
    @RuleAction(label = "@text/action.diagnose.label", description = "@text/action.diagnose.description")
    public @ActionOutput(name = "result", label = "@text/action.result.label", type = "java.lang.String") String diagnose() {
        BoardHandler board = handler;
        return board == null ? ""
                : await(board.diagnose(), LONGEST_DIAGNOSIS_SECONDS, board.texts().text("diagnosis.goes-on"));
    }

    /**
     * Searches the registers of values with undocumented addresses, for about a minute. The search continues in the
     * background for some minutes; call the action again for further results.
     *
     * @return the progress, and one line per value with the reasons for its address
     */
    @RuleAction(label = "@text/action.suggest-registers.label", description = "@text/action.suggest-registers.description")
    public @ActionOutput(name = "result", label = "@text/action.result.label", type = "java.lang.String") String suggestRegisters() {
        BoardHandler board = handler;
        return board == null ? ""
                : await(board.suggestRegisters(), LONGEST_SUGGESTION_SECONDS, board.texts().text("diagnosis.goes-on"));
    }

    /**
     * Writes a suggestion of the last search into the configuration of the Thing.
     *
     * @param channel channel ID, such as {@code battery#voltage}
     * @return text of the result
     */
    @RuleAction(label = "@text/action.accept-suggestion.label", description = "@text/action.accept-suggestion.description")
    public @ActionOutput(name = "result", label = "@text/action.result.label", type = "java.lang.String") String acceptSuggestion(
            @ActionInput(name = "channel", label = "@text/action.accept-suggestion.channel.label", description = "@text/action.accept-suggestion.channel.description") @Nullable String channel) {
        BoardHandler board = handler;
        return board == null ? "" : board.acceptSuggestion(channel == null ? "" : channel.strip());
    }

    /**
     * Sets all counters of energy and charge to zero.
     *
     * @return text of the result
     */
    @RuleAction(label = "@text/action.reset-counters.label", description = "@text/action.reset-counters.description")
    public @ActionOutput(name = "result", label = "@text/action.result.label", type = "java.lang.String") String resetCounters() {
        BoardHandler board = handler;
        return board == null ? "" : board.resetCounters();
    }

    /**
     * Sets the counters to the readings of another meter; omitted counters stay unchanged.
     *
     * @param charged energy into the battery, kWh, 0 to 1e9
     * @param discharged energy out of the battery, kWh
     * @param in charge into the battery, Ah
     * @param out charge out of the battery, Ah
     * @return text of the result
     */
    @RuleAction(label = "@text/action.set-counters.label", description = "@text/action.set-counters.description")
    public @ActionOutput(name = "result", label = "@text/action.result.label", type = "java.lang.String") String setCounters(
            @ActionInput(name = "chargedKwh", label = "@text/action.set-counters.charged.label", description = "@text/action.set-counters.charged.description") @Nullable Double charged,
            @ActionInput(name = "dischargedKwh", label = "@text/action.set-counters.discharged.label", description = "@text/action.set-counters.discharged.description") @Nullable Double discharged,
            @ActionInput(name = "chargeInAh", label = "@text/action.set-counters.in.label", description = "@text/action.set-counters.in.description") @Nullable Double in,
            @ActionInput(name = "chargeOutAh", label = "@text/action.set-counters.out.label", description = "@text/action.set-counters.out.description") @Nullable Double out) {
        BoardHandler board = handler;
        return board == null ? ""
                : board.setCounters(orUnchanged(charged), orUnchanged(discharged), orUnchanged(in), orUnchanged(out));
    }

    private static double orUnchanged(@Nullable Double counter) {
        return counter == null ? Double.NaN : counter;
    }

    /**
     * Resets the history of the battery.
     *
     * @return text of the result
     */
    @RuleAction(label = "@text/action.reset-history.label", description = "@text/action.reset-history.description")
    public @ActionOutput(name = "result", label = "@text/action.result.label", type = "java.lang.String") String resetHistory() {
        BoardHandler board = handler;
        return board == null ? "" : board.resetHistory();
    }

    private static String await(BoardHandler board, CompletableFuture<String> answer) {
        return await(answer, LONGEST_WAIT_SECONDS, board.texts().text("read.failed", "no-answer"));
    }

    private static <T> T await(CompletableFuture<T> answer, long seconds, T otherwise) {
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Falls through: there was no answer.
        }
        return otherwise;
    }

    /** For DSL rules, see {@link #setSignal(String, String)}. */
    public static String setSignal(ThingActions actions, @Nullable String signal, @Nullable String value) {
        return ((BoardActions) actions).setSignal(signal, value);
    }

    /** For DSL rules, see {@link #readRegister(String, String, Integer)}. */
    public static String readRegister(ThingActions actions, @Nullable String table, @Nullable String address,
            @Nullable Integer count) {
        return ((BoardActions) actions).readRegister(table, address, count);
    }

    /** For DSL rules, see {@link #readObject(String, Integer)}. */
    public static String readObject(ThingActions actions, @Nullable String index, @Nullable Integer sub) {
        return ((BoardActions) actions).readObject(index, sub);
    }

    /** For DSL rules, see {@link #getFaults()}. */
    public static String getFaults(ThingActions actions) {
        return ((BoardActions) actions).getFaults();
    }

    /** For DSL rules, see {@link #getJournal()}. */
    public static String getJournal(ThingActions actions) {
        return ((BoardActions) actions).getJournal();
    }

    /** For DSL rules, see {@link #resetCounters()}. */
    public static String resetCounters(ThingActions actions) {
        return ((BoardActions) actions).resetCounters();
    }

    /** For DSL rules, see {@link #setCounters(Double, Double, Double, Double)}. */
    public static String setCounters(ThingActions actions, @Nullable Double charged, @Nullable Double discharged,
            @Nullable Double in, @Nullable Double out) {
        return ((BoardActions) actions).setCounters(charged, discharged, in, out);
    }

    /** For DSL rules, see {@link #resetHistory()}. */
    public static String resetHistory(ThingActions actions) {
        return ((BoardActions) actions).resetHistory();
    }

    /** For DSL rules, see {@link #diagnose()}. */
    public static String diagnose(ThingActions actions) {
        return ((BoardActions) actions).diagnose();
    }

    /** For DSL rules, see {@link #suggestRegisters()}. */
    public static String suggestRegisters(ThingActions actions) {
        return ((BoardActions) actions).suggestRegisters();
    }

    /** For DSL rules, see {@link #acceptSuggestion(String)}. */
    public static String acceptSuggestion(ThingActions actions, @Nullable String channel) {
        return ((BoardActions) actions).acceptSuggestion(channel);
    }
}
