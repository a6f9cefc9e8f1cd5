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

import java.lang.reflect.Proxy;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;
import org.openhab.binding.bmsmain.internal.board.EnergyMeter;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.i18n.LocaleProvider;
import org.openhab.core.i18n.TimeZoneProvider;
import org.openhab.core.i18n.TranslationProvider;
import org.openhab.core.storage.Storage;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingRegistry;
import org.openhab.core.thing.ThingStatusInfo;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.binding.ThingHandlerCallback;
import org.openhab.core.thing.binding.builder.ChannelBuilder;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.osgi.framework.Bundle;

/**
 * Stubs for the parts of openHAB that a handler uses.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Stubs {

    private Stubs() {
    }

    /**
     * Records the calls of a handler to openHAB: a status as {@code STATUS/DETAIL text}, a state as
     * {@code channel=state}. Its channels are linked unless a test changes it.
     */
    static final class Recorder {
        final List<String> statuses = new CopyOnWriteArrayList<>();
        final List<String> states = new CopyOnWriteArrayList<>();
        final List<String> events = new CopyOnWriteArrayList<>();
        boolean linked = true;

        ThingHandlerCallback callback() {
            return stub(ThingHandlerCallback.class, (name, arguments) -> {
                if ("statusUpdated".equals(name)) {
                    ThingStatusInfo info = (ThingStatusInfo) arguments[1];
                    String text = info.getDescription();
                    statuses.add(info.getStatus() + "/" + info.getStatusDetail() + (text == null ? "" : " " + text));
                } else if ("stateUpdated".equals(name)) {
                    states.add(arguments[0].toString().replaceAll(".*:", "") + "=" + arguments[1]);
                } else if ("channelTriggered".equals(name)) {
                    events.add(arguments[1].toString().replaceAll(".*:", "") + "=" + arguments[2]);
                }
                return "isChannelLinked".equals(name) ? linked : null;
            });
        }
    }

    public static final TimeZoneProvider ZONE = () -> ZoneOffset.UTC;

    /** A counting whose results are not used. */
    static Counting counting() {
        return new Counting(new EnergyMeter(), () -> ZoneOffset.UTC);
    }

    /** Texts that consist of their key and arguments. */
    public static final class Words extends BoardTexts {
        public Words() {
            super(stub(TranslationProvider.class, (name, arguments) -> null),
                    stub(LocaleProvider.class, (name, arguments) -> null),
                    stub(Bundle.class, (name, arguments) -> null));
        }

        @Override
        public String text(String key, Object... arguments) {
            return arguments.length == 0 ? key : key + List.of(arguments);
        }
    }

    public interface Answer {
        @Nullable
        Object to(String method, Object[] arguments);
    }

    /** Returns the default texts, in English. */
    public static BoardTexts texts() {
        TranslationProvider translations = stub(TranslationProvider.class, (name, arguments) -> arguments[2]);
        LocaleProvider locales = stub(LocaleProvider.class, (name, arguments) -> Locale.ENGLISH);
        return new BoardTexts(translations, locales, stub(Bundle.class, (name, arguments) -> null));
    }

    public static Storage<String> storage() {
        return storage(key -> {
        });
    }

    /** @param before receives the key of each access, "" for lists of keys; may throw */
    @SuppressWarnings("unchecked")
    static Storage<String> storage(Consumer<String> before) {
        Map<Object, Object> values = new ConcurrentHashMap<>();
        return stub(Storage.class, (name, arguments) -> {
            before.accept(arguments.length == 0 ? "" : arguments[0].toString());
            return switch (name) {
                case "put" -> values.put(arguments[0], arguments[1]);
                case "get" -> values.get(arguments[0]);
                case "remove" -> values.remove(arguments[0]);
                case "containsKey" -> values.containsKey(arguments[0]);
                default -> values.keySet();
            };
        });
    }

    /** Runs each task immediately on the submitting thread. */
    static ExecutorService direct() {
        return stub(ExecutorService.class, (name, arguments) -> {
            ((Runnable) arguments[0]).run();
            return null;
        });
    }

    /** A registry of these Things. */
    public static ThingRegistry registry(Thing... things) {
        return stub(ThingRegistry.class, (name, arguments) -> switch (name) {
            case "getAll" -> List.of(things);
            case "get" -> Stream.of(things).filter(thing -> thing.getUID().equals(arguments[0])).findAny().orElse(null);
            default -> null;
        });
    }

    /** A Thing with these channels, some of those of its type. */
    public static Thing thing(ThingTypeUID type, Map<String, Object> parameters, String... channels) {
        ThingUID uid = new ThingUID(type, "battery");
        return ThingBuilder.create(type, uid).withConfiguration(new Configuration(parameters)).withChannels(Stream
                .of(channels).map(id -> ChannelBuilder.create(new ChannelUID(uid, id), "String").build()).toList())
                .build();
    }

    public static <T> T stub(Class<T> type, Answer answer) {
        Object proxy = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
                (self, method, arguments) -> switch (method.getName()) {
                    case "equals" -> System.identityHashCode(self) == System.identityHashCode(arguments[0]);
                    case "hashCode" -> System.identityHashCode(self);
                    case "toString" -> type.getSimpleName();
                    default -> answer.to(method.getName(), arguments == null ? new Object[0] : arguments);
                });
        return type.cast(proxy);
    }
}
