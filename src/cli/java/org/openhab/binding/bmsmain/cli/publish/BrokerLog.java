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

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Logs one line when the broker is lost and one when it is back, for any number of connections and any duration.
 * For one thread.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class BrokerLog {

    private final Consumer<String> log;
    private final Broker broker;
    private final Ticker ticker;
    private final Set<String> away = new HashSet<>();
    private long since;

    BrokerLog(Consumer<String> log, Broker broker, Ticker ticker) {
        this.log = log;
        this.broker = broker;
        this.ticker = ticker;
    }

    /** A connection was lost, or could not be made. */
    void lost(String device, String reason) {
        if (away.isEmpty()) {
            since = ticker.nanos();
            log.accept("broker " + broker + ": " + reason + ". Nothing is published until it is back.");
        }
        away.add(device);
    }

    /** A connection was made. */
    void back(String device) {
        if (away.remove(device) && away.isEmpty()) {
            log.accept("broker " + broker + ": back after " + TimeUnit.NANOSECONDS.toSeconds(ticker.nanos() - since)
                    + " s");
        }
    }

    /** A line about one device. */
    void say(String device, String words) {
        log.accept(device + ": " + words);
    }
}
