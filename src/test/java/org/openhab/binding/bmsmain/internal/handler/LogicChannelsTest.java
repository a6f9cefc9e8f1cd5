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

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.THING_TYPE_TCP;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.LocationException;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.modbus.LogicWindow;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.binding.builder.ChannelBuilder;

/**
 * The channels of BMS Logic boards: their names, and when they are created.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class LogicChannelsTest {

    private static final ThingUID THING = new ThingUID(THING_TYPE_TCP, "battery");

    private final List<Point> points = points();

    private static List<Point> points() {
        LogicWindow window = new LogicWindow();
        try {
            window.add("cell-voltage-{1..18} = window:0x2014+2*{i}:REAL32");
            window.add("temperature-{1..2} = window:0x2040+1*{i}:S16:0.1");
            window.add("balancer-load = window:0x2050:U16");
        } catch (LocationException e) {
            throw new AssertionError(e);
        }
        return window.boards(Catalogue.size()).points();
    }

    static List<String> languages() {
        return Languages.ALL;
    }

    @ParameterizedTest
    @CsvSource({ "en, logic-1#status, Logic 1 Status", "de, logic-12#ready, Logic 12 Bereit",
            "fr, logic-3#temperature-sensor, Logic 3 Capteur de température",
            "en, logic-23#cell-voltage-18, Logic 23 Cell Voltage 18",
            "de, logic-23#cell-voltage-18, Logic 23 Zellspannung 18",
            "it, logic-2#cell-voltage-1, Logic 2 Tensione cella 1", "ru, logic-1#temperature-2, Logic 1 Температура 2",
            "es, logic-1#balancer-load, Logic 1 Balancer Load", "en, logic-1#balancer-load, Logic 1 Balancer Load" })
    void aChannelHasALabelInTheLanguageOfTheInstallation(String language, String id, String label) {
        assertEquals(label, label(null, id, language));
    }

    /** openHAB derives names of Items from labels. */
    @ParameterizedTest
    @MethodSource("languages")
    void labelsAreDistinct(String language) {
        Set<String> labels = new TreeSet<>();
        points.forEach(point -> labels.add(String.valueOf(label(null, point.id(), language))));
        assertEquals(points.size(), labels.size());
    }

    /** Renamed channels, and existing ones after a change of the language, keep their labels. */
    @Test
    void aChannelThatIsThereKeepsItsLabelUnlessThatIsTheEnglishOne() {
        assertEquals("Logic 1 Bereit", label("Logic 1 Ready", "logic-1#ready", "de"));
        assertNull(label("Links bereit", "logic-1#ready", "de"));
        assertNull(label("Logic 1 Prête", "logic-1#ready", "de"));
        assertNull(label("Logic 1 Ready", "logic-1#ready", "en"));
        assertNull(label("Logic 1 Balancer Load", "logic-1#balancer-load", "de"));
    }

    /** The label of the created channel; null without one. */
    private @Nullable String label(@Nullable String present, String id, String language) {
        ChannelUID uid = new ChannelUID(THING, id);
        Point point = points.stream().filter(each -> each.id().equals(id)).findAny().orElseThrow();
        Channel due = LogicChannels.due(
                present == null ? null : ChannelBuilder.create(uid, "Number").withLabel(present).build(), uid, point,
                Languages.texts(language));
        return due == null ? null : due.getLabel();
    }
}
