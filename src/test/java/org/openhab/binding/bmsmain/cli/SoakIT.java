/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import static org.junit.jupiter.api.Assertions.*;

import java.io.PrintWriter;
import java.io.StringWriter;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.peer.Peers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A short soak over all wires.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class SoakIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(SoakIT.class);

    @Test
    void allWiresShowTheTwinsValuesWhileThingsGoWrong() {
        Peers.need(Peers.onPath("socat"), "socat");
        StringWriter out = new StringWriter();
        int code = Bms.execute(new PrintWriter(out, true), new PrintWriter(System.err, true), "soak", "--for", "20s",
                "--seed", "1");
        LOGGER.info("{}", out);
        assertTrue(out.toString().contains("no wrong value"), out.toString());
        assertEquals(ExitCode.OK, code, out.toString());
    }

    @Test
    void lengthMustBeATime() {
        StringWriter err = new StringWriter();
        int code = Bms.execute(new PrintWriter(new StringWriter()), new PrintWriter(err, true), "soak", "--for",
                "long");
        assertEquals(ExitCode.USAGE, code);
        assertTrue(err.toString().contains("--for"), err.toString());
    }
}
