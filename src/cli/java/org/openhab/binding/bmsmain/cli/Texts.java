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

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.Properties;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.ActiveFault;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.LocationException;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Failure;

/**
 * The English texts of the binding, so that the tool uses the same terms as openHAB.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Texts {

    private static final Properties TEXTS = load("bmsmain.properties");
    private static final Properties BUILD = load("build.properties");

    /** Prefix of the groups of single BMS Logic boards; the number follows. */
    private static final String LOGIC_BOARD = "logic-";

    private Texts() {
    }

    /**
     * Why a board is not online, and what to check.
     *
     * @param failure the cause
     * @param wire type of connection, which selects some hints
     * @param where port or host
     * @param address address of the board
     */
    static String of(Failure failure, ConnectionType wire, String where, int address) {
        String key = "offline." + failure.cause().key();
        String text = TEXTS.getProperty(key + "." + wire.key(), TEXTS.getProperty(key, key));
        return format(text, where, Integer.toString(address), failure.detail());
    }

    /** Text of a fault. */
    static String of(ActiveFault fault) {
        String text = TEXTS.getProperty("fault." + fault.id());
        return text != null ? text
                : format(TEXTS.getProperty("fault.unknown", fault.id()), Integer.toString(fault.word()),
                        Integer.toString(fault.bit()));
    }

    /** Error in a register place that the user gave. */
    static String of(LocationException wrong) {
        String key = "location." + wrong.reason().key();
        return TEXTS.getProperty(key, key) + " (" + wrong.text() + ")";
    }

    /** A text with arguments, by its key. */
    static String of(String key, String... arguments) {
        return format(TEXTS.getProperty(key, key), arguments);
    }

    /** State of the alarm without any fault. */
    static String noAlarm() {
        return TEXTS.getProperty("alarm.ok", "OK");
    }

    /** The label of a channel group. */
    static String group(String group) {
        return group.startsWith(LOGIC_BOARD) ? group("logic") + " " + group.substring(LOGIC_BOARD.length())
                : TEXTS.getProperty("channel-group-type.bmsmain." + group + ".label",
                        TEXTS.getProperty("config.group." + group + ".label", group));
    }

    /** The label of a channel in the user interface; empty for a channel that is created at run time. */
    static String label(String id) {
        Point point = Catalogue.byId(id);
        if (point == null) {
            return "";
        }
        String type = point.style().typeId().isEmpty() ? point.name() : point.style().typeId();
        return TEXTS.getProperty("channel-group-type.bmsmain." + point.group() + ".channel." + point.name() + ".label",
                TEXTS.getProperty("channel-type.bmsmain." + type + ".label", ""));
    }

    /** The version of the binding and the tool. */
    static String version() {
        return BUILD.getProperty("version", "");
    }

    private static String format(String text, String... arguments) {
        return new MessageFormat(text.replace("'", "''")).format(arguments);
    }

    private static Properties load(String name) {
        Properties texts = new Properties();
        try (@Nullable
        InputStream in = Texts.class.getResourceAsStream(name)) {
            if (in != null) {
                texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }
}
