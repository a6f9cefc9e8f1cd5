/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.fuzz;

import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Number of rounds and seed of tests with random inputs. A build uses few inputs and always the same.
 * {@code -Dbmsmain.rounds=4} multiplies the number by four, as the profile {@code bench} does.
 * {@code -Dbmsmain.seed=N} selects other inputs, {@code -Dbmsmain.seed=random} new ones.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Rounds {

    private static final int FACTOR = Integer.getInteger("bmsmain.rounds", 1);

    private Rounds() {
    }

    /** Returns the number of repetitions for this number in a build. */
    public static int of(int rounds) {
        return rounds * FACTOR;
    }

    /** Returns the seed of a test. @param standard the seed in a build */
    public static long seed(long standard) {
        return "random".equals(System.getProperty("bmsmain.seed")) ? new Random().nextLong()
                : Long.getLong("bmsmain.seed", standard);
    }
}
