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
import java.time.Duration;
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
import org.osgi.util.tracker.ServiceTracker;

/**
 * Calls the services that bindings offer besides things: options of parameters, console commands, actions of rules,
 * discovery, and components of the user interface. Each service is obtained for one request and released.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostServices {
    /** openHAB reports results on a separate thread, possibly after the end of the scan. */
    private static final long STRAGGLE_MILLIS = 500;

    private final BundleContext context;

    HostServices(BundleContext context) {
        this.context = context;
    }

    /** Obtains all services of a type, uses them and releases them. */
    private <T, R> R with(Class<T> type, Function<Collection<T>, R> use) {
        ServiceTracker<T, T> tracker = new ServiceTracker<>(context, type, null);
        tracker.open();
        try {
            return Objects.requireNonNull(use.apply(tracker.getTracked().values()));
        } finally {
            tracker.close();
        }
    }

    Map<String, String> options(String uri, String parameter) {
        return with(ConfigOptionProvider.class, providers -> {
            Map<String, String> options = new LinkedHashMap<>();
            for (ConfigOptionProvider provider : providers) {
                Collection<ParameterOption> some = provider.getParameterOptions(URI.create(uri), parameter, null, null);
                if (some != null) {
                    some.forEach(option -> options.put(option.getValue(), option.getLabel()));
                }
            }
            return options;
        });
    }

    private static ConsoleCommandExtension extension(Collection<ConsoleCommandExtension> all, String name) {
        return all.stream().filter(each -> each.getCommand().equals(name)).findAny()
                .orElseThrow(() -> new IllegalArgumentException("No console command " + name));
    }

    String console(String line) {
        String[] words = line.trim().split("\\s+");
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
            return output.toString();
        });
    }

    List<String> complete(String line) {
        String[] words = line.split("\\s+", -1);
        return with(ConsoleCommandExtension.class, all -> {
            ConsoleCommandCompleter completer = extension(all, words[0]).getCompleter();
            List<String> candidates = new ArrayList<>();
            if (completer != null) {
                String[] arguments = Arrays.copyOfRange(words, 1, words.length);
                int last = arguments.length - 1;
                completer.complete(arguments, last, last < 0 ? 0 : arguments[last].length(), candidates);
            }
            return candidates;
        });
    }

    /** Returns the actions of a thing, each with its service. */
    private static Map<Method, ThingActions> actions(Collection<ThingActions> all, ThingUID thing) {
        Map<Method, ThingActions> actions = new LinkedHashMap<>();
        for (ThingActions service : all) {
            ThingHandler handler = service.getThingHandler();
            if (handler != null && handler.getThing().getUID().equals(thing)) {
                for (Method method : service.getClass().getMethods()) {
                    if (method.isAnnotationPresent(RuleAction.class)) {
                        actions.put(method, service);
                    }
                }
            }
        }
        return actions;
    }

    Map<String, String> actions(ThingUID thing) {
        return with(ThingActions.class, all -> {
            Map<String, String> labels = new TreeMap<>();
            actions(all, thing).keySet().forEach(method -> labels.put(method.getName(),
                    Objects.requireNonNull(method.getAnnotation(RuleAction.class)).label()));
            return labels;
        });
    }

    Map<String, Object> action(ThingUID thing, String name, Object[] arguments) {
        return with(ThingActions.class, all -> {
            for (Map.Entry<Method, ThingActions> action : actions(all, thing).entrySet()) {
                if (action.getKey().getName().equals(name) && action.getKey().getParameterCount() == arguments.length) {
                    return call(action.getValue(), action.getKey(), arguments);
                }
            }
            throw new IllegalArgumentException(
                    "No action " + name + " with " + arguments.length + " arguments for " + thing);
        });
    }

    private static Map<String, Object> call(ThingActions service, Method method, Object[] arguments) {
        try {
            Object result = plain(method.invoke(service, arguments));
            Map<String, Object> answer = new LinkedHashMap<>();
            if (result instanceof Map<?, ?> map) {
                map.forEach((key, value) -> answer.put(key.toString(), value));
            } else {
                answer.put("result", result);
            }
            return answer;
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(method.getName() + " failed: " + e.getCause(), e);
        }
    }

    /** Converts a value to JDK types; any other type becomes text. */
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

    List<Map<String, Object>> discover(ThingTypeUID type, @Nullable String input, Duration limit) {
        return with(DiscoveryService.class, all -> {
            List<DiscoveryService> services = all.stream().filter(each -> each.getSupportedThingTypes().contains(type))
                    .toList();
            Results results = new Results(services.size());
            DiscoveryListener listener = Partial.of(DiscoveryListener.class, results);
            for (DiscoveryService service : services) {
                service.addDiscoveryListener(listener);
                if (input == null) {
                    service.startScan(results);
                } else {
                    service.startScan(input, results);
                }
            }
            try {
                results.running.await(limit.toMillis(), TimeUnit.MILLISECONDS);
                results.any.await(STRAGGLE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            services.forEach(service -> service.removeDiscoveryListener(listener));
            return List.copyOf(results.found);
        });
    }

    /** Collects the results of a scan; has the methods of a {@link DiscoveryListener}. */
    private static class Results implements ScanListener {
        final List<Map<String, Object>> found = new CopyOnWriteArrayList<>();
        final CountDownLatch running;
        final CountDownLatch any = new CountDownLatch(1);

        Results(int services) {
            running = new CountDownLatch(services);
        }

        @SuppressWarnings("unused")
        public void thingDiscovered(DiscoveryService source, DiscoveryResult result) {
            found.add(Map.of("thing", result.getThingUID().toString(), "type", result.getThingTypeUID().toString(),
                    "label", result.getLabel(), "properties", plain(result.getProperties()), "representationProperty",
                    Objects.requireNonNullElse(result.getRepresentationProperty(), ""), "ttl", result.getTimeToLive()));
            any.countDown();
        }

        @SuppressWarnings("unused")
        public void thingRemoved(DiscoveryService source, ThingUID thingUID) {
            found.removeIf(facts -> thingUID.toString().equals(facts.get("thing")));
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

    Map<String, Map<String, Object>> components(String namespace) {
        return with(UIComponentProvider.class, providers -> {
            Map<String, Map<String, Object>> components = new TreeMap<>();
            for (UIComponentProvider provider : providers) {
                if (provider.getNamespace().equals(namespace)) {
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
        copy.put("component", component.getComponent());
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
