/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.openhab;

import static org.junit.jupiter.api.Assertions.*;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.binding.BaseThingHandler;
import org.openhab.core.thing.binding.ThingHandlerCallback;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openhab.core.types.Command;

/**
 * Assumptions of the binding about the base of handlers. They must hold for the stubs and for openHAB's own classes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HandlerContractTest {

    private static final ThingTypeUID TYPE = new ThingTypeUID("bmsmain", "tcp");
    private static final String VARIABLE = "${ENV:PATH}";
    private static final String VALUE = Objects.requireNonNull(System.getenv("PATH"));

    private final List<String> calls = new ArrayList<>();
    private final Handler handler = new Handler(ThingBuilder.create(TYPE, "home").build());

    private final ThingHandlerCallback callback = (ThingHandlerCallback) Proxy.newProxyInstance(
            ThingHandlerCallback.class.getClassLoader(), new Class<?>[] { ThingHandlerCallback.class },
            (proxy, method, arguments) -> {
                calls.add("validateConfigurationParameters".equals(method.getName()) ? "validate " + arguments[1]
                        : method.getName());
                return null;
            });

    /** Exposes methods reserved for handlers. */
    static class Handler extends BaseThingHandler {

        Handler(Thing thing) {
            super(thing);
        }

        @Override
        public void initialize() {
        }

        @Override
        public void handleCommand(ChannelUID channelUID, Command command) {
        }

        void property(String name, @Nullable String value) {
            updateProperty(name, value);
        }

        void properties(Map<String, String> properties) {
            updateProperties(properties);
        }

        void configure(Map<String, Object> parameters) {
            updateConfiguration(new Configuration(parameters));
        }

        void change(Map<String, Object> parameters) {
            updateThing(editThing().withConfiguration(new Configuration(parameters)).build());
        }

        Map<String, Object> config() {
            return getConfig().getProperties();
        }
    }

    private List<String> told(Runnable action) {
        calls.clear();
        handler.setCallback(callback);
        action.run();
        return List.copyOf(calls);
    }

    @Test
    void onlyAChangeOfAPropertyIsTold() {
        assertEquals(List.of("thingUpdated"), told(() -> handler.property("a", "1")));
        assertEquals(List.of(), told(() -> handler.property("a", "1")));
        assertEquals(List.of("thingUpdated"), told(() -> handler.properties(Map.of("a", "1", "b", "2"))));
        assertEquals(List.of(), told(() -> handler.properties(Map.of("b", "2"))));
        assertEquals(List.of("thingUpdated"), told(() -> handler.property("b", null)));
        assertEquals(Map.of("a", "1"), handler.getThing().getProperties());
    }

    /** When a handler removes a property that does not exist, openHAB stores its Thing each time. */
    @Test
    void aPropertyThatIsNotThereIsTakenBackAgainAndAgain() {
        assertEquals(List.of("thingUpdated"), told(() -> handler.property("none", null)));
    }

    @Test
    @DisabledIfSystemProperty(named = "openhab.version", matches = "5\\.[01]\\..*", disabledReason = "new in openHAB 5.2")
    void variablesAreReplacedForTheCheckAndStayInTheThing() {
        assertEquals(List.of("validate {port=" + VALUE + "}", "thingUpdated"),
                told(() -> handler.configure(Map.of("port", VARIABLE))));
        assertEquals(VARIABLE, handler.getThing().getConfiguration().get("port"));
        assertEquals(Map.of("port", VALUE), handler.config());
        assertEquals(List.of("validate {host=" + VALUE + "}", "thingUpdated"),
                told(() -> handler.change(Map.of("host", VARIABLE))));
        assertEquals(Map.of("host", VALUE), handler.config());
    }

    @Test
    void withoutACallbackNothingHappens() {
        handler.property("a", "1");
        handler.configure(Map.of("port", "a"));
        handler.change(Map.of("port", "a"));
        assertEquals(Map.of(), handler.getThing().getConfiguration().getProperties());
    }
}
