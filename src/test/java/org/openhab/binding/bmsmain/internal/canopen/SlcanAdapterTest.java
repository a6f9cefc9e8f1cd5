/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import static org.junit.jupiter.api.Assertions.*;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * Opening, use and closing of an slcan adapter. The test simulates the adapter; in the texts {@code |} stands for
 * CR and {@code ~} for BEL.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class SlcanAdapterTest {

    /** Terminates an incomplete line of an earlier client; no adapter executes it. */
    private static final String FIRST = "..........................C";
    /** Commands to join a bus at 250 kbit/s, for an adapter that supports all of them. */
    private static final List<String> JOINING = List.of(FIRST, "C", "V", "Z0", "S5", "M0", "O");

    private final TestTicker ticker = new TestTicker();
    private final Device device = new Device();

    /** An adapter that responds to each command with a text. */
    private final class Device implements ByteTransport {
        private final Map<String, String> answers = new HashMap<>();
        private final List<String> heard = new ArrayList<>();
        private final Deque<Byte> toUs = new ArrayDeque<>();
        private final StringBuilder line = new StringBuilder();
        private boolean open;
        private boolean flood;
        private String late = "";
        private long lateAt;

        void say(String text) {
            for (byte b : text.replace('|', '\r').replace('~', '\u0007').getBytes(StandardCharsets.US_ASCII)) {
                toUs.add(b);
            }
        }

        @Override
        public void open() {
            open = true;
        }

        @Override
        public int read(byte[] buffer, int offset, int length, long deadline) {
            if (flood && toUs.isEmpty()) {
                say("t1238AABBCCDDEEFF0011|");
                ticker.pass(1);
            }
            if (!late.isEmpty() && lateAt - deadline <= 0) {
                ticker.parkUntil(lateAt);
                say(late);
                late = "";
            }
            if (toUs.isEmpty()) {
                ticker.parkUntil(deadline);
                return 0;
            }
            int count = 0;
            while (!toUs.isEmpty() && count < length) {
                buffer[offset + count++] = toUs.remove();
            }
            return count;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            for (int i = 0; i < length; i++) {
                char c = (char) buffer[offset + i];
                if (c != '\r') {
                    line.append(c);
                } else if (line.length() > 0) {
                    String command = line.toString();
                    line.setLength(0);
                    heard.add(command);
                    say(answers.getOrDefault(command.substring(0, 1), ""));
                }
            }
        }

        @Override
        public long wireNanos(int bytes) {
            return 0;
        }

        @Override
        public void close() {
            open = false;
        }

        /** Responds as the protocol specifies. */
        Device withManners() {
            answers.putAll(Map.of("C", "~", "S", "|", "V", "V1013|", "O", "|", "L", "|", "F", "F00|", "t", "z|"));
            return this;
        }
    }

    private SlcanAdapter adapter(int kiloBits, boolean listenOnly) {
        return new SlcanAdapter(device, ticker, kiloBits, listenOnly);
    }

    @ParameterizedTest
    @CsvSource({ "125, S4", "250, S5", "500, S6", "1000, S8" })
    void opensAtTheBitRateOfTheBus(int kiloBits, String command) throws LinkException {
        device.withManners();
        SlcanAdapter adapter = adapter(kiloBits, false);
        adapter.open();
        assertEquals(List.of(FIRST, "C", "V", "Z0", command, "M0", "O"), device.heard);
        adapter.close();
        assertEquals(List.of(FIRST, "C", "V", "Z0", command, "M0", "O", "C"), device.heard);
        assertFalse(device.open);
    }

    @Test
    void listensOnly() throws LinkException {
        device.withManners();
        SlcanAdapter adapter = adapter(250, true);
        adapter.open();
        assertEquals(List.of(FIRST, "C", "V", "Z0", "S5", "L"), device.heard);
        assertThrows(IllegalStateException.class, () -> adapter.send(CanFrame.of(0x080)));
        assertEquals(6, device.heard.size());
    }

    @Test
    void anAdapterThatAnswersNothingIsTakenAsItIs() throws LinkException {
        SlcanAdapter adapter = adapter(250, false);
        adapter.open();
        assertEquals(JOINING, device.heard);
        assertTrue(ticker.millis() < 300, ticker.millis() + " ms");
        device.say("t0800|");
        assertTrue(adapter.receive(new CanFrame(), ticker.nanos()));
    }

    @ParameterizedTest
    @CsvSource({ "S, S5", "O, O" })
    void anAdapterThatRefusesCannotBeUsed(String refused, String detail) {
        device.withManners().answers.put(refused, "~");
        LinkException e = assertThrows(LinkException.class, () -> adapter(250, false).open());
        assertEquals(FailureCause.ADAPTER_REFUSED, e.failure().cause());
        assertEquals(detail, e.failure().detail());
        assertTrue(e.isSessionLost());
        assertFalse(device.open);
    }

    /** Opening the channel in normal mode instead would acknowledge frames, which the user excluded. */
    @Test
    void anAdapterThatCannotListenOnlyIsNotOpenedOtherwise() {
        device.withManners().answers.put("L", "~");
        LinkException e = assertThrows(LinkException.class, () -> adapter(250, true).open());
        assertEquals("L", e.failure().detail());
        assertFalse(device.heard.contains("O"));
    }

    @Test
    void framesOfABusThatWasLeftOpenDoNotDisturbTheOpening() throws LinkException {
        device.withManners();
        device.say("080005|t1A08025A001A1B05FC01|");
        device.answers.put("C", "t1A08025A001A1B05FC01||");
        SlcanAdapter adapter = adapter(250, false);
        adapter.open();
        assertEquals(JOINING, device.heard);
    }

    @Test
    void sendsAndReceives() throws LinkException {
        device.withManners();
        SlcanAdapter adapter = adapter(250, false);
        adapter.open();
        device.heard.clear();
        adapter.send(CanFrame.of(0x620, 0x40, 0x00, 0x40, 0x00, 0, 0, 0, 0));
        adapter.send(CanFrame.of(0x080));
        assertEquals(List.of("t62084000400000000000", "t0800"), device.heard);

        boolean[] wanted = new boolean[2048];
        wanted[0x1A0] = true;
        adapter.listenTo(wanted);
        device.say("t1234AABBCCDD|T000001A0205FF|r1A08|garbage|t1A08025A001A1B05FC01|");
        CanFrame frame = new CanFrame();
        assertTrue(adapter.receive(frame, ticker.nanos()));
        assertEquals("1A0 02 5A 00 1A 1B 05 FC 01", frame.toString());
        assertFalse(adapter.receive(frame, ticker.nanos()));
        CanStatistics statistics = adapter.statistics();
        assertEquals(2, statistics.framesReceived());
        assertEquals(2, statistics.framesSkipped());
        assertEquals(1, statistics.linesDamaged());
        assertEquals(47 + 32 + 67 + 16 + 47 + 47 + 64, statistics.bits());
    }

    @Test
    void aFrameThatTheAdapterRefusesIsCounted() throws LinkException {
        device.withManners().answers.put("t", "~");
        SlcanAdapter adapter = adapter(250, false);
        adapter.open();
        adapter.send(CanFrame.of(0x080));
        assertFalse(adapter.receive(new CanFrame(), ticker.nanos()));
        assertEquals(1, adapter.statistics().framesRefused());
    }

    @ParameterizedTest
    @CsvSource({ "F00|, ACTIVE, 0", "F04|, WARNING, 0", "FA4|, PASSIVE, 1", "F80|, ACTIVE, 1" })
    void flagsTellOfTheBus(String flags, CanAdapter.State state, int errors) throws LinkException {
        device.withManners().answers.put("F", flags);
        SlcanAdapter adapter = adapter(250, false);
        adapter.open();
        assertFalse(adapter.receive(new CanFrame(), ticker.nanos() + 2_500 * TestTicker.MILLI));
        assertFalse(adapter.receive(new CanFrame(), ticker.nanos() + 500 * TestTicker.MILLI));
        assertEquals(state, adapter.state());
        assertEquals(errors, adapter.statistics().busErrors());
    }

    @Test
    void anAdapterThatDoesNotKnowFlagsIsNotAskedForEver() throws LinkException {
        SlcanAdapter adapter = adapter(250, false);
        adapter.open();
        for (int i = 0; i < 100; i++) {
            adapter.receive(new CanFrame(), ticker.nanos() + 1000 * TestTicker.MILLI);
        }
        assertEquals(3, device.heard.stream().filter("F"::equals).count());
    }

    @Test
    void aBusThatIsNeverSilentDoesNotHoldTheThread() throws LinkException {
        device.withManners();
        SlcanAdapter adapter = adapter(250, false);
        adapter.open();
        adapter.listenTo(new boolean[2048]);
        device.flood = true;
        long begun = ticker.millis();
        assertFalse(adapter.receive(new CanFrame(), ticker.nanos() + 50 * TestTicker.MILLI));
        assertTrue(ticker.millis() - begun <= 52, ticker.millis() - begun + " ms");
    }

    /** Behind a USB chip that collects bytes for 16 ms, on a busy machine. */
    @Test
    void lateAnswersToTheLinesOfAFormerUserRefuseNothing() throws LinkException {
        device.withManners();
        device.lateAt = ticker.nanos() + 35 * TestTicker.MILLI;
        device.late = "~~";
        adapter(250, false).open();
        assertEquals(JOINING, device.heard);
    }

    /** Its port stays, but its channel is closed. */
    @Test
    void anAdapterThatWasResetIsToldAgainToJoin() throws LinkException {
        device.withManners();
        SlcanAdapter adapter = adapter(250, false);
        adapter.open();
        device.answers.put("F", "~");
        device.heard.clear();
        CanFrame frame = new CanFrame();
        for (int i = 0; i < 200 && !device.heard.contains("O"); i++) {
            assertFalse(adapter.receive(frame, ticker.nanos() + 100 * TestTicker.MILLI));
        }
        assertEquals(JOINING, device.heard.stream().filter(line -> !"F".equals(line)).toList());
        device.answers.put("F", "F00|");
        device.heard.clear();
        device.say("t0800|");
        assertTrue(adapter.receive(frame, ticker.nanos()));
        for (int i = 0; i < 50; i++) {
            adapter.receive(frame, ticker.nanos() + 100 * TestTicker.MILLI);
        }
        assertTrue(device.heard.contains("F"), "its flags are asked for again");
        assertFalse(device.heard.contains("O"), "it was heard");
    }

    @Test
    void anAdapterThatOnlyListensIsToldAgainToListenOnly() throws LinkException {
        device.withManners();
        SlcanAdapter adapter = adapter(250, true);
        adapter.open();
        adapter.receive(new CanFrame(), ticker.nanos() + 100_000 * TestTicker.MILLI);
        adapter.receive(new CanFrame(), ticker.nanos() + 1);
        assertTrue(device.heard.stream().filter("L"::equals).count() >= 2);
        assertFalse(device.heard.contains("O"));
    }
}
