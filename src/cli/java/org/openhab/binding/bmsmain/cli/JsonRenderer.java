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

import java.time.temporal.ChronoUnit;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;

/**
 * A state as one line of JSON, for programs.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class JsonRenderer {

    private static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private JsonRenderer() {
    }

    /**
     * One object with {@code time}, {@code online}, {@code cause}, {@code channels} and {@code properties}; every
     * channel is present, null where its value is unknown, and the time is null where a log does not say it.
     */
    static String render(ShownState state) {
        JsonObject object = new JsonObject();
        object.addProperty("time", state.hasClock() ? state.time().truncatedTo(ChronoUnit.MILLIS).toString() : null);
        object.addProperty("online", state.online());
        object.addProperty("cause", state.cause());
        object.add("channels", values(state.channels()));
        object.add("properties", values(state.properties()));
        return GSON.toJson(object);
    }

    private static JsonObject values(List<ShownValue> values) {
        JsonObject object = new JsonObject();
        for (ShownValue shown : values) {
            Object value = shown.value();
            if (value == null) {
                object.add(shown.id(), JsonNull.INSTANCE);
            } else if (value instanceof Number) {
                object.addProperty(shown.id(), (Number) value);
            } else {
                object.addProperty(shown.id(), value.toString());
            }
        }
        return object;
    }
}
