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

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.binding.BaseThingHandler;
import org.openhab.core.thing.binding.BaseThingHandlerFactory;
import org.openhab.core.thing.binding.ThingActions;
import org.openhab.core.thing.binding.ThingHandler;
import org.openhab.core.thing.binding.ThingHandlerService;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openhab.core.types.Command;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.ComponentContext;

/**
 * Assumptions of the binding about the base of factories. They must hold for the stubs and for openHAB's own classes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class FactoryContractTest {

    private static final ThingTypeUID TYPE = new ThingTypeUID("bmsmain", "tcp");

    private final List<String> calls = new ArrayList<>();
    private final Thing thing = ThingBuilder.create(TYPE, "home").build();
    private final Factory factory = new Factory();

    /** A nested interface, which has two names. */
    interface Nested {
    }

    /** Services that a handler may declare. */
    public static class Service implements ThingActions, Nested, Comparable<Service> {

        private @Nullable ThingHandler handler;

        @Override
        public void setThingHandler(ThingHandler handler) {
            this.handler = handler;
        }

        @Override
        public @Nullable ThingHandler getThingHandler() {
            return handler;
        }

        @Override
        public int compareTo(Service other) {
            return 0;
        }
    }

    static class Handler extends BaseThingHandler {

        Handler(Thing thing) {
            super(thing);
        }

        @Override
        public Collection<Class<? extends ThingHandlerService>> getServices() {
            return List.of(Service.class);
        }

        @Override
        public void initialize() {
        }

        @Override
        public void handleCommand(ChannelUID channelUID, Command command) {
        }
    }

    /** Creates handlers of one type, and exposes methods reserved for factories. */
    static class Factory extends BaseThingHandlerFactory {

        @Override
        public boolean supportsThingType(ThingTypeUID thingTypeUID) {
            return TYPE.equals(thingTypeUID);
        }

        @Override
        protected @Nullable ThingHandler createHandler(Thing thing) {
            return supportsThingType(thing.getThingTypeUID()) ? new Handler(thing) : null;
        }

        void start(ComponentContext context) {
            activate(context);
        }
    }

    private static <T> T stub(Class<T> type, InvocationHandler answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, answer));
    }

    private void start() {
        BundleContext bundle = stub(BundleContext.class, (proxy, method, arguments) -> {
            if ("registerService".equals(method.getName())) {
                calls.addAll(List.of((String[]) arguments[0]));
            }
            return null;
        });
        factory.start(stub(ComponentContext.class,
                (proxy, method, arguments) -> "getBundleContext".equals(method.getName()) ? bundle : null));
    }

    /** OSGi rejects the binary name of a nested interface: such a Thing would not start. */
    @Test
    void aServiceIsOfferedUnderTheCanonicalNamesOfItsInterfaces() {
        start();
        factory.registerHandler(thing);
        assertEquals(List.of("java.lang.Comparable", "org.openhab.binding.bmsmain.openhab.FactoryContractTest.Nested",
                ThingActions.class.getName()), calls.stream().sorted().toList());
    }
}
