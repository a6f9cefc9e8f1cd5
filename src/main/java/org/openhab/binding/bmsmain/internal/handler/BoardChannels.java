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

import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.*;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.binding.builder.ChannelBuilder;
import org.openhab.core.thing.type.AutoUpdatePolicy;
import org.openhab.core.thing.type.ChannelTypeUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds and removes the optional channels of a board's Thing: those that control signals, and those of BMS Logic boards.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class BoardChannels {

    private final Logger logger = LoggerFactory.getLogger(BoardChannels.class);

    private final MailboxHandler handler;
    private final BoardTexts texts;

    BoardChannels(MailboxHandler handler) {
        this.handler = handler;
        this.texts = handler.services().texts();
    }

    /** Adds the channels that control signals if control is allowed, and removes them otherwise. */
    void showControl(boolean allowed) {
        List<Channel> present = handler.getThing().getChannels().stream()
                .filter(channel -> GROUP_CONTROL.equals(channel.getUID().getGroupId())).toList();
        if (allowed == !present.isEmpty()) {
            return;
        }
        handler.edit(builder -> {
            if (allowed) {
                Catalogue.SIGNALS.forEach(signal -> builder.withChannel(controlChannel(SignalControl.channelOf(signal),
                        CHANNEL_TYPE_CONTROL, texts.controlLabel(signal))));
                builder.withChannel(controlChannel(SignalControl.LAST_RESULT, CHANNEL_TYPE_RESULT,
                        texts.label("channel-type.bmsmain.control-result.label")));
            } else {
                builder.withoutChannels(present);
            }
        });
    }

    private Channel controlChannel(String id, ChannelTypeUID type, String label) {
        return ChannelBuilder.create(new ChannelUID(handler.getThing().getUID(), id), "String").withType(type)
                .withLabel(label).withAutoUpdatePolicy(AutoUpdatePolicy.VETO).build();
    }

    /**
     * Adds missing channels of the first BMS Logic boards.
     *
     * @param scanned values of all BMS Logic boards
     */
    void showLogic(List<Point> scanned, int boards) {
        Thing thing = handler.getThing();
        List<Channel> made = scanned.stream().filter(point -> LogicChannels.boardOf(point.group()) <= boards)
                .map(point -> {
                    ChannelUID uid = new ChannelUID(thing.getUID(), point.id());
                    return LogicChannels.due(thing.getChannel(uid), uid, point, texts);
                }).filter(Objects::nonNull).toList();
        if (!made.isEmpty()) {
            logger.debug("{}: {} channels for {} BMS Logic boards", thing.getUID(), made.size(), boards);
            handler.edit(
                    builder -> made.forEach(channel -> builder.withoutChannel(channel.getUID()).withChannel(channel)));
        }
    }

    /** Removes the channels of BMS Logic boards that are no longer read. */
    void hideLogic(List<Point> scanned) {
        Set<String> read = scanned.stream().map(Point::id).collect(Collectors.toSet());
        List<Channel> present = handler.getThing().getChannels().stream()
                .filter(channel -> LogicChannels.boardOf(String.valueOf(channel.getUID().getGroupId())) > 0
                        && !read.contains(channel.getUID().getId()))
                .toList();
        if (!present.isEmpty()) {
            handler.edit(builder -> builder.withoutChannels(present));
        }
    }
}
