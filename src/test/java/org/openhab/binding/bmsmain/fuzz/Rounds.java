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
 * How often tests with random inputs repeat, and from which seed. A build has the same inputs each time, and few of
 * them. {@code -Dbmsmain.rounds=4} asks for four times as many, as the profile {@code bench} does; {@code
 * -Dbmsmain.seed=N} for others, and {@code -Dbmsmain.seed=random} for new ones.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Rounds {

    private static final int FACTOR = Integer.getInteger("bmsmain.rounds", 1);

    private Rounds() {
    }

    /** How often to repeat what a build repeats so often. */
    public static int of(int rounds) {
        return rounds * FACTOR;
    }

    /**
     * The seed of a test.
     *
     * @param standard that of a build
     */
    public static long seed(long standard) {
        return "random".equals(System.getProperty("bmsmain.seed")) ? new Random().nextLong()
                : Long.getLong("bmsmain.seed", standard);
    }
}
