/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.runtime.host;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.automation.annotation.RuleAction;
import org.openhab.core.config.core.ConfigOptionProvider;
import org.openhab.core.config.core.ConfigParser;
import org.openhab.core.config.core.ParameterOption;
import org.openhab.core.config.discovery.DiscoveryListener;
import org.openhab.core.config.discovery.DiscoveryResult;
import org.openhab.core.config.discovery.DiscoveryService;
import org.openhab.core.config.discovery.ScanListener;
import org.openhab.core.io.console.Console;
import org.openhab.core.io.console.ConsoleCommandCompleter;
import org.openhab.core.io.console.extensions.ConsoleCommandExtension;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.binding.ThingActions;
import org.openhab.core.thing.binding.ThingHandler;
import org.openhab.core.ui.components.RootUIComponent;
import org.openhab.core.ui.components.UIComponent;
import org.openhab.core.ui.components.UIComponentProvider;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * Calls what bindings offer beside things: options of parameters, console commands, actions of rules, discovery, and
 * components of the user interface. Each service is used for one request and given back.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostServices {

    private final BundleContext context;

    HostServices(BundleContext context) {
        this.context = context;
    }

    private <T> List<T> services(Class<T> type) {
        List<T> services = new ArrayList<>();
        try {
            for (ServiceReference<T> reference : context.getServiceReferences(type, null)) {
                T service = context.getService(reference);
                if (service != null) {
                    services.add(service);
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return services;
    }

    private <T> void release(Class<T> type) {
        try {
            for (ServiceReference<T> reference : context.getServiceReferences(type, null)) {
                context.ungetService(reference);
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Uses all services of a type and gives them back. */
    private <T, R> R with(Class<T> type, Function<List<T>, R> use) {
        try {
            return Objects.requireNonNull(use.apply(services(type)));
        } finally {
            release(type);
        }
    }

    Map<String, Object> options(HostRequest request) {
        return with(ConfigOptionProvider.class, providers -> {
            Map<String, Object> options = new LinkedHashMap<>();
            for (ConfigOptionProvider provider : providers) {
                Collection<ParameterOption> some = provider.getParameterOptions(URI.create(request.text("uri")),
                        request.text("parameter"), request.has("context") ? request.text("context") : null,
                        request.locale());
                if (some != null) {
                    some.forEach(option -> options.put(option.getValue(), option.getLabel()));
                }
            }
            return options;
        });
    }

    private static ConsoleCommandExtension extension(List<ConsoleCommandExtension> all, String name) {
        return all.stream().filter(each -> each.getCommand().equals(name)).findAny()
                .orElseThrow(() -> new IllegalArgumentException("No console command " + name));
    }

    Map<String, Object> console(HostRequest request) {
        String[] words = request.text("line").trim().split("\\s+");
        return with(ConsoleCommandExtension.class, all -> {
            StringBuilder output = new StringBuilder();
            extension(all, words[0]).execute(Arrays.copyOfRange(words, 1, words.length), new Console() {

                @Override
                public void print(String s) {
                    output.append(s);
                }

                @Override
                public void println(String s) {
                    output.append(s).append('\n');
                }

                @Override
                public void printUsage(String s) {
                    output.append("Usage: ").append(s).append('\n');
                }
            });
            return Map.of("output", output.toString());
        });
    }

    Map<String, Object> complete(HostRequest request) {
        String[] words = request.text("line").split("\\s+", -1);
        return with(ConsoleCommandExtension.class, all -> {
            ConsoleCommandCompleter completer = extension(all, words[0]).getCompleter();
            List<String> candidates = new ArrayList<>();
            if (completer != null) {
                String[] arguments = Arrays.copyOfRange(words, 1, words.length);
                int last = arguments.length - 1;
                completer.complete(arguments, last, last < 0 ? 0 : arguments[last].length(), candidates);
            }
            return Map.of("candidates", candidates);
        });
    }

    private static boolean isOf(ThingActions actions, ThingUID thing) {
        ThingHandler handler = actions.getThingHandler();
        return handler != null && handler.getThing().getUID().equals(thing);
    }

    Map<String, Object> actions(HostRequest request) {
        ThingUID uid = request.thing();
        return with(ThingActions.class, all -> {
            Map<String, Object> actions = new TreeMap<>();
            for (ThingActions service : all) {
                for (Method method : service.getClass().getMethods()) {
                    RuleAction action = method.getAnnotation(RuleAction.class);
                    if (action != null && isOf(service, uid)) {
                        actions.put(method.getName(), action.label());
                    }
                }
            }
            return actions;
        });
    }

    Map<String, Object> action(HostRequest request) {
        ThingUID uid = request.thing();
        String name = request.text("action");
        List<?> arguments = request.list("arguments");
        return with(ThingActions.class, all -> {
            for (ThingActions service : all) {
                for (Method method : service.getClass().getMethods()) {
                    if (method.isAnnotationPresent(RuleAction.class) && method.getName().equals(name)
                            && method.getParameterCount() == arguments.size() && isOf(service, uid)) {
                        return call(service, method, arguments);
                    }
                }
            }
            throw new IllegalArgumentException(
                    "No action " + name + " with " + arguments.size() + " arguments for " + uid);
        });
    }

    private static Map<String, Object> call(ThingActions service, Method method, List<?> arguments) {
        @Nullable
        Object[] values = new @Nullable Object[arguments.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ConfigParser.valueAs(arguments.get(i), method.getParameterTypes()[i]);
        }
        try {
            Object result = method.invoke(service, values);
            Map<String, Object> answer = new LinkedHashMap<>();
            if (result instanceof Map<?, ?> map) {
                map.forEach((key, value) -> answer.put(key.toString(), plain(value)));
            } else if (result != null) {
                answer.put("result", plain(result));
            }
            return answer;
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(method.getName() + " failed: " + e.getCause(), e);
        }
    }

    /** Only types of the JDK go out: anything else as text. */
    private static Object plain(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(HostServices::plain).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, each) -> copy.put(key.toString(), plain(each)));
            return copy;
        }
        return value instanceof Number || value instanceof Boolean || value instanceof Instant ? value
                : String.valueOf(value);
    }

    Map<String, Object> discover(HostRequest request) {
        ThingTypeUID type = new ThingTypeUID(request.text("type"));
        long seconds = Long.parseLong(request.text("seconds"));
        return with(DiscoveryService.class, all -> {
            List<DiscoveryService> services = all.stream().filter(each -> each.getSupportedThingTypes().contains(type))
                    .toList();
            Results results = new Results(services.size());
            for (DiscoveryService service : services) {
                service.addDiscoveryListener(results);
                if (request.has("input")) {
                    service.startScan(request.text("input"), results);
                } else {
                    service.startScan(results);
                }
            }
            boolean finished = results.await(seconds);
            results.awaitStragglers();
            services.forEach(service -> service.removeDiscoveryListener(results));
            return Map.of("finished", finished, "services", services.size(), "results", List.copyOf(results.found));
        });
    }

    /** Collects what a scan finds. */
    private static class Results implements DiscoveryListener, ScanListener {

        private static final long STRAGGLE_MILLIS = 500;

        final List<Map<String, Object>> found = new CopyOnWriteArrayList<>();
        private final CountDownLatch running;
        private final CountDownLatch any = new CountDownLatch(1);

        Results(int services) {
            running = new CountDownLatch(services);
        }

        boolean await(long seconds) {
            try {
                return running.await(seconds, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        /** openHAB tells of results in a thread of its own, which may be behind the end of the scan. */
        void awaitStragglers() {
            try {
                any.await(STRAGGLE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void thingDiscovered(DiscoveryService source, DiscoveryResult result) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("thing", result.getThingUID().toString());
            facts.put("type", result.getThingTypeUID().toString());
            facts.put("label", result.getLabel());
            facts.put("properties", plain(result.getProperties()));
            facts.put("representationProperty", Objects.requireNonNullElse(result.getRepresentationProperty(), ""));
            facts.put("ttl", result.getTimeToLive());
            found.add(facts);
            any.countDown();
        }

        @Override
        public void thingRemoved(DiscoveryService source, ThingUID thingUID) {
            found.removeIf(facts -> thingUID.toString().equals(facts.get("thing")));
        }

        @Override
        public @Nullable Collection<ThingUID> removeOlderResults(DiscoveryService source, Instant timestamp,
                @Nullable Collection<ThingTypeUID> thingTypeUIDs, @Nullable ThingUID bridgeUID) {
            return null;
        }

        @Override
        public void onFinished() {
            running.countDown();
        }

        @Override
        public void onErrorOccurred(@Nullable Exception exception) {
            running.countDown();
        }
    }

    Map<String, Object> components(HostRequest request) {
        return with(UIComponentProvider.class, providers -> {
            Map<String, Object> components = new TreeMap<>();
            for (UIComponentProvider provider : providers) {
                if (provider.getNamespace().equals(request.text("namespace"))) {
                    for (RootUIComponent root : provider.getAll()) {
                        components.put(root.getUID(), component(root));
                    }
                }
            }
            return components;
        });
    }

    private static Map<String, Object> component(UIComponent component) {
        Map<String, Object> copy = new LinkedHashMap<>();
        copy.put("component", component.getType());
        copy.put("config", plain(component.getConfig()));
        Map<String, List<UIComponent>> slots = component.getSlots();
        if (slots != null) {
            Map<String, Object> parts = new LinkedHashMap<>();
            slots.forEach((name, inside) -> parts.put(name, inside.stream().map(HostServices::component).toList()));
            copy.put("slots", parts);
        }
        return copy;
    }
}
