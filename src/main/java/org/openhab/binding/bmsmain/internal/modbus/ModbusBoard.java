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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Pace;
import org.openhab.binding.bmsmain.internal.link.Backoff;
import org.openhab.binding.bmsmain.internal.link.BoardListener;
import org.openhab.binding.bmsmain.internal.link.BoardSupervisor;
import org.openhab.binding.bmsmain.internal.link.BusMember;
import org.openhab.binding.bmsmain.internal.link.Failure;
import org.openhab.binding.bmsmain.internal.link.FailureCause;
import org.openhab.binding.bmsmain.internal.link.LinkException;
import org.openhab.binding.bmsmain.internal.link.SignalCommander;
import org.openhab.binding.bmsmain.internal.link.Ticker;
import org.openhab.binding.bmsmain.internal.modbus.AnswerCheck.Readiness;
import org.openhab.binding.bmsmain.internal.modbus.AnswerCheck.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls one board on a Modbus line or connection.
 * <p>
 * A cycle reads the fast blocks, and the slow ones when they are due; the first cycle after a connect reads everything.
 * A request that failed is repeated once at once; a second failure ends the cycle and lets the board rest for a while,
 * so that a dead board does not slow down the others on its line.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class ModbusBoard implements BusMember<ModbusClient> {

    /** What the device refused for good is tried again after this time: firmware can be updated while we run. */
    private static final long REFUSED_AGAIN_NANOS = 600_000_000_000L;
    /** For so many cycles in a row, what was filled is read again in each; then with the slow values. */
    private static final int CYCLES_FOR_FILLED = 10;
    /** For how long the word that the board does not initialise holds for what is read after it. */
    private static final long LOOK_NANOS = 1_000_000_000L;

    private final Logger logger = LoggerFactory.getLogger(ModbusBoard.class);

    private final ModbusSettings settings;
    private final String turn;
    private final ReadPlan plan;
    private final BoardSupervisor supervisor;
    private final Ticker ticker;
    private final @Nullable SignalCommander commander;
    private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private final Deque<Block> pending = new ArrayDeque<>();
    private final List<Block> refused = new ArrayList<>();
    private final WordOrderJudge judge;

    private boolean connecting = true;
    private boolean reopened;
    private long due;
    private long slowDue;
    private long refusedAgain;
    private int failures;
    private int goodInCycle;
    private int lastException;

    /** Whether the board said in this cycle, and since the last failure, if it initialises; and when. */
    private boolean looked;
    private long lookedAt;
    private boolean lookedAgain;
    /** Blocks whose answers may be those of a board that has just started; they are kept until it is asked again. */
    private final List<Block> doubtful = new ArrayList<>();
    /** When the first of the values that are shown becomes too old. */
    private long expiry;
    private int breaks;

    /** Whether the last answer that shows it was filled with a pattern, and which. */
    private boolean filled;
    private String pattern = "";
    /** Answers that are readings only if their neighbours are, oldest first; they are kept until that is known. */
    private final List<Block> uniform = new ArrayList<>();
    /** Blocks whose last answer was a pattern. */
    private final Set<Block> unread = new LinkedHashSet<>();
    /** Blocks that are asked twice in this cycle, because all their registers have become the same. */
    private final Set<Block> askedTwice = new HashSet<>();
    /** Whether the next cycle reads everything, because the board came back from a pattern. */
    private boolean readAll;
    private int unreadCycles;

    /**
     * @param network whether the board is reached over a network, where only the number of requests counts
     */
    public ModbusBoard(ModbusSettings settings, BoardSetup setup, boolean network, BoardListener listener,
            Ticker ticker) {
        this.settings = settings;
        this.turn = Integer.toString(settings.unit());
        this.plan = ReadPlan.of(settings.unit(), setup, network ? ReadPlan.NETWORK_HOLE : ReadPlan.SERIAL_HOLE);
        this.supervisor = new BoardSupervisor(setup, listener, ticker);
        this.ticker = ticker;
        this.judge = new WordOrderJudge(settings.wordOrder());
        this.commander = settings.commander();
        this.due = ticker.nanos();
        SignalCommander informed = commander;
        if (informed != null) {
            supervisor.inform(informed);
        }
    }

    @Override
    public long due() {
        SignalCommander commands = commander;
        return commands != null && commands.due() - due < 0 ? commands.due() : due;
    }

    @Override
    public boolean isUrgent() {
        SignalCommander commands = commander;
        return commands != null && commands.isUrgent();
    }

    @Override
    public long deadline() {
        long lost = supervisor.deadline();
        return supervisor.isOnline() && expiry - lost < 0 ? expiry : lost;
    }

    @Override
    public void watch(long nowNanos) {
        boolean wasOnline = supervisor.isOnline();
        supervisor.watch(nowNanos);
        if (wasOnline && !supervisor.isOnline()) {
            // Its values are gone, also those that are read seldom.
            pending.clear();
            connecting = true;
            breaks++;
        } else if (wasOnline && expiry - nowNanos <= 0) {
            // A cycle takes longer than its first values count.
            publish(Double.NaN);
        }
    }

    @Override
    public void opened(ModbusClient client) {
        supervisor.opened();
        // It may be another device, or another firmware. A cycle that was interrupted is finished first: a device that
        // hangs up after some requests must not keep us at the beginning for ever.
        reopened = true;
        if (failures < 2) {
            due = ticker.nanos();
        }
    }

    @Override
    public void renewed() {
        pending.clear();
        connecting = true;
        due = ticker.nanos();
    }

    @Override
    public void ended() {
        supervisor.ended();
    }

    @Override
    public void unavailable(Failure failure) {
        pending.clear();
        connecting = true;
        failures = 0;
        backoff.reset();
        due = ticker.nanos();
        supervisor.gaveUp(failure);
    }

    @Override
    public void serve(ModbusClient client) throws LinkException {
        client.turn(turn);
        SignalCommander commands = commander;
        if (commands != null && commands.due() - ticker.nanos() <= 0) {
            // Commands go before reads.
            commands.step(new ModbusPort(client, settings, plan, judge.certain()));
            return;
        }
        if (pending.isEmpty()) {
            beginCycle();
        }
        if (!pending.isEmpty()) {
            Block block = pending.element();
            try {
                RegisterView registers = client.transact(block.request(), settings.responseTimeout().toNanos());
                answered(client, block, registers);
            } catch (ModbusException e) {
                refused(block, e);
            } catch (LinkException e) {
                failed(e.failure());
                throw e;
            }
        }
        if (pending.isEmpty()) {
            endCycle(client);
        }
    }

    /** Whether there are BMS Logic boards to visit, and nothing else is to be done first. */
    boolean canBeScanned() {
        return supervisor.isOnline() && !connecting && failures == 0 && logicBoards() > 0;
    }

    /** Number of BMS Logic boards; 0 while that is not known. */
    int logicBoards() {
        return (int) supervisor.assembler().number(Catalogue.BOARD_COUNT);
    }

    /**
     * How often what was read of the board lost its meaning, because it was lost or initialised. What was read before
     * such a moment is of no use after it.
     */
    int breaks() {
        return breaks;
    }

    /** The word order, or null while it is not known. */
    @Nullable
    WordOrder wordOrder() {
        return judge.order();
    }

    /** Where values that were read are put. */
    BoardAssembler assembler() {
        return supervisor.assembler();
    }

    private void beginCycle() {
        goodInCycle = 0;
        lastException = 0;
        looked = false;
        lookedAgain = false;
        doubtful.clear();
        uniform.clear();
        askedTwice.clear();
        connecting |= reopened || readAll;
        reopened = false;
        readAll = false;
        if (connecting) {
            due = ticker.nanos();
        }
        if (connecting && !supervisor.isOnline()) {
            forgetRefusals();
        } else if (connecting || refusedAgain - due <= 0) {
            refused.forEach(plan::restore);
            refused.clear();
            refusedAgain = due + REFUSED_AGAIN_NANOS;
        }
        if (connecting) {
            if (judge.order() == null || !supervisor.isOnline()) {
                // A board that was not lost meanwhile is the same.
                judge.doubt();
            }
            pending.addAll(plan.of(Pace.ONCE));
        }
        judge.begin();
        plan.all().forEach(Block::letGo);
        if (connecting && !supervisor.isOnline()) {
            plan.all().forEach(block -> block.check().forget());
        }
        pending.addAll(plan.of(Pace.FAST));
        boolean slow = connecting || slowDue - due <= 0;
        if (slow) {
            // By the grid of the fast refresh, and not by the moment at which the bus got round to it.
            slowDue = due + settings.slowRefresh().toNanos();
            pending.addAll(plan.of(Pace.SLOW));
        }
        readAgainWhatWasFilled(slow);
    }

    /** What was filled when its turn came would have to wait long for the next, or for ever. */
    private void readAgainWhatWasFilled(boolean slow) {
        unread.retainAll(plan.all());
        unreadCycles = unread.isEmpty() ? 0 : unreadCycles + 1;
        if (slow || unreadCycles <= CYCLES_FOR_FILLED) {
            unread.stream().filter(block -> !pending.contains(block)).forEach(pending::add);
        }
    }

    private void answered(ModbusClient client, Block block, RegisterView registers) {
        long now = ticker.nanos();
        pending.poll();
        failures = 0;
        backoff.reset();
        boolean looks = block.holds(Catalogue.INITIALISATION);
        switch (verdict(block, registers, now, looks)) {
            case FILLED -> discard(block, registers.word(0));
            case UNIFORM -> weigh(client, block, registers, now);
            default -> {
                filled = false;
                endWeighing(client);
                accept(client, block, registers, now);
            }
        }
    }

    private Verdict verdict(Block block, RegisterView registers, long readAt, boolean looks) {
        Readiness readiness = looks ? block.readiness(registers, judge.certain())
                : looked && readAt - lookedAt <= LOOK_NANOS ? isReady() ? Readiness.READY : Readiness.INITIALISING
                        : readinessWithoutLook();
        return block.check().verdict(registers, judge.certain(), settings.wordOrder() != null, readiness);
    }

    /** Where the word about it is one of the answers that wait, all its bits are alike, and then they are zero. */
    private Readiness readinessWithoutLook() {
        Block look = plan.holding(Catalogue.INITIALISATION);
        boolean waits = uniform.contains(look) || !looked && askedTwice.contains(look);
        return look == null || waits ? Readiness.READY : Readiness.UNKNOWN;
    }

    /** All registers hold the same word: waits for what the other answers are, unless nothing is new. */
    private void weigh(ModbusClient client, Block block, RegisterView registers, long now) {
        if (filled) {
            discard(block, registers.word(0));
        } else if (block.check().isUnchanged(registers)) {
            accept(client, block, registers, now);
        } else {
            block.keep(registers, now);
            uniform.add(block);
        }
    }

    /**
     * Another answer was a reading: so was what waited, unless it speaks against itself by now. A pattern can be over
     * before the other answer, so what was not uniform before is asked once more.
     */
    private void endWeighing(ModbusClient client) {
        List<Block> waiting = List.copyOf(uniform);
        for (Block block : waiting) {
            RegisterView registers = block.kept();
            if (registers != null && verdictOnKept(block, registers) == Verdict.FILLED) {
                discard(block, registers.word(0));
                return;
            }
        }
        for (Block block : waiting) {
            RegisterView registers = block.kept();
            uniform.remove(block);
            if (registers == null) {
                continue;
            }
            boolean waitsForLook = !looked && block.holdsMeasurements() && !block.holds(Catalogue.INITIALISATION);
            if (!waitsForLook && block.check().hasBecomeUniform(registers) && askedTwice.add(block)) {
                supervisor.discarded(new Failure(FailureCause.FILLED, hex(registers.word(0))));
                block.letGo();
                pending.add(block);
            } else {
                accept(client, block, registers, block.keptNanos());
            }
        }
    }

    private Verdict verdictOnKept(Block block, RegisterView registers) {
        return verdict(block, registers, block.keptNanos(), block.holds(Catalogue.INITIALISATION));
    }

    /** The answer is no reading, and neither are those that waited for it. */
    private void discard(Block block, int word) {
        if (!uniform.contains(block)) {
            uniform.add(block);
        }
        for (Block each : uniform) {
            refuse(each, word);
            supervisor.discarded(filling());
        }
        uniform.clear();
    }

    private void refuse(Block block, int word) {
        filled = true;
        pattern = hex(word);
        block.letGo();
        unread.add(block);
        supervisor.assembler().reject();
    }

    private static String hex(int word) {
        return String.format(Locale.ROOT, "%04X", word);
    }

    private Failure filling() {
        return new Failure(FailureCause.FILLED, pattern);
    }

    private void accept(ModbusClient client, Block block, RegisterView registers, long readAt) {
        goodInCycle++;
        supervisor.answered(readAt, client.lastRoundTripNanos());
        block.check().accept(registers);
        if (unread.remove(block)) {
            // It is a reading again, and may be that of another firmware.
            readAll = true;
        }
        if (judge.isJudging() && !block.isKept()) {
            block.testify(registers, judge);
        }
        boolean looks = block.holds(Catalogue.INITIALISATION);
        boolean doubted = !looks && (!looked || readAt - lookedAt > LOOK_NANOS) && block.holdsMeasurements()
                && plan.holding(Catalogue.INITIALISATION) != null;
        if (judge.isJudging() || doubted) {
            block.keep(registers, readAt);
        }
        if (doubted) {
            doubtful.add(block);
            return;
        }
        boolean wasReady = isReady();
        block.decode(registers, judge.certain(), supervisor.assembler(), readAt);
        if (looks) {
            looked = true;
            lookedAt = readAt;
            endDoubt(wasReady && isReady());
        }
    }

    /** Whether the board said, when it was asked last, that it does not initialise. */
    private boolean isReady() {
        return supervisor.assembler().number(Catalogue.INITIALISATION) == 0;
    }

    /** What was read between two times that the board said it was ready was a reading. */
    private void endDoubt(boolean readings) {
        for (Block block : doubtful) {
            RegisterView registers = block.kept();
            if (readings && registers != null && block.check().verdict(registers, judge.certain(),
                    settings.wordOrder() != null, Readiness.READY) == Verdict.FILLED) {
                refuse(block, registers.word(0));
            } else if (readings) {
                block.decodeKept(judge.certain(), supervisor.assembler());
            } else {
                block.letGo();
                slowDue = due;
            }
        }
        doubtful.clear();
    }

    private void refused(Block block, ModbusException e) {
        logger.debug("{}: refused with exception {}", block, e.code());
        supervisor.refused();
        pending.poll();
        failures = 0;
        lastException = e.code();
        if (!e.isPermanent()) {
            return;
        }
        List<Block> parts = plan.refused(block);
        for (int i = parts.size() - 1; i >= 0; i--) {
            pending.addFirst(parts.get(i));
        }
        if (parts.isEmpty()) {
            refused.add(block);
            block.slots().forEach(slot -> supervisor.assembler().forget(slot.point()));
        }
    }

    private void forgetRefusals() {
        plan.reset();
        refused.clear();
        refusedAgain = due + REFUSED_AGAIN_NANOS;
    }

    private void failed(Failure failure) {
        failures++;
        looked = false;
        supervisor.failed(failure);
        long now = ticker.nanos();
        if (failures < 2) {
            due = now;
            return;
        }
        giveUp(failure, now);
    }

    private void giveUp(Failure failure, long now) {
        pending.clear();
        uniform.clear();
        endDoubt(false);
        connecting = true;
        due = now + backoff.next();
        if (goodInCycle > 0 && supervisor.isOnline()) {
            publish(Double.NaN);
        }
        supervisor.gaveUp(failure);
    }

    private void endCycle(ModbusClient client) {
        long now = ticker.nanos();
        if (!filled) {
            if (!uniform.isEmpty() && readinessWithoutLook() == Readiness.UNKNOWN && !looked && looksAgain()) {
                return;
            }
            endWeighing(client);
            if (!pending.isEmpty()) {
                return;
            }
        }
        if (goodInCycle == 0 && filled) {
            // It is asked at its usual pace, and for everything, because it may come back as another firmware.
            connecting = true;
            due = now + settings.refresh().toNanos();
            supervisor.gaveUp(filling());
            return;
        }
        if (goodInCycle == 0) {
            // Of a boot loader, or a gateway without its board: it says nothing about what can be read.
            forgetRefusals();
            giveUp(new Failure(FailureCause.EXCEPTION, Integer.toString(lastException)), now);
            return;
        }
        if (!doubtful.isEmpty() && looksAgain()) {
            return;
        }
        decideWordOrder(now);
        connecting = false;
        WordOrder order = judge.order();
        supervisor.assembler().putText(Catalogue.WORD_ORDER, order == null ? "undecided" : order.id(), now);
        boolean initialises = publish(client.loadPercent()).isSet(Catalogue.INITIALISATION);
        if (initialises) {
            // Nothing measured was kept, so the slow values are wanted as soon as the board is ready.
            slowDue = now;
        }
        if (initialises || order == null) {
            breaks++;
        }
        // A grid, not a pause: the interval is kept as long as the bus can keep it.
        long next = due + settings.refresh().toNanos();
        due = next - now < 0 ? now : next;
    }

    private BoardSnapshot publish(double busLoad) {
        BoardSnapshot snapshot = supervisor.publish(busLoad);
        // Mostly the next refresh comes first.
        expiry = supervisor.assembler().nextExpiry(ticker.nanos()) + settings.refresh().toNanos();
        return snapshot;
    }

    /**
     * Reads once more whether the board initialises, because it can have started anew since it said so.
     *
     * @return false when that was tried in this cycle already, or the board does not tell
     */
    private boolean looksAgain() {
        Block look = plan.holding(Catalogue.INITIALISATION);
        if (look == null || lookedAgain) {
            endDoubt(look == null);
            return false;
        }
        lookedAgain = true;
        pending.add(look);
        return true;
    }

    /** Shows what waited for the word order to be known. */
    private void decideWordOrder(long now) {
        WordOrder decided = judge.decide();
        if (decided != null) {
            plan.all().forEach(block -> block.decodeOrdered(decided, supervisor.assembler()));
            if (!connecting) {
                // The slow values were read while it was not known whether the board was ready.
                slowDue = now;
            }
        }
    }
}
