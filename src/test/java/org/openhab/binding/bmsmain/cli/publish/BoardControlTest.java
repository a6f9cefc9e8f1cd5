/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli.publish;

import static org.junit.jupiter.api.Assertions.*;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.cli.publish.BrokerConnection.Incoming;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.device.CommandQueue.Command;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.ManualTicker;

/**
 * Which commands are written to the board, and the feedback about them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class BoardControlTest {

    private static final String PREFIX = "homie/b/control/";

    private final ManualTicker ticker = new ManualTicker();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final CommandQueue queue = new CommandQueue(ticker);
    private final List<String> results = new ArrayList<>();
    private final Map<Point, String> signals = new HashMap<>();
    private final List<String> written = new ArrayList<>();
    private boolean answers = true;

    /** A board that confirms all commands. */
    private final CommandQueue.Port port = new CommandQueue.Port() {
        @Override
        public void write(Command command) {
            if (command.mayBeWritten()) {
                written.add(command.signal().name() + " " + command.force().id());
                if (answers) {
                    command.written();
                } else {
                    command.unanswered();
                }
            }
        }

        @Override
        public void read(Command command) {
            command.read(command.force().registerValue() == 1 ? 1 : 0);
        }
    };

    private final BoardControl.Sink sink = new BoardControl.Sink() {
        @Override
        public void signal(Point signal, String payload) {
            signals.put(signal, payload);
        }

        @Override
        public void result(String words) {
            results.add(words);
        }
    };

    private BoardControl control = control(Duration.ZERO);

    private BoardControl control(Duration timeout) {
        return new BoardControl(PREFIX, Set.of(Catalogue.CHARGE_REQUEST), queue, () -> {
        }, timeout, new PublishTest.TestWords(), sink, line -> {
        }, thread, ticker);
    }

    @BeforeEach
    void online() {
        queue.setReady(true);
    }

    @AfterEach
    void end() {
        thread.shutdownNow();
    }

    private void take(String signal, String payload, boolean retained, @Nullable Instant given, boolean fresh)
            throws Exception {
        control.take(new Incoming(PREFIX + signal + "/set", payload, retained, given, fresh));
        serve();
    }

    private void serve() throws Exception {
        try {
            for (int i = 0; i < 3; i++) {
                queue.step(port);
            }
        } catch (LinkException e) {
            throw new IllegalStateException(e);
        }
        CompletableFuture.runAsync(() -> {
        }, thread).get(5, TimeUnit.SECONDS);
    }

    @Test
    void oneCommandIsOneWrite() throws Exception {
        take("charge-request", "on", false, null, true);
        assertEquals(List.of("charge-request on"), written);
        assertEquals(List.of("charge-request = on: confirmed"), results);
        assertEquals(Map.of(Catalogue.CHARGE_REQUEST, "on"), signals);
        take("charge-request", "ON", false, ticker.now().minusSeconds(4), true);
        assertEquals(2, written.size());
    }

    @Test
    void whatIsNotAllowedKeptOldOrUnknownIsRefused() throws Exception {
        take("interlock", "on", false, null, true);
        take("no-such-signal", "on", false, null, true);
        take("charge-request", "on", true, null, true);
        take("charge-request", "on", false, null, false);
        take("charge-request", "on", false, ticker.now().minusSeconds(6), true);
        take("charge-request", "on", false, ticker.now().plusSeconds(6), true);
        take("charge-request", "on", false, Instant.EPOCH, true);
        take("charge-request", "true", false, null, true);
        take("charge-request", "x".repeat(1000), false, null, true);
        assertEquals(9, results.size());
        assertTrue(results.stream().allMatch(result -> result.contains(": refused, ") && result.length() < 120),
                results.toString());
        take("charge-request", "", true, null, true);
        take("charge-request", "", false, null, true);
        control.take(new Incoming("homie/other/control/charge-request/set", "on", false, null, true));
        control.take(new Incoming(PREFIX + "charge-request", "on", false, null, true));
        serve();
        assertEquals(9, results.size());
        assertEquals(List.of(), written);
        assertEquals(Map.of(), signals);
    }

    @Test
    void aBoardThatIsLostIsNotWrittenTo() throws Exception {
        queue.setReady(false);
        take("charge-request", "on", false, null, true);
        assertEquals(List.of("charge-request = on: link-down"), results);
        queue.setReady(true);
        serve();
        assertEquals(List.of(), written);
    }

    @Test
    void whatWasNotAcknowledgedIsUnknown() throws Exception {
        take("charge-request", "on", false, null, true);
        answers = false;
        take("charge-request", "off", false, null, true);
        assertEquals("charge-request = off: no-answer", results.get(1));
        assertEquals(Map.of(Catalogue.CHARGE_REQUEST, ""), signals);
        control.unknown();
        assertEquals(Map.of(Catalogue.CHARGE_REQUEST, ""), signals);
    }

    @Test
    void aForcedSignalIsGivenBack() throws Exception {
        control = control(Duration.ofMillis(50));
        take("charge-request", "on", false, null, true);
        for (int i = 0; i < 100 && written.size() < 2; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
            serve();
        }
        assertEquals(List.of("charge-request on", "charge-request physical"), written);
        control.close();
        take("charge-request", "on", false, null, true);
        assertEquals(2, written.size());
    }
}
