/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.bus.BusMember;
import org.openhab.binding.bmsmain.internal.modbus.LogicWindow.BoardSlot;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Visits the BMS Logic boards of a board one after the other: selects one in the window, reads it, and restores the
 * former selection. Shares the line with the polling of the board itself.
 * <p>
 * A selection is a write that moves the window for all masters on the bus, so a scan runs only if the user allows
 * control and enables it. Values count only if the window showed the right board before and after each request. A
 * selection that another master made meanwhile stays.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class LogicScan implements BusMember<ModbusClient> {

    /** Holding register that selects the board in the window (protocol, section 3). */
    private static final int SELECT = 0x4000;
    /** Time for the board to show the data of a selected board, in nanoseconds. Not stated by the vendor. */
    private static final long SETTLE_NANOS = 300_000_000L;
    /** Minimum time between two visits, in nanoseconds. */
    private static final long SHORTEST_PAUSE_NANOS = 2_000_000_000L;

    /** Maximum duration of the last turn, in nanoseconds: the next member waits for it. */
    private static final long LONGEST_GOODBYE_NANOS = 2_000_000_000L;

    private enum Step {
        LOOK,
        SELECT,
        READ,
        CHECK,
        RESTORE
    }

    private final ModbusBoard board;
    private final ModbusSettings settings;
    private final LogicWindow.Boards boards;
    private final Ticker ticker;

    private long timeoutNanos;
    private Step step = Step.LOOK;
    private long due;
    private int visited;
    private int former = -1;
    /** Whether the window was moved and not moved back. */
    private boolean isMoved;
    private int nextBlock;
    private long readAt;
    private int breaks;
    private List<ReadBlock> blocks = List.of();
    /** Maximum number of registers per read; reduced if the board does not give a block. */
    private int longest = ModbusRequest.MAX_READ;
    private int failedReads;
    private final List<RegisterView> answers = new ArrayList<>();

    public LogicScan(ModbusBoard board, ModbusSettings settings, LogicWindow.Boards boards, Ticker ticker) {
        this.board = board;
        this.settings = settings;
        this.boards = boards;
        this.ticker = ticker;
        this.timeoutNanos = settings.responseTimeout().toNanos();
        this.due = ticker.nanos();
    }

    @Override
    public long due() {
        return board.canBeScanned() ? due : ticker.nanos() + Ticker.NEVER;
    }

    @Override
    public void serve(ModbusClient client) throws LinkException {
        client.beginTransaction("scan");
        try {
            advance(client);
        } catch (ModbusException e) {
            shorten();
            // The board has no such window, or not at present: the next visit tries again.
            endVisit(former >= 0 && step != Step.RESTORE && step != Step.LOOK ? Step.RESTORE : Step.LOOK);
        } catch (LinkException e) {
            shorten();
            // The selection stays remembered, and is restored at the end of the next visit.
            endVisit(Step.LOOK);
            throw e;
        }
    }

    /** Halves a read that failed in two visits: it may be too long for the board, or touch a hole. */
    private void shorten() {
        if (step == Step.READ && nextBlock < blocks.size()) {
            failedReads++;
            int count = blocks.get(nextBlock).request().count();
            if (failedReads > 1 && count > 1) {
                longest = count / 2;
                failedReads = 0;
            }
        }
    }

    private void advance(ModbusClient client) throws ModbusException, LinkException {
        switch (step) {
            case LOOK:
                int selected = read(client, Table.HOLDING, SELECT);
                // After an interrupted visit the selection may still be ours. Then the selection before it is to
                // be restored.
                if (former < 0 || selected != visited) {
                    former = selected;
                    isMoved = false;
                }
                visited = visited % board.logicBoards() + 1;
                prepare(client.profile().device(settings.unit()).readLimit());
                step = selected == visited ? Step.READ : Step.SELECT;
                break;
            case SELECT:
                isMoved = true;
                select(client, visited);
                step = Step.READ;
                due = ticker.nanos() + SETTLE_NANOS;
                break;
            case READ:
                readBlock(client);
                break;
            case CHECK:
                if (!isShown(client)) {
                    step = Step.RESTORE;
                } else if (nextBlock < blocks.size()) {
                    step = Step.READ;
                } else {
                    publish();
                    step = Step.RESTORE;
                }
                break;
            case RESTORE:
                restore(client);
                endVisit(Step.LOOK);
                break;
        }
    }

    private void restore(ModbusClient client) throws ModbusException, LinkException {
        if (isMoved && former != visited && read(client, Table.HOLDING, SELECT) == visited) {
            select(client, former);
        }
        isMoved = false;
        former = -1;
    }

    /** Restores the selection if a visit is interrupted. */
    @Override
    public void onRemoved(ModbusClient client) throws LinkException {
        timeoutNanos = Math.min(timeoutNanos, LONGEST_GOODBYE_NANOS / 2);
        try {
            restore(client);
        } catch (ModbusException e) {
            // The window stays where it is.
        }
    }

    private void prepare(int limit) {
        answers.clear();
        nextBlock = 0;
        List<RegisterMapping> mappings = new ArrayList<>();
        for (BoardSlot mapping : boards.slotsOf(visited)) {
            mappings.add(new RegisterMapping(mapping.point(), mapping.place(), false));
        }
        blocks = ReadBlock.join(settings.unit(), mappings, longest, Math.min(longest, limit));
    }

    private void readBlock(ModbusClient client) throws ModbusException, LinkException {
        if (nextBlock == 0) {
            if (!isShown(client)) {
                step = Step.RESTORE;
                return;
            }
            // The visit may be held up in between; its values are as old as the first of them.
            readAt = ticker.nanos();
            breaks = board.breaks();
        }
        answers.add(client.transact(blocks.get(nextBlock).request(), timeoutNanos).copy());
        nextBlock++;
        failedReads = 0;
        step = Step.CHECK;
    }

    private boolean isShown(ModbusClient client) throws ModbusException, LinkException {
        return read(client, Table.INPUT, LogicWindow.SELECTION) == visited;
    }

    private void publish() {
        if (breaks != board.breaks()) {
            return;
        }
        @Nullable
        WordOrder order = board.wordOrder();
        for (int i = 0; i < answers.size(); i++) {
            blocks.get(i).decode(answers.get(i), order, board.assembler(), readAt);
        }
    }

    private void endVisit(Step next) {
        step = next;
        if (next == Step.LOOK) {
            long share = settings.slowRefresh().toNanos() / Math.max(1, board.logicBoards());
            due = ticker.nanos() + Math.max(SHORTEST_PAUSE_NANOS, share);
        }
    }

    private int read(ModbusClient client, Table table, int address) throws ModbusException, LinkException {
        return client.transact(ModbusRequest.read(settings.unit(), table.readFunction(), address, 1), timeoutNanos)
                .word(0);
    }

    private void select(ModbusClient client, int selection) throws ModbusException, LinkException {
        client.transact(ModbusRequest.writeSingle(settings.unit(), SELECT, selection), timeoutNanos);
    }

    @Override
    public long deadline() {
        return ticker.nanos() + Ticker.NEVER;
    }

    @Override
    public void unavailable(Failure failure) {
        step = Step.LOOK;
    }

    @Override
    public void opened(ModbusClient client) {
        step = Step.LOOK;
    }
}
