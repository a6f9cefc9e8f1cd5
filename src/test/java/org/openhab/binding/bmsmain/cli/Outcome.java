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

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.twin.Twin;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * Result of a command of {@code ./bms}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record Outcome(int code, String out, String err) {

    /** Runs a command in this process. */
    static Outcome bms(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Bms.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Outcome(code, out.toString(), err.toString());
    }

    /** Reads registers of a twin on Modbus TCP. */
    static Outcome registers(Twin twin, String... more) {
        return bms(Stream.concat(Stream.of("registers", "--tcp", "127.0.0.1:" + twin.port()), Stream.of(more))
                .toArray(String[]::new));
    }

    /** The output as JSON, one object per line. */
    List<JsonObject> json() {
        return out.lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    }

    /** The last object of the output. */
    JsonObject last() {
        List<JsonObject> all = json();
        return all.get(all.size() - 1);
    }

    /** The state of a channel in the last object. */
    JsonElement channel(String id) {
        return last().getAsJsonObject("channels").get(id);
    }
}
