/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;

/**
 * A task that is added to a bus at any time.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(30)
class BusTaskTest {

    private static final int TASKS = 5_000;

    private static final class Membership implements BusRegistry.Membership {

        @Override
        public void leave() {
            // nothing was joined
        }

        @Override
        public void wake() {
            // always awake
        }
    }

    /** The thread of a lost bus notifies its members repeatedly; a task added meanwhile gets a result. */
    @Test
    void aTaskThatComesWhileTheBusIsTriedIsAnswered() throws InterruptedException {
        AtomicReference<BusMember<BusSession>> joined = new AtomicReference<>();
        AtomicBoolean isOver = new AtomicBoolean();
        try (BusTask<BusSession> task = new BusTask<>(member -> {
            joined.set(member);
            return new Membership();
        }, new LeapTicker())) {
            Thread bus = new Thread(() -> {
                while (!isOver.get()) {
                    joined.get().unavailable(Failure.of(FailureCause.REFUSED));
                }
            });
            bus.start();
            try {
                for (int i = 0; i < TASKS; i++) {
                    assertEquals(FailureCause.REFUSED, task.run(session -> FailureCause.PORT_BUSY, Failure::cause));
                }
            } finally {
                isOver.set(true);
                bus.join();
            }
        } catch (BusConflictException e) {
            throw new AssertionError(e);
        }
    }
}
