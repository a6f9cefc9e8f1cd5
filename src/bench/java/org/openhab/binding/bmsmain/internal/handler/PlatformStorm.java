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
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.core.storage.Storage;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;

/**
 * Disturbances of Things by openHAB, its user and the machine. Profiles throw and block, the storage throws and is
 * slow, Things restart in the middle of reports, hundreds of channels are linked and unlinked. The wall clock jumps
 * by hours in both directions and to the changes of daylight saving time, and the time zone changes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class PlatformStorm {

    /** Text of all exceptions, to recognize them in the log. */
    static final String WORDS = "for the bench";
    private static final List<String> CHANGES_OF_CLOCK = List.of("2027-03-28T00:59:57Z", "2026-10-25T00:59:57Z",
            "2027-03-14T05:29:57Z", "2026-11-01T04:29:57Z");

    private final Random random;
    private volatile boolean on;
    private volatile Duration clockIsWrongBy = Duration.ZERO;
    private volatile ZoneId zone = ZoneOffset.UTC;

    /** The time of this machine, with an adjustable wall clock. */
    final Ticker ticker = new Ticker() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now().plus(clockIsWrongBy);
        }

        @Override
        public void parkUntil(long nanos) {
            Ticker.system().parkUntil(nanos);
        }
    };

    PlatformStorm(Random random) {
        this.random = random;
    }

    void begin() {
        on = true;
    }

    /** Ends the storm and corrects the wall clock. */
    void end() {
        on = false;
        clockIsWrongBy = Duration.ZERO;
    }

    boolean isOn() {
        return on;
    }

    ZoneId zone() {
        return zone;
    }

    private int roll(int sides) {
        synchronized (random) {
            return random.nextInt(sides);
        }
    }

    /** @param victims for Things with this text in their names, storage calls fail or are delayed */
    Storage<String> storage(String victims) {
        return Stubs.storage(key -> {
            int dice = on && key.contains(victims) ? roll(100) : 100;
            if (dice < 20) {
                throw new IllegalStateException("a storage, " + WORDS);
            } else if (dice < 30) {
                LockSupport.parkNanos(300_000_000);
            }
        });
    }

    /** Profile of an Item: sometimes throws or blocks. */
    void profile(String channel) {
        int dice = on ? roll(2000) : Integer.MAX_VALUE;
        if (dice < 20) {
            throw new IllegalStateException("a profile, " + WORDS);
        } else if (dice < 30) {
            throw new StackOverflowError("a profile, " + WORDS);
        } else if (dice < 33) {
            throw new NoClassDefFoundError("a profile, " + WORDS);
        } else if (dice < 36) {
            LockSupport.parkNanos(roll(2000) * 1_000_000L);
        }
    }

    /** Disturbs Things until the storm ends. */
    void disturb(List<WatchedThing> things) {
        while (on) {
            WatchedThing thing = things.get(roll(things.size()));
            switch (roll(7)) {
                case 0 -> {
                    thing.handler.dispose();
                    thing.handler.initialize();
                }
                case 1 -> thing.change();
                case 2 -> {
                    thing.linked = !thing.linked;
                    List<Channel> channels = thing.handler.getThing().getChannels();
                    for (int i = 0; i < 300; i++) {
                        ChannelUID channel = channels.get(i % channels.size()).getUID();
                        if (thing.linked) {
                            thing.handler.channelLinked(channel);
                        } else {
                            thing.handler.channelUnlinked(channel);
                        }
                    }
                }
                case 3 -> clockIsWrongBy = Duration.ofMinutes(roll(2 * 26 * 60) - 26 * 60);
                case 4 -> clockIsWrongBy = Duration.between(Instant.now(),
                        Instant.parse(CHANGES_OF_CLOCK.get(roll(CHANGES_OF_CLOCK.size()))));
                case 5 -> zone = ZoneId.of(roll(2) == 0 ? "Europe/Berlin" : "America/St_Johns");
                default -> LockSupport.parkNanos(roll(500) * 1_000_000L);
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    /** Links all channels again and clears the recorded states. */
    void repair(List<WatchedThing> things) {
        things.forEach(thing -> {
            thing.linked = true;
            thing.states.clear();
            thing.handler.getThing().getChannels().forEach(each -> thing.handler.channelLinked(each.getUID()));
        });
    }
}
