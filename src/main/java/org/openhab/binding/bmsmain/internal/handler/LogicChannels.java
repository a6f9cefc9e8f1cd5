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

import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.BINDING_ID;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Unit;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.binding.builder.ChannelBuilder;
import org.openhab.core.thing.type.AutoUpdatePolicy;
import org.openhab.core.thing.type.ChannelTypeUID;

/**
 * The channels of the BMS Logic boards, in groups {@code logic-1} to {@code logic-23}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class LogicChannels {

    private static final Pattern GROUP = Pattern.compile("logic-(\\d{1,2})");
    private static final Pattern NUMBERED = Pattern.compile("(.+)-(\\d+)");
    /** The values with translated labels; users may define others. */
    private static final Set<String> NAMED = Set.of("status", "ready", "temperature-sensor", "cell-voltage",
            "temperature");

    private LogicChannels() {
    }

    /** Whether a channel ID is that of a BMS Logic board. */
    static boolean isNamed(String channelId) {
        return channelId.startsWith("logic-");
    }

    /** Number of the board of a channel group; 0 for another group. */
    static int boardOf(String group) {
        Matcher matcher = GROUP.matcher(group);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /**
     * The channel to add for a value: it is missing, or has the English label in an installation in another language.
     *
     * @param present channel of the Thing, or null; a label changed by the user is kept
     * @return the channel; null if no change is needed
     */
    static @Nullable Channel due(@Nullable Channel present, ChannelUID uid, Point point, BoardTexts texts) {
        String label = label(point, texts);
        String english = "Logic " + boardOf(point.group()) + " " + capitals(point.name());
        if (present != null && (!english.equals(present.getLabel()) || english.equals(label))) {
            return null;
        }
        return ChannelBuilder.create(uid, itemType(point)).withType(new ChannelTypeUID(BINDING_ID, type(point)))
                .withLabel(label).withAutoUpdatePolicy(AutoUpdatePolicy.VETO).build();
    }

    private static String label(Point point, BoardTexts texts) {
        Matcher numbered = NUMBERED.matcher(point.name());
        String name = numbered.matches() ? numbered.group(1) : point.name();
        String board = Integer.toString(boardOf(point.group()));
        String words = NAMED.contains(name) ? texts.text("logic.label." + name, board)
                : texts.text("logic.label.other", board, capitals(name));
        return numbered.matches() ? words + " " + numbered.group(2) : words;
    }

    private static String capitals(String name) {
        return Stream.of(name.split("-")).filter(word -> !word.isEmpty())
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining(" "));
    }

    private static String itemType(Point point) {
        if (point.kind() == Kind.FLAG) {
            return "Switch";
        }
        return switch (point.unit()) {
            case VOLT -> "Number:ElectricPotential";
            case CELSIUS -> "Number:Temperature";
            default -> "Number";
        };
    }

    private static String type(Point point) {
        if (point.kind() == Kind.FLAG) {
            return "logic-flag";
        }
        return point.unit() == Unit.VOLT ? "logic-voltage"
                : point.unit() == Unit.CELSIUS ? "logic-temperature" : "logic-number";
    }
}
