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
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.PollClass;
import org.openhab.binding.bmsmain.internal.bus.Backoff;
import org.openhab.binding.bmsmain.internal.bus.BusMember;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.device.BoardSupervisor;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.modbus.AnswerCheck.Readiness;
import org.openhab.binding.bmsmain.internal.modbus.AnswerCheck.Verdict;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls one board on a Modbus line or connection.
 * <p>
 * A cycle reads the fast blocks, and the slow ones when they are due; the first cycle after a connect reads
 * everything. A failed request is repeated once, at once. If the board does not answer then, the cycle ends and the
 * board rests for a while, so that a dead board does not slow down the others on its line.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class ModbusBoard implements BusMember<ModbusClient> {

    /** Number of consecutive cycles that read a filled block again; after that it is read with the slow values. */
    private static final int CYCLES_FOR_FILLED = 10;
    /** Number of consecutive losses after which a block counts as not given, while others are answered. */
    private static final int MOST_MISSES = 3;
    private static final int MOST_MISSES_OF_PART = 2;
    /** The same for a block that was given before, over several cycles. */
    private static final int MOST_MISSES_OF_PROVEN = 6;
    /** Duration of a cycle after which the values read so far are published, while the board is not online yet. */
    private static final long LONG_CYCLE_NANOS = 2_000_000_000L;
    /** Time after which a board that returns may be another one. */
    private static final long OTHER_BOARD_NANOS = 60_000_000_000L;
    /** Maximum rest while the far end of a new connection may not be ready yet, or something was answered. */
    private static final long SHORT_REST_NANOS = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    /** Number of consecutive answers that must agree while answers to other masters arrive. */
    private static final int ENOUGH_AGREE = 3;
    /** Maximum number of compared answers. */
    private static final int MOST_COMPARED = 6;
    /** Time for which the last report about the initialisation applies to later answers. */
    private static final long LOOK_NANOS = 1_000_000_000L;

    private final Logger logger = LoggerFactory.getLogger(ModbusBoard.class);

    private final ModbusSettings settings;
    private final String traceName;
    private final ReadPlan plan;
    private final BoardSupervisor supervisor;
    private final Ticker ticker;
    private final @Nullable CommandQueue commandQueue;
    private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private final Deque<ReadBlock> pending = new ArrayDeque<>();
    /** Blocks to retry at the end of the cycle, because they were left out or split. */
    private final Deque<ReadBlock> attempts = new ArrayDeque<>();
    /** Blocks that were refused before any answer in this cycle. */
    private final List<ReadBlock> refusedFirst = new ArrayList<>();
    private final WordOrderDetector detector;

    private boolean connecting = true;
    private boolean reopened;
    private boolean cycling;
    private long due;
    private long slowDue;
    private long cycleBegun;
    private int failures;
    private long failingSince;
    private long firstFailedAt;
    /** Whether the board was given up and has not answered since. */
    private boolean resting;
    /** Whether each attempt starts with another block, because the board may never answer the first one. */
    private boolean searching;
    /** Number of blocks by which the next cycle starts later, so that one that is never answered hides no others. */
    private int firstBlock;
    private int goodInCycle;
    private int shownInCycle;
    private int lastException;
    /** The last block that was answered in this cycle. */
    private @Nullable ReadBlock witness;
    /** A block that was lost twice, while another one is read to see whether the board answers. */
    private @Nullable ReadBlock suspect;
    /** Blocks that were given before and lost in the last cycle: they are read again in this one. */
    private final Set<ReadBlock> skipped = new LinkedHashSet<>();
    private boolean wasLost;
    private long lostAt;
    private boolean forgetsDevice;
    private boolean initialised;

    /** Whether the board reported in this cycle, and since the last failure, if it initialises; and when. */
    private boolean looked;
    private long lookedAt;
    private boolean lookedAgain;
    /** Blocks with answers that may be those of a board that has just started; kept until the next report. */
    private final List<ReadBlock> doubtful = new ArrayList<>();
    /** Time at which the first of the published values expires. */
    private long expiry;
    private int breaks;

    /** Whether the last conclusive answer was filled with a pattern, and which. */
    private boolean filled;
    private String pattern = "";
    /** Blocks with answers that are readings only if their neighbours are, oldest first; kept until that is known. */
    private final List<ReadBlock> uniform = new ArrayList<>();
    /** Blocks whose last answer was a pattern. */
    private final Set<ReadBlock> unread = new LinkedHashSet<>();
    /** Blocks that are read twice in this cycle, because all their registers have become the same. */
    private final Set<ReadBlock> askedTwice = new HashSet<>();
    /** The last block in this cycle whose answer was a reading. */
    private @Nullable ReadBlock lastReading;
    /** Whether it was read again in this cycle, after a block that had become uniform. */
    private boolean askedAnother;
    /** Whether the next cycle reads everything, because earlier values may be patterns or foreign answers. */
    private boolean readAll;
    private int unreadCycles;

    /** The block that is read again because its answer may be one to another master. */
    private @Nullable ReadBlock questioned;
    /** Number of blocks of the cycle that were not confirmed. */
    private int unconfirmed;
    /** Value of {@link ForeignTraffic#intrusions()} that was handled last. */
    private int intrusions;

    /**
     * @param network whether the board is reached over a network, where only the number of requests counts
     */
    public ModbusBoard(ModbusSettings settings, BoardSetup setup, boolean network, BoardListener listener,
            Ticker ticker) {
        this(settings, setup,
                ReadPlan.of(settings.unit(), setup, network ? ReadPlan.NETWORK_HOLE : ReadPlan.SERIAL_HOLE), listener,
                ticker);
    }

    /** Creates a board that is read by a given plan. */
    ModbusBoard(ModbusSettings settings, BoardSetup setup, ReadPlan plan, BoardListener listener, Ticker ticker) {
        this.settings = settings;
        this.traceName = Integer.toString(settings.unit());
        this.plan = plan;
        this.supervisor = new BoardSupervisor(setup, listener, ticker);
        this.ticker = ticker;
        this.detector = new WordOrderDetector(settings.wordOrder());
        this.commandQueue = settings.commandQueue();
        this.due = ticker.nanos();
        CommandQueue informed = commandQueue;
        if (informed != null) {
            supervisor.inform(informed);
        }
    }

    @Override
    public long due() {
        CommandQueue commands = commandQueue;
        return commands != null && commands.due() - due < 0 ? commands.due() : due;
    }

    @Override
    public boolean isUrgent() {
        CommandQueue commands = commandQueue;
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
            // All values were cleared, also those that are read seldom.
            abandonCycle();
            connecting = true;
            breaks++;
            wasLost = true;
            lostAt = nowNanos;
        } else if (wasOnline && expiry - nowNanos <= 0) {
            // The first values expire before the cycle ends.
            publish(Double.NaN);
        }
    }

    @Override
    public void opened(ModbusClient client) {
        supervisor.opened();
        // It may be another device, or another firmware. An interrupted cycle is finished first: otherwise a device
        // that hangs up after some requests would keep the board at the start of the cycle forever.
        reopened = true;
        if (!resting) {
            due = client.profile().readyAt(ticker.nanos());
        }
    }

    @Override
    public void renewed() {
        abandonCycle();
        connecting = true;
        // A recording must show how the needs of the device are learnt; otherwise it cannot be replayed.
        plan.reset();
        forgetsDevice = true;
        due = ticker.nanos();
    }

    @Override
    public void ended() {
        supervisor.ended();
    }

    @Override
    public void unavailable(Failure failure) {
        abandonCycle();
        connecting = true;
        failures = 0;
        resting = false;
        backoff.reset();
        due = ticker.nanos();
        supervisor.onUnreachable(failure);
    }

    @Override
    public void serve(ModbusClient client) throws LinkException {
        client.beginTransaction(traceName);
        CommandQueue commands = commandQueue;
        if (commands != null && commands.due() - ticker.nanos() <= 0) {
            // Commands go before reads.
            commands.step(new ModbusPort(client, settings, plan, detector.certain()));
            return;
        }
        DeviceProfile device = client.profile().device(settings.unit());
        device.gap().fix(settings.requestGap().toNanos());
        if (pending.isEmpty() && attempts.isEmpty()) {
            beginCycle(device);
        }
        if (!pending.isEmpty() || !attempts.isEmpty()) {
            ReadBlock block = pending.isEmpty() ? attempts.element() : pending.element();
            long begun = ticker.nanos();
            int soonLosses = device.gap().allSoonLosses();
            try {
                RegisterView registers = client.transact(block.ask(), settings.responseTimeout().toNanos());
                answered(client, device, block, registers);
            } catch (ModbusException e) {
                refused(device, block, e);
            } catch (LinkException e) {
                distrustAfter(client.profile().foreign());
                boolean tooSoon = device.gap().allSoonLosses() != soonLosses
                        && device.gap().isKeptBack(block.request());
                failed(client, device, block, begun, e.failure(), tooSoon);
                endCycleIfDone(client, device);
                throw e;
            }
        }
        endCycleIfDone(client, device);
    }

    private void endCycleIfDone(ModbusClient client, DeviceProfile device) {
        if (pending.isEmpty()) {
            pending.addAll(refusedFirst);
            refusedFirst.clear();
        }
        if (pending.isEmpty() && attempts.isEmpty() && cycling) {
            endCycle(client, device);
        }
    }

    private void abandonCycle() {
        pending.clear();
        attempts.clear();
        refusedFirst.clear();
        suspect = null;
        uniform.clear();
        questioned = null;
        cycling = false;
    }

    /** Whether BMS Logic boards can be visited: there are some, and the board itself needs no attention first. */
    boolean canBeScanned() {
        return supervisor.isOnline() && !connecting && failures == 0 && logicBoards() > 0;
    }

    /** Number of BMS Logic boards; 0 while that is not known. */
    int logicBoards() {
        return (int) supervisor.assembler().number(Catalogue.BOARD_COUNT);
    }

    /**
     * Number of times that earlier values became invalid: the board was lost or initialised, foreign answers began, or
     * the word order was not known. Values read before such a moment must not be used after it.
     */
    int breaks() {
        return breaks;
    }

    /** The word order, or null while it is not known. */
    @Nullable
    WordOrder wordOrder() {
        return detector.order();
    }

    /** The assembler that receives the values. */
    BoardAssembler assembler() {
        return supervisor.assembler();
    }

    private void beginCycle(DeviceProfile device) {
        cycling = true;
        goodInCycle = 0;
        shownInCycle = 0;
        lastException = 0;
        looked = false;
        lookedAgain = false;
        doubtful.clear();
        uniform.clear();
        askedTwice.clear();
        lastReading = null;
        askedAnother = false;
        witness = null;
        questioned = null;
        unconfirmed = 0;
        connecting |= reopened || readAll;
        reopened = false;
        readAll = false;
        long now = ticker.nanos();
        cycleBegun = now;
        if (connecting) {
            due = now;
            recall(device, now);
        }
        if (connecting) {
            if (detector.order() == null || !supervisor.isOnline()) {
                // A board that was not lost meanwhile is the same one.
                detector.reset();
            }
            pending.addAll(plan.of(PollClass.ONCE));
        }
        detector.begin();
        plan.all().forEach(ReadBlock::discard);
        if (connecting && !supervisor.isOnline()) {
            plan.all().forEach(block -> block.check().forget());
        }
        pending.addAll(plan.of(PollClass.FAST));
        boolean slow = connecting || slowDue - due <= 0;
        if (slow) {
            // Counted from the schedule of the fast refresh, not from the moment at which the bus got round to it.
            slowDue = due + settings.slowRefresh().toNanos();
            pending.addAll(plan.of(PollClass.SLOW));
        }
        readAgainWhatWasFilled(slow);
        skipped.retainAll(plan.all());
        skipped.stream().filter(block -> !pending.contains(block)).forEach(pending::add);
        skipped.clear();
        attempts.addAll(plan.attempts(now));
        if (resting && searching && !pending.isEmpty() && !pending.element().isProven()) {
            firstBlock++;
            for (int i = firstBlock % pending.size(); i > 0; i--) {
                pending.add(pending.remove());
            }
        }
    }

    /** Adds the blocks whose last answer was filled: their next turn may be far away, or never come. */
    private void readAgainWhatWasFilled(boolean slow) {
        unread.retainAll(plan.all());
        unreadCycles = unread.isEmpty() ? 0 : unreadCycles + 1;
        if (slow || unreadCycles <= CYCLES_FOR_FILLED) {
            unread.stream().filter(block -> !pending.contains(block)).forEach(pending::add);
        }
    }

    /** Decides which learnt facts still apply to a device that returns or is polled for the first time. */
    private void recall(DeviceProfile device, long now) {
        if (forgetsDevice || wasLost && now - lostAt > OTHER_BOARD_NANOS) {
            plan.reset();
            device.forget();
            forgetsDevice = false;
        } else if (!supervisor.isOnline()) {
            plan.forgetRefusals();
        } else {
            plan.hurry(now);
        }
        wasLost &= !supervisor.isOnline() && now - lostAt <= OTHER_BOARD_NANOS;
    }

    private void answered(ModbusClient client, DeviceProfile device, ReadBlock block, RegisterView registers) {
        long now = ticker.nanos();
        failures = 0;
        resting = false;
        searching = false;
        backoff.reset();
        witness = block;
        ForeignTraffic foreign = client.profile().foreign();
        distrustAfter(foreign);
        if (foreign.isGuarding(now) && !isConfirmed(block, registers, now)) {
            return;
        }
        take(device, block, now);
        boolean looks = block.holds(Catalogue.INITIALISATION);
        switch (verdict(block, registers, now, looks)) {
            case FILLED -> discard(block, registers.word(0));
            case UNIFORM -> weigh(client, block, registers, now);
            default -> {
                filled = false;
                lastReading = block;
                endWeighing(client);
                accept(client, block, registers, now);
            }
        }
    }

    /**
     * Whether an answer belongs to our request, where answers to other masters arrive that can be as long. An answer
     * close to the one accepted last does. Any other block is read again at once, with another length each time, until
     * several consecutive answers agree, or none is close to another because the values are changing.
     */
    private boolean isConfirmed(ReadBlock block, RegisterView registers, long now) {
        AnswerCheck check = block.check();
        WordOrder order = detector.certain();
        if (!block.equals(questioned)) {
            questioned = block;
            check.beginComparing();
        }
        boolean isPattern = verdict(block, registers, now, block.holds(Catalogue.INITIALISATION)) == Verdict.FILLED;
        if (!isPattern && check.isUsual(registers, order) || check.compare(registers, order) >= ENOUGH_AGREE
                || check.compared() >= MOST_COMPARED && check.moves()) {
            questioned = null;
            return true;
        }
        supervisor.discarded(Failure.of(FailureCause.SECOND_MASTER));
        if (check.compared() >= MOST_COMPARED) {
            questioned = null;
            unconfirmed++;
            passOver(block, now);
        }
        return false;
    }

    /** Continues with the next block. */
    private void passOver(ReadBlock block, long now) {
        if (pending.isEmpty()) {
            attempts.poll();
            plan.notGivenAgain(block, now);
        } else {
            pending.poll();
        }
    }

    /** Clears all values read before foreign answers were detected: they may come from one. */
    private void distrustAfter(ForeignTraffic foreign) {
        if (intrusions == foreign.intrusions()) {
            return;
        }
        intrusions = foreign.intrusions();
        uniform.clear();
        endDoubt(false);
        looked = false;
        readAll = true;
        breaks++;
        detector.begin();
        supervisor.assembler().forgetBoard();
        plan.all().forEach(block -> {
            block.discard();
            block.check().forget();
        });
        if (supervisor.isOnline()) {
            publish(Double.NaN);
        }
    }

    private Verdict verdict(ReadBlock block, RegisterView registers, long readAt, boolean looks) {
        Readiness readiness = looks ? block.readiness(registers, detector.certain())
                : looked && readAt - lookedAt <= LOOK_NANOS ? isReady() ? Readiness.READY : Readiness.INITIALISING
                        : readinessWithoutLook();
        return block.check().verdict(registers, detector.certain(), settings.wordOrder() != null, readiness);
    }

    /** Readiness without a report. If the block with the report waits, it is uniform, and therefore zero. */
    private Readiness readinessWithoutLook() {
        ReadBlock look = plan.holding(Catalogue.INITIALISATION);
        boolean waits = uniform.contains(look) || !looked && askedTwice.contains(look);
        return look == null || waits ? Readiness.READY : Readiness.UNKNOWN;
    }

    /** Keeps an answer with one word in all registers until the others are known, unless nothing is new. */
    private void weigh(ModbusClient client, ReadBlock block, RegisterView registers, long now) {
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
     * Another answer was a reading, so the waiting ones are too, unless they contradict the map by now. The pattern
     * may have ended before the other answer, so a block that was not uniform before is read once more.
     */
    private void endWeighing(ModbusClient client) {
        List<ReadBlock> waiting = List.copyOf(uniform);
        for (ReadBlock block : waiting) {
            RegisterView registers = block.kept();
            if (registers != null && verdictOnKept(block, registers) == Verdict.FILLED) {
                discard(block, registers.word(0));
                return;
            }
        }
        for (ReadBlock block : waiting) {
            RegisterView registers = block.kept();
            uniform.remove(block);
            if (registers == null) {
                continue;
            }
            boolean waitsForLook = !looked && block.holdsMeasurements() && !block.holds(Catalogue.INITIALISATION);
            if ((!waitsForLook || !unread.isEmpty()) && hasBecomeUniform(block, registers) && askedTwice.add(block)) {
                supervisor.discarded(new Failure(FailureCause.FILLED, hex(registers.word(0))));
                block.discard();
                pending.add(block);
            } else {
                accept(client, block, registers, block.keptNanos());
            }
        }
    }

    /**
     * Reads another block that was a reading in this cycle, if the cycle ended with blocks that became uniform. No
     * answer follows them, and if read again at once they would show the same pattern.
     */
    private boolean asksAnother() {
        ReadBlock other = lastReading;
        if (other == null) {
            return false;
        }
        RegisterView kept = other.kept();
        if (uniform.contains(other) && kept != null) {
            discard(other, kept.word(0));
            return false;
        }
        boolean asks = !askedAnother && uniform.stream().anyMatch(this::waitsForAnother);
        if (asks) {
            askedAnother = true;
            pending.add(other);
        }
        return asks;
    }

    private boolean waitsForAnother(ReadBlock block) {
        RegisterView registers = block.kept();
        return registers != null && !askedTwice.contains(block) && hasBecomeUniform(block, registers);
    }

    /** While blocks are missing after a pattern, it may have returned: a first answer is not trusted then. */
    private boolean hasBecomeUniform(ReadBlock block, RegisterView registers) {
        return block.check().hasBecomeUniform(registers, !unread.isEmpty());
    }

    private Verdict verdictOnKept(ReadBlock block, RegisterView registers) {
        return verdict(block, registers, block.keptNanos(), block.holds(Catalogue.INITIALISATION));
    }

    /** Rejects an answer that is no reading, and the answers that waited for it. */
    private void discard(ReadBlock block, int word) {
        if (!uniform.contains(block)) {
            uniform.add(block);
        }
        for (ReadBlock each : uniform) {
            refuse(each, word);
            supervisor.discarded(filling());
        }
        uniform.clear();
    }

    private void refuse(ReadBlock block, int word) {
        filled = true;
        pattern = hex(word);
        block.discard();
        unread.add(block);
        supervisor.assembler().reject();
    }

    private static String hex(int word) {
        return String.format(Locale.ROOT, "%04X", word);
    }

    private Failure filling() {
        return new Failure(FailureCause.FILLED, pattern);
    }

    private void accept(ModbusClient client, ReadBlock block, RegisterView registers, long readAt) {
        goodInCycle++;
        supervisor.answered(readAt, client.lastRoundTripNanos());
        block.check().accept(registers);
        if (unread.remove(block)) {
            // It is a reading again, possibly of another firmware.
            readAll = true;
        }
        if (detector.isJudging() && !block.isKept()) {
            block.addEvidence(registers, detector);
        }
        boolean looks = block.holds(Catalogue.INITIALISATION);
        boolean doubted = !looks && (!looked || readAt - lookedAt > LOOK_NANOS) && block.holdsMeasurements()
                && tellsWhetherItInitialises();
        if (detector.isJudging() || doubted) {
            block.keep(registers, readAt);
        }
        if (doubted) {
            doubtful.add(block);
            return;
        }
        boolean wasReady = isReady();
        block.decode(registers, detector.certain(), supervisor.assembler(), readAt);
        if (looks) {
            looked = true;
            lookedAt = readAt;
            endDoubt(wasReady && isReady());
        }
    }

    /** Learns from an answer what else can be read, and continues the cycle. */
    private void take(DeviceProfile device, ReadBlock block, long now) {
        if (pending.isEmpty()) {
            attempts.poll();
            ReadBlock next = plan.givenAgain(block);
            if (next != null) {
                attempts.addFirst(next);
            }
            return;
        }
        pending.poll();
        if (plan.given(block, device, now)) {
            readByPlan();
        }
        ReadBlock lost = suspect;
        suspect = null;
        if (lost != null) {
            lostAlone(device, lost, now);
        }
    }

    /** Continues the cycle with the current plan. */
    private void readByPlan() {
        List<ReadBlock> rest = List.copyOf(pending);
        pending.clear();
        rest.forEach(block -> pending.addAll(plan.inPlaceOf(block)));
    }

    /** Whether the board reports, or reported before, if it initialises. */
    private boolean tellsWhetherItInitialises() {
        return plan.holding(Catalogue.INITIALISATION) != null || plan.isMissing(Catalogue.INITIALISATION);
    }

    /** Whether the board reported last that it does not initialise. */
    private boolean isReady() {
        return supervisor.assembler().number(Catalogue.INITIALISATION) == 0;
    }

    /** Decides on doubtful answers: those between two reports that the board was ready are readings. */
    private void endDoubt(boolean readings) {
        for (ReadBlock block : doubtful) {
            RegisterView registers = block.kept();
            if (readings && registers != null && block.check().verdict(registers, detector.certain(),
                    settings.wordOrder() != null, Readiness.READY) == Verdict.FILLED) {
                refuse(block, registers.word(0));
            } else if (readings) {
                block.decodeKept(detector.certain(), supervisor.assembler());
            } else {
                block.discard();
                slowDue = due;
            }
        }
        doubtful.clear();
    }

    private void refused(DeviceProfile device, ReadBlock block, ModbusException e) {
        logger.debug("{}: refused with exception {}", block, e.code());
        long now = ticker.nanos();
        supervisor.refused();
        failures = 0;
        resting = false;
        lastException = e.code();
        ReadBlock lost = suspect;
        suspect = null;
        if (pending.isEmpty()) {
            attempts.poll();
            plan.notGivenAgain(block, now);
            return;
        }
        pending.poll();
        if (lost != null) {
            // A refusal also shows that the board is present.
            lostAlone(device, lost, now);
            return;
        }
        if (!e.mayBePermanent()) {
            return;
        }
        block.miss();
        if (goodInCycle == 0 && block.misses() == 1 && !plan.isSplit(block)) {
            // A boot loader, or a gateway without its board, refuses everything: that is no evidence about the block.
            refusedFirst.add(block);
            if (e.isOfGateway() && refusedFirst.size() > 1) {
                refusedFirst.clear();
                pending.clear();
                searching = true;
            }
        } else if (e.isPermanent() && !block.isProven() || block.misses() > 1) {
            split(device, block, e.isOfGateway(), now);
        } else {
            pending.add(block);
        }
    }

    /** Reads a block that the device does not give in smaller ones, or leaves it out. */
    private void split(DeviceProfile device, ReadBlock block, boolean costly, long now) {
        pending.remove(block);
        List<ReadBlock> parts = plan.split(block, costly, device, now);
        logger.debug("{}: not returned, read as {} from now on", block, parts);
        for (int i = parts.size() - 1; i >= 0; i--) {
            pending.addFirst(parts.get(i));
        }
        if (parts.isEmpty() && !plan.isPartOfKnown(block)) {
            block.mappings().forEach(mapping -> supervisor.assembler().forget(mapping.point()));
        }
        if (costly && block.hasHoles()) {
            plan.avoidHoles(device, now);
            readByPlan();
        }
    }

    private void failed(ModbusClient client, DeviceProfile device, ReadBlock block, long begun, Failure failure,
            boolean tooSoon) {
        long now = ticker.nanos();
        looked = false;
        supervisor.failed(failure);
        if (pending.isEmpty()) {
            // The blocks that were given before show whether the board is present.
            attempts.poll();
            plan.notGivenAgain(block, now);
            return;
        }
        if (resting && device.hasAnsweredSince(begun)) {
            resting = false;
            failures = 0;
        }
        failures++;
        if (failures == 1) {
            failingSince = begun;
            firstFailedAt = now;
        }
        if (failure.cause() == FailureCause.EXCEPTION && !resting && suspect == null && failures <= pending.size()) {
            // The refused request is a probe or an older one: that is no evidence about the block. The places of other
            // blocks make better probes.
            pending.remove(block);
            pending.add(block);
            due = now;
            return;
        }
        if (failure.cause() == FailureCause.GARBAGE) {
            block.miss();
        } else {
            block.lose(tooSoon);
        }
        due = now;
        ReadBlock answers = witness;
        ReadBlock lost = suspect;
        if (tooSoon && !resting) {
            logger.debug("{}: no response, retried after a longer pause", block);
        } else if (lost != null) {
            lost.forgive();
            giveUp(client, device, failure, now);
        } else if (block.misses() > 1 && device.hasAnsweredSince(failures == 1 ? begun : firstFailedAt)) {
            lostAlone(device, block, now);
        } else if (resting || block.misses() > 1 && answers == null) {
            giveUp(client, device, failure, now);
        } else if (block.misses() > 1 && answers != null) {
            suspect = block;
            pending.addFirst(answers);
            publishInCycle();
        }
    }

    /** Handles a block that is lost while others are answered: it must be read differently, or does not exist. */
    private void lostAlone(DeviceProfile device, ReadBlock block, long now) {
        failures = 0;
        resting = false;
        int most = block.isProven() ? MOST_MISSES_OF_PROVEN : !plan.isSplit(block) ? MOST_MISSES : MOST_MISSES_OF_PART;
        if (block.misses() >= most) {
            split(device, block, true, now);
        } else if (block.isProven()) {
            // Continue with the others.
            pending.remove(block);
            skipped.add(block);
        }
        if (!supervisor.isOnline() && goodInCycle > 0 && now - cycleBegun > LONG_CYCLE_NANOS) {
            publish(Double.NaN);
        }
    }

    private void giveUp(ModbusClient client, DeviceProfile device, Failure failure, long now) {
        if (!pending.isEmpty()) {
            pending.element().forgive();
        }
        publishInCycle();
        searching |= failures > 0;
        abandonCycle();
        endDoubt(false);
        connecting = true;
        resting = true;
        long rest = backoff.next();
        boolean answers = failures > 0 && device.hasAnsweredSince(failingSince);
        boolean isSoonThere = answers || client.profile().mayBecomeReady(now)
                || failure.cause() == FailureCause.NO_ANSWER_YET;
        due = now + (isSoonThere ? Math.min(rest, SHORT_REST_NANOS) : rest);
        supervisor.onUnreachable(answers ? Failure.of(FailureCause.SOME_ANSWERS) : failure);
    }

    private void endCycle(ModbusClient client, DeviceProfile device) {
        long now = ticker.nanos();
        if (!filled) {
            if (!uniform.isEmpty() && readinessWithoutLook() == Readiness.UNKNOWN && !looked && looksAgain()) {
                return;
            }
            if (asksAnother()) {
                return;
            }
            endWeighing(client);
            if (!pending.isEmpty()) {
                return;
            }
        }
        if (goodInCycle == 0 && unconfirmed > 0) {
            cycling = false;
            connecting = true;
            due = now + settings.refresh().toNanos();
            supervisor.onUnreachable(Failure.of(FailureCause.SECOND_MASTER));
            return;
        }
        if (goodInCycle == 0 && filled) {
            // Poll it at the usual rate, and everything, because it may come back with another firmware.
            cycling = false;
            connecting = true;
            due = now + settings.refresh().toNanos();
            supervisor.onUnreachable(filling());
            return;
        }
        if (goodInCycle == 0) {
            // A boot loader, or a gateway without its board, is no evidence about what can be read.
            plan.forgetRefusals();
            giveUp(client, device, lastException == 0 ? Failure.of(FailureCause.SOME_ANSWERS)
                    : new Failure(FailureCause.EXCEPTION, Integer.toString(lastException)), now);
            return;
        }
        if (!doubtful.isEmpty() && looksAgain()) {
            return;
        }
        cycling = false;
        decideWordOrder(now);
        connecting = false;
        WordOrder order = detector.order();
        supervisor.assembler().putText(Catalogue.WORD_ORDER, order == null ? "undecided" : order.id(), now);
        showProfile(client.profile(), device, now);
        boolean initialises = publish(client.loadPercent()).isSet(Catalogue.INITIALISATION);
        if (initialised && !initialises) {
            plan.hurry(now);
        }
        initialised = initialises;
        if (initialises) {
            // No measured value was kept, so read the slow values as soon as the board is ready.
            slowDue = now;
        }
        if (initialises || order == null) {
            breaks++;
        }
        // A fixed schedule, not a pause: the interval is kept as long as the bus can keep it.
        long next = due + settings.refresh().toNanos();
        due = next - now < 0 ? now : next;
    }

    /** Publishes what was learnt about the device. */
    private void showProfile(LinkProfile profile, DeviceProfile device, long now) {
        show(Catalogue.REQUEST_GAP, device.requestGapMillis(), "ms", now);
        show(Catalogue.WAKE_UP, device.wakeUpMillis(), "ms", now);
        show(Catalogue.READ_LIMIT, device.hasReadLimit() ? device.readLimit() : 0, "registers", now);
        show(Catalogue.CONNECT_WAIT, profile.connectWaitNanos() / NANOS_PER_MILLI, "ms", now);
        showText(Catalogue.GATEWAY_HEADER, profile.gateway(), now);
        // A telnet server corrupts the answers in which it doubles bytes: the device does have the missing registers.
        showText(Catalogue.MISSING_REGISTERS, profile.isTelnet() ? "" : plan.missing(), now);
    }

    private void showText(Point point, String text, long now) {
        if (text.isEmpty()) {
            supervisor.assembler().forget(point);
        } else {
            supervisor.assembler().putText(point, text, now);
        }
    }

    private void show(Point point, long number, String unit, long now) {
        showText(point, number > 0 ? number + " " + unit : "", now);
    }

    /** Publishes the values read so far when the cycle does not end as usual. */
    private void publishInCycle() {
        if (goodInCycle > shownInCycle && supervisor.isOnline()) {
            shownInCycle = goodInCycle;
            publish(Double.NaN);
        }
    }

    private BoardSnapshot publish(double busLoad) {
        BoardSnapshot snapshot = supervisor.publish(busLoad);
        // The next refresh usually comes first.
        expiry = supervisor.assembler().nextExpiry(ticker.nanos()) + settings.refresh().toNanos();
        return snapshot;
    }

    /**
     * Reads once more whether the board initialises, because it may have restarted since the last report.
     *
     * @return false when that was tried in this cycle already, or the board does not report it
     */
    private boolean looksAgain() {
        ReadBlock look = plan.holding(Catalogue.INITIALISATION);
        if (look == null || lookedAgain) {
            endDoubt(!tellsWhetherItInitialises());
            return false;
        }
        lookedAgain = true;
        pending.add(look);
        return true;
    }

    /** Decodes the values that waited for the word order. */
    private void decideWordOrder(long now) {
        WordOrder decided = detector.decide();
        if (decided != null) {
            plan.all().forEach(block -> block.decodeOrdered(decided, supervisor.assembler()));
            if (!connecting) {
                // The slow values were read while it was not known whether the board was ready.
                slowDue = now;
            }
        }
    }
}
