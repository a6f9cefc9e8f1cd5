/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.core.config.core.Configuration;

/**
 * Converts the configuration of a Thing to command line options, which a recording stores.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class TraceOptions {

    private static final int FUNCTIONS = 4;
    private static final int LONGEST_NUMBER = 100;

    private TraceOptions() {
    }

    /** The options of {@code bms watch} for a Thing. */
    public static List<String> of(Configuration configuration, ConnectionType wire) {
        List<String> words = new ArrayList<>();
        ConfigReader reader = new ConfigReader(configuration);
        if (wire == ConnectionType.TCP) {
            String host = reader.text("host", "");
            words.add("--tcp");
            words.add((host.contains(":") ? "[" + host + "]" : host) + ":" + plain(reader.text("port", "502")));
        } else {
            words.add(wire == ConnectionType.SERIAL ? "--serial" : "--slcan");
            words.add(reader.text("port", ""));
        }
        options(wire).forEach((parameter, option) -> {
            String text = reader.text(parameter, "");
            if (!text.isEmpty()) {
                words.add(option);
                words.add(plain(text));
            }
        });
        if ("true".equals(reader.text("listenOnly", ""))) {
            words.add("--listen-only");
        }
        for (String line : reader.lines("registers")) {
            if (!line.isBlank()) {
                words.add("--register");
                words.add(line.strip());
            }
        }
        return words;
    }

    private static Map<String, String> options(ConnectionType wire) {
        Map<String, String> options = new LinkedHashMap<>();
        if (wire == ConnectionType.CAN) {
            options.put("bitRate", "--bit-rate");
            options.put("nodeId", "--node");
            options.put("syncInterval", "--sync");
        } else {
            options.put("baudRate", "--baud");
            options.put("parity", "--parity");
            options.put("stopBits", "--stop-bits");
            options.put("framing", "--framing");
            options.put("address", "--address");
            options.put("wordOrder", "--word-order");
            options.put("refreshInterval", "--interval");
            options.put("responseTimeout", "--timeout");
            options.put("requestGap", "--request-gap");
        }
        for (int i = 1; i <= FUNCTIONS; i++) {
            options.put("relay" + i + "Function", "--relay-" + i + "-function");
            options.put("input" + i + "Function", "--input-" + i + "-function");
        }
        return options;
    }

    /** Formats a number without trailing zeros: some configurations contain 9600.0. */
    private static String plain(String text) {
        try {
            // Keep exponents: no valid configuration contains one, and the plain form could be very long.
            return text.length() > LONGEST_NUMBER || text.indexOf('e') >= 0 || text.indexOf('E') >= 0 ? text
                    : new BigDecimal(text).stripTrailingZeros().toPlainString();
        } catch (NumberFormatException e) {
            return text;
        }
    }
}
