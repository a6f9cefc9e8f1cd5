/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.diagnosis;

import static org.junit.jupiter.api.Assertions.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.modbus.ModbusException;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * The requests of the search, and their share of the wire.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class RegisterSearchTest {

    private static final long SECOND = LeapTicker.SECOND;
    private static final long MILLI = LeapTicker.MILLI;
    /** Nanoseconds per character of 10 bits at 9600 baud. */
    private static final double CHARACTER = 10 * SECOND / 9600.0;
    /** Time from a request to the board's response. */
    private static final long LATENCY = 20 * MILLI;

    private final LeapTicker ticker = new LeapTicker(Long.MAX_VALUE - 5 * SECOND);
    private final List<int[]> requests = new ArrayList<>();
    private final BitSet registers = new BitSet();
    /** Whether a read that includes an existing register is answered completely. */
    private boolean fills;
    private boolean silentAtHoles;
    private int limit = 125;
    private @Nullable LinkException broken;

    /** A board behind RTU at 9600 baud; each exchange takes the time of its characters. */
    private int[] read(int address, int count) throws ModbusException, LinkException {
        requests.add(new int[] { address, count });
        LinkException failure = broken;
        if (failure != null) {
            throw failure;
        }
        int there = registers.get(address, address + count).cardinality();
        boolean given = count <= limit && (there == count || fills && there > 0);
        ticker.pass((long) ((8 + 3.5) * CHARACTER) + LATENCY);
        if (!given && silentAtHoles) {
            ticker.pass(SECOND);
            throw new LinkException(Failure.of(FailureCause.NO_ANSWER), false);
        }
        ticker.pass((long) ((given ? 5 + 2 * count + 3.5 : 5 + 3.5) * CHARACTER));
        if (!given) {
            throw new ModbusException(ModbusException.ILLEGAL_DATA_ADDRESS);
        }
        int[] words = new int[count];
        for (int i = 0; i < count; i++) {
            words[i] = address + i + (int) (ticker.nanos() / SECOND & 1) & 0xFFFF;
        }
        return words;
    }

    private RegisterSearch search(boolean withCells, int minutes) {
        registers.set(0x2000, 0x2011);
        return new RegisterSearch(withCells, 125, Duration.ofMinutes(minutes), ticker);
    }

    /** @return the duration of the first pass */
    private long firstPass(RegisterSearch search) throws LinkException {
        long begun = ticker.nanos();
        while (search.passes() == 0 && !search.isDone()) {
            step(search);
        }
        return ticker.nanos() - begun;
    }

    private void step(RegisterSearch search) throws LinkException {
        ticker.pass(Math.max(0, search.due() - ticker.nanos()));
        search.step(this::read);
    }

    private void allRegisters() {
        registers.set(0x2011, 0x242A);
    }

    @Test
    void firstPassTakesLessThanThreeMinutes() throws Exception {
        allRegisters();
        RegisterSearch search = search(false, 10);
        long time = firstPass(search);
        assertTrue(time < 60 * SECOND, time / SECOND + " s");
        assertTrue(search.busyNanos() * 10 <= time * 1.05, "share of the bus");
    }

    @ParameterizedTest
    @ValueSource(ints = { 0, 1, 5, 20, 60, 120 })
    void firstPassTakesLessThanThreeMinutesWithHoles(int islands) throws Exception {
        Random random = new Random(islands);
        for (int i = 0; i < islands; i++) {
            int address = 0x2103 + random.nextInt(0x300);
            registers.set(address, address + 1 + random.nextInt(6));
        }
        RegisterSearch search = search(false, 10);
        long time = firstPass(search);
        assertTrue(time <= 180 * SECOND, time / SECOND + " s");
        assertTrue(search.busyNanos() * 10 <= time * 1.05, "share of the bus");
    }

    @Test
    void everyRegisterIsFoundInTheEnd() throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < 40; i++) {
            int address = 0x2103 + random.nextInt(0x300);
            registers.set(address, address + 1 + random.nextInt(6));
        }
        registers.clear(0x2181, 0x21A3);
        registers.clear(0x2410, 0x2500);
        int there = registers.cardinality();
        RegisterSearch search = search(false, 30);
        while (!search.isDone() && search.found() < there) {
            step(search);
        }
        assertEquals(there, search.found());
        // A hole is not requested again.
        requests.clear();
        while (!search.isDone() && requests.size() < 600) {
            step(search);
        }
        long refused = requests.stream()
                .filter(request -> registers.get(request[0], request[0] + request[1]).cardinality() < request[1])
                .count();
        assertTrue(refused < 200, "refused " + refused);
        requests.clear();
        while (!search.isDone() && requests.size() < 100) {
            step(search);
        }
        assertTrue(requests.stream()
                .allMatch(request -> registers.get(request[0], request[0] + request[1]).cardinality() == request[1]));
    }

    @Test
    void onlyTheGapsAreRead() throws Exception {
        allRegisters();
        RegisterSearch search = search(false, 5);
        while (!search.isDone()) {
            step(search);
        }
        for (int[] request : requests) {
            int end = request[0] + request[1];
            assertTrue(request[0] >= 0x2001 && end <= 0x2011 || request[0] >= 0x2100 && end <= 0x242A,
                    () -> String.format("0x%04X %d", request[0], request[1]));
            assertTrue(request[1] <= RegisterSearch.BLOCK);
        }
        assertTrue(search.passes() > 3);
    }

    @Test
    void windowIsReadWithCellsOnly() throws Exception {
        allRegisters();
        RegisterSearch search = search(true, 5);
        firstPass(search);
        assertTrue(requests.stream().anyMatch(request -> request[0] == RegisterSamples.WINDOW_FIRST));
        assertTrue(requests.stream().anyMatch(request -> request[0] + request[1] == RegisterSamples.WINDOW_LAST + 1));
    }

    @Test
    void learnsHowMuchIsGivenAtOnce() throws Exception {
        allRegisters();
        limit = 20;
        RegisterSearch search = search(false, 10);
        firstPass(search);
        requests.clear();
        while (search.passes() < 5) {
            step(search);
        }
        assertTrue(requests.stream().allMatch(request -> request[1] <= 20));
        assertTrue(search.found() >= 0x2429 - 0x2100 - 13);
    }

    /** Some boards fill holes in a response with zeros, and reject a read that is entirely in a hole. */
    @Test
    void boardThatFillsHolesIsReadInLargeBlocks() throws Exception {
        for (int address = 0x2103; address < 0x2429; address += 23) {
            registers.set(address, address + 2);
        }
        fills = true;
        RegisterSearch search = search(false, 10);
        firstPass(search);
        requests.clear();
        while (search.passes() < 5) {
            step(search);
        }
        assertTrue(requests.stream().anyMatch(request -> request[1] > 20));
    }

    @Test
    void silentBoardIsNotAskedForEveryHole() {
        registers.set(0x2100, 0x2120);
        silentAtHoles = true;
        RegisterSearch search = search(false, 120);
        int silent = 0;
        while (search.passes() == 0) {
            try {
                step(search);
            } catch (LinkException e) {
                silent++;
            }
        }
        assertTrue(silent < 45, "time-outs: " + silent);
    }

    @Test
    void lostLinkIsToldAndTheReadIsMadeAgain() throws Exception {
        allRegisters();
        RegisterSearch search = search(false, 10);
        step(search);
        broken = LinkException.lost(FailureCause.NO_ANSWER, "");
        ticker.pass(Math.max(0, search.due() - ticker.nanos()));
        assertThrows(LinkException.class, () -> search.step(this::read));
        int[] lost = requests.get(requests.size() - 1);
        broken = null;
        for (int i = 0; i < 3; i++) {
            step(search);
        }
        assertEquals(2, requests.stream().filter(request -> request[0] == lost[0] && request[1] == lost[1]).count());
    }

    @Test
    void stopEndsIt() throws Exception {
        allRegisters();
        RegisterSearch search = search(false, 10);
        step(search);
        search.stop();
        int before = requests.size();
        assertTrue(search.isDone());
        assertTrue(search.due() - ticker.nanos() > 1000 * SECOND);
        search.step(this::read);
        assertEquals(before, requests.size());
    }

    @Test
    void windowBelongsToTheBoardThatIsShownBeforeAndAfter() {
        RegisterSamples samples = new RegisterSamples();
        samples.add(0, 0x2010, 1);
        samples.add(1, 0x2012, 3300, 3301);
        samples.add(2, 0x2010, 2);
        samples.add(3, 0x2012, 3400, 3401);
        samples.add(4, 0x2010, 2);
        assertNull(samples.track(1, 0x2012));
        RegisterSamples.Track track = samples.track(2, 0x2012);
        assertNotNull(track);
        assertEquals(3400, track.word(0));
        assertEquals(3401, track.next(0));
    }
}
