/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.peer;

import static org.junit.jupiter.api.Assertions.*;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.cli.Bms;
import org.openhab.binding.bmsmain.twin.VirtualWire;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;

/**
 * The output of {@code bms watch} for a pymodbus server with arbitrary registers must match them exactly.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(60)
class WatchReadsPymodbusIT {

    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest(name = "words {0}, setting {1}")
    @CsvSource({ "little, auto", "big, auto", "little, little", "big, big" })
    void overTcp(String words, String setting) {
        ArbitraryBoard registers = new ArbitraryBoard("little".equals(words), words.hashCode());
        int port = Peers.freePort();
        try (Peer peer = Peers.pymodbus(registers.registers(), "tcp", Integer.toString(port), "32")) {
            assertShown(registers, "--tcp", "127.0.0.1:" + port, "--word-order", setting);
        }
    }

    @ParameterizedTest(name = "words {0}, {1} Bd")
    @CsvSource({ "little, 9600", "big, 115200" })
    void overSerial(String words, String baud) {
        ArbitraryBoard registers = new ArbitraryBoard("little".equals(words), words.hashCode());
        Path ours = folder.resolve("ours");
        Path theirs = folder.resolve("theirs");
        try (VirtualWire socat = Peers.socat(ours, theirs);
                Peer peer = Peers.pymodbus(registers.registers(), "rtu", theirs.toString(), baud, "32")) {
            assertShown(registers, "--serial", ours.toString(), "--baud", baud);
        }
    }

    private static void assertShown(ArbitraryBoard registers, String... where) {
        List<String> arguments = new ArrayList<>(List.of("watch", "--once", "--format", "json"));
        arguments.addAll(List.of(where));
        StringWriter out = new StringWriter();
        // a server that is still starting is like a board that does not respond yet
        Wait.until("watch reads pymodbus", () -> {
            out.getBuffer().setLength(0);
            return Bms.execute(new PrintWriter(out, true), new PrintWriter(new StringWriter()),
                    arguments.toArray(String[]::new)) == 0;
        });
        JsonObject json = JsonParser.parseString(out.toString()).getAsJsonObject();
        JsonObject channels = json.getAsJsonObject("channels");
        Map<String, Object> shown = new LinkedHashMap<>();
        registers.expected().forEach((id, value) -> shown.put(id, value(channels.getAsJsonPrimitive(id))));
        assertEquals(registers.expected(), shown);
        registers.properties()
                .forEach((id, text) -> assertEquals(text, json.getAsJsonObject("properties").get(id).getAsString()));
    }

    private static Object value(JsonPrimitive printed) {
        if (printed.isNumber()) {
            return printed.getAsDouble();
        }
        return switch (printed.getAsString()) {
            case "ON" -> true;
            case "OFF" -> false;
            default -> printed.getAsString();
        };
    }
}
