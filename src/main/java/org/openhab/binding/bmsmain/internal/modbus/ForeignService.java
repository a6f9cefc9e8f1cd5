/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Detects a server that is not a Modbus server by the first bytes that it sends: its greeting, or its reply to a
 * request that it does not understand.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ForeignService {

    private static final int SHORTEST_TEXT = 4;
    private static final int MOST_BYTES = 4096;
    private static final int LONGEST_QUOTE = 30;
    /** Minimum share of readable characters in a text; the others may be national characters, or damaged. */
    private static final int READABLE_PERCENT = 90;
    /** Types of TLS records: alert and handshake. */
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;

    private ForeignService() {
    }

    /** Returns the name of the protocol, or the first words in quotes; empty when it is not known. */
    static String of(byte[] heard) {
        if (heard.length < SHORTEST_TEXT) {
            return "";
        }
        if (isTls(heard)) {
            return "TLS";
        }
        String text = new String(heard, 0, Math.min(heard.length, MOST_BYTES), StandardCharsets.ISO_8859_1);
        String begin = text.stripLeading();
        String lower = text.toLowerCase(Locale.ROOT);
        if (begin.startsWith("HTTP/") || lower.contains("<!doctype html") || lower.contains("<html")) {
            return "HTTP";
        } else if (begin.startsWith("SSH-")) {
            return "SSH";
        } else if (!isText(heard)) {
            return "";
        } else if (begin.matches("(?s)[245]\\d\\d[ -].*")) {
            // Both greet with 220.
            return lower.contains("smtp") ? "SMTP" : lower.contains("ftp") ? "FTP" : "SMTP/FTP";
        } else if (begin.startsWith("+OK")) {
            return "POP3";
        } else if (begin.startsWith("* OK")) {
            return "IMAP";
        } else if (begin.startsWith("RFB ")) {
            return "VNC";
        }
        String line = begin.split("\\R", 2)[0];
        return '"' + line.substring(0, Math.min(LONGEST_QUOTE, line.length())).replaceAll("[^ -~]", "?") + '"';
    }

    private static boolean isTls(byte[] heard) {
        int length = heard.length < 5 ? 0 : (heard[3] & 0xFF) << 8 | heard[4] & 0xFF;
        return heard[1] == 3 && heard[2] >= 0 && heard[2] <= 4
                && (heard[0] == TLS_ALERT && length == 2 || heard[0] == TLS_HANDSHAKE && length > 0);
    }

    /** Whether the bytes are readable text. */
    static boolean isText(byte[] heard) {
        int readable = 0;
        for (byte b : heard) {
            readable += b >= ' ' && b < 0x7F || b == '\r' || b == '\n' || b == '\t' ? 1 : 0;
        }
        return heard.length >= SHORTEST_TEXT && readable * 100L >= heard.length * (long) READABLE_PERCENT;
    }
}
