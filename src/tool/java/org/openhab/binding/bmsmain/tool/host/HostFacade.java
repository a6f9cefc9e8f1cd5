/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.tool.host;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.tool.host.Descriptors.ChannelType;
import org.openhab.core.automation.annotation.RuleAction;
import org.openhab.core.config.core.ConfigOptionProvider;
import org.openhab.core.config.core.ConfigParser;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.config.core.ParameterOption;
import org.openhab.core.config.discovery.DiscoveryListener;
import org.openhab.core.config.discovery.DiscoveryResult;
import org.openhab.core.config.discovery.DiscoveryService;
import org.openhab.core.config.discovery.ScanListener;
import org.openhab.core.io.console.Console;
import org.openhab.core.io.console.ConsoleCommandCompleter;
import org.openhab.core.io.console.extensions.ConsoleCommandExtension;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatusInfo;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.binding.ThingActions;
import org.openhab.core.thing.binding.ThingHandler;
import org.openhab.core.thing.link.ItemChannelLink;
import org.openhab.core.thing.type.ChannelTypeUID;
import org.openhab.core.types.State;
import org.openhab.core.ui.components.RootUIComponent;
import org.openhab.core.ui.components.UIComponent;
import org.openhab.core.ui.components.UIComponentProvider;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * The door of the runtime for callers outside of the OSGi framework, who share only the JDK with it.
 * <p>
 * A request is a map with the operation under <code>op</code> and its arguments; the answer is a map too. A wrong
 * request
 * ends in an {@link IllegalArgumentException}. The operations are the methods of <code>HostClient</code>.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostFacade implements Function<Map<String, Object>, Map<String, Object>>, HostThings.Listener {

    /** So many events are kept, the oldest go first. */
    private static final int EVENTS_KEPT = 10_000;

    private final BundleContext context;
    private final HostTexts texts;
    private final HostDescriptors descriptors;
    private final HostThings things;
    private final HostThingRegistry thingRegistry;
    private final HostItems items = new HostItems();
    private final HostLinks links = new HostLinks();
    private final List<Consumer<Map<String, Object>>> listeners = new CopyOnWriteArrayList<>();
    private final LinkedBlockingDeque<Map<String, Object>> events = new LinkedBlockingDeque<>(EVENTS_KEPT);

    HostFacade(BundleContext context, HostDescriptors descriptors, HostTexts texts, SafeCalls calls) {
        this.context = context;
        this.descriptors = descriptors;
        this.texts = texts;
        this.things = new HostThings(descriptors, new ConfigRules(context.getBundle(), texts), calls, texts, this);
        this.thingRegistry = new HostThingRegistry(things);
    }

    HostThings things() {
        return things;
    }

    HostThingRegistry thingRegistry() {
        return thingRegistry;
    }

    HostItems items() {
        return items;
    }

    HostLinks links() {
        return links;
    }

    @Override
    public Map<String, Object> apply(Map<String, Object> request) {
        String operation = text(request, "op");
        return switch (operation) {
            case "descriptors" -> descriptors();
            case "addThing" -> addThing(request);
            case "removeThing" -> removeThing(request);
            case "things" ->
                Map.of("things", things.all().stream().map(host -> host.thing.getUID().toString()).toList());
            case "status" -> status(request);
            case "states" -> states(request);
            case "channels" -> channels(request);
            case "properties" -> new TreeMap<>(thing(request).thing.getProperties());
            case "configuration" -> new TreeMap<>(thing(request).thing.getConfiguration().getProperties());
            case "configure" -> configure(request);
            case "command" -> command(request);
            case "link" -> link(request);
            case "unlink" -> unlink(request);
            case "events" -> Map.of("events", List.copyOf(events));
            case "listen" -> listen(request, true);
            case "unlisten" -> listen(request, false);
            case "text" -> Map.of("text", texts.resolve(bundle(request), text(request, "text"), locale(request)));
            case "languages" -> Map.of("languages", texts.languages(bundle(request)));
            case "options" -> options(request);
            case "console" -> console(request);
            case "complete" -> complete(request);
            case "actions" -> actions(request);
            case "action" -> action(request);
            case "discover" -> discover(request);
            case "components" -> components(request);
            default -> throw new IllegalArgumentException("No operation " + operation);
        };
    }

    // arguments

    private static String text(Map<String, Object> request, String name) {
        Object value = request.get(name);
        if (value == null) {
            throw new IllegalArgumentException("Argument " + name + " is missing");
        }
        return value.toString();
    }

    private static String orEmpty(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, Object> request, String name) {
        return request.get(name) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    private static @Nullable Locale locale(Map<String, Object> request) {
        return request.containsKey("locale") ? Locale.forLanguageTag(text(request, "locale")) : null;
    }

    private HostThing thing(Map<String, Object> request) {
        return things.get(new ThingUID(text(request, "thing")));
    }

    private Bundle bundle(Map<String, Object> request) {
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getSymbolicName().equals(text(request, "bundle"))) {
                return bundle;
            }
        }
        throw new IllegalArgumentException("No bundle " + text(request, "bundle"));
    }

    // things

    private Map<String, Object> descriptors() {
        Map<String, Object> all = new TreeMap<>();
        for (Descriptors ofBundle : descriptors.all()) {
            ofBundle.things.forEach((uid, type) -> {
                Map<String, Object> channels = new LinkedHashMap<>();
                type.channels().forEach(entry -> channels.put(entry.id(), entry.type().toString()));
                type.groups().forEach(group -> {
                    Descriptors.GroupType groupType = ofBundle.groups.get(group.type());
                    if (groupType != null) {
                        groupType.channels()
                                .forEach(entry -> channels.put(group.id() + "#" + entry.id(), entry.type().toString()));
                    }
                });
                all.put(uid.toString(), Map.of("label", type.label(), "channels", channels, "extensible",
                        type.extensible(), "bundle", ofBundle.bundle.getSymbolicName()));
            });
        }
        return all;
    }

    private Map<String, Object> addThing(Map<String, Object> request) {
        Map<String, ChannelTypeUID> channels = new LinkedHashMap<>();
        Map<String, Configuration> configs = new LinkedHashMap<>();
        map(request, "channels").forEach((id, value) -> {
            Map<String, Object> channel = map(Map.of("channel", value), "channel");
            channels.put(id, new ChannelTypeUID(text(channel, "type")));
            configs.put(id, new Configuration(map(channel, "config")));
        });
        Thing thing = things.add(new ThingTypeUID(text(request, "type")), text(request, "id"),
                new Configuration(map(request, "config")), channels, configs);
        return Map.of("thing", thing.getUID().toString());
    }

    private Map<String, Object> removeThing(Map<String, Object> request) {
        things.remove(new ThingUID(text(request, "thing")));
        return Map.of();
    }

    private Map<String, Object> status(Map<String, Object> request) {
        HostThing host = thing(request);
        ThingStatusInfo info = host.thing.getStatusInfo();
        return Map.of("status", info.getStatus().name(), "detail", info.getStatusDetail().name(), "description",
                orEmpty(info.getDescription()), "text", things.statusText(host, locale(request)), "strays",
                new TreeMap<>(host.strays));
    }

    private Map<String, Object> states(Map<String, Object> request) {
        HostThing host = thing(request);
        Map<String, Object> states = new LinkedHashMap<>();
        for (Channel channel : host.thing.getChannels()) {
            State state = host.states.get(channel.getUID().getId());
            if (channel.getAcceptedItemType() != null) {
                states.put(channel.getUID().getId(), state == null ? "NULL" : state.toFullString());
            }
        }
        return states;
    }

    private Map<String, Object> channels(Map<String, Object> request) {
        Map<String, Object> channels = new LinkedHashMap<>();
        HostThing host = thing(request);
        for (Channel channel : host.thing.getChannels()) {
            ChannelType type = descriptors.channelType(channel.getChannelTypeUID());
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("type", orEmpty(channel.getChannelTypeUID()));
            facts.put("kind", channel.getKind().name());
            facts.put("itemType", orEmpty(channel.getAcceptedItemType()));
            facts.put("label", texts.resolve(host.bundle, orEmpty(channel.getLabel()), locale(request)));
            facts.put("description", texts.resolve(host.bundle, orEmpty(channel.getDescription()), locale(request)));
            facts.put("tags", List.copyOf(channel.getDefaultTags()));
            facts.put("autoUpdatePolicy", orEmpty(channel.getAutoUpdatePolicy()));
            facts.put("config", new TreeMap<>(channel.getConfiguration().getProperties()));
            if (type != null) {
                facts.put("advanced", type.advanced());
                facts.put("readOnly", type.readOnly());
                facts.put("unitHint", type.unitHint());
                facts.put("pattern", type.pattern());
                facts.put("options", List.copyOf(type.options().keySet()));
            }
            channels.put(channel.getUID().getId(), facts);
        }
        return channels;
    }

    private Map<String, Object> configure(Map<String, Object> request) {
        things.configure(new ThingUID(text(request, "thing")), map(request, "config"));
        return Map.of();
    }

    private Map<String, Object> command(Map<String, Object> request) {
        things.command(new ChannelUID(text(request, "channel")), text(request, "command"));
        return Map.of();
    }

    private Map<String, Object> link(Map<String, Object> request) {
        ChannelUID uid = new ChannelUID(text(request, "channel"));
        Channel channel = things.get(uid.getThingUID()).thing.getChannel(uid);
        String itemType = channel == null ? null : channel.getAcceptedItemType();
        if (channel == null || itemType == null) {
            throw new IllegalArgumentException("No channel with a state " + uid);
        }
        String item = text(request, "item");
        items.add(new HostItem(item, itemType, orEmpty(channel.getLabel()), channel.getDefaultTags()));
        links.add(item, uid);
        things.linked(uid, true);
        return Map.of();
    }

    private Map<String, Object> unlink(Map<String, Object> request) {
        ChannelUID uid = new ChannelUID(text(request, "channel"));
        for (ItemChannelLink link : links.of(uid)) {
            links.remove(link);
            items.remove(link.getItemName());
        }
        things.linked(uid, false);
        return Map.of();
    }

    // events

    @SuppressWarnings("unchecked")
    private Map<String, Object> listen(Map<String, Object> request, boolean on) {
        if (!(request.get("consumer") instanceof Consumer<?> consumer)) {
            throw new IllegalArgumentException("Argument consumer is missing");
        }
        Consumer<Map<String, Object>> listener = (Consumer<Map<String, Object>>) consumer;
        if (on) {
            listeners.add(listener);
        } else {
            listeners.remove(listener);
        }
        return Map.of();
    }

    private void publish(Map<String, Object> event) {
        if (!"state".equals(event.get("event"))) {
            while (!events.offer(event)) {
                events.poll();
            }
        }
        listeners.forEach(listener -> listener.accept(event));
    }

    @Override
    public void thingAdded(Thing thing) {
        thingRegistry.listeners.forEach(listener -> listener.added(thing));
    }

    @Override
    public void thingUpdated(Thing former, Thing thing) {
        thingRegistry.listeners.forEach(listener -> listener.updated(former, thing));
        publish(Map.of("event", "thing", "thing", thing.getUID().toString()));
    }

    @Override
    public void thingRemoved(Thing thing) {
        for (Channel channel : thing.getChannels()) {
            for (ItemChannelLink link : links.of(channel.getUID())) {
                links.remove(link);
                items.remove(link.getItemName());
            }
        }
        thingRegistry.listeners.forEach(listener -> listener.removed(thing));
        publish(Map.of("event", "removed", "thing", thing.getUID().toString()));
    }

    @Override
    public void status(Thing thing, ThingStatusInfo info) {
        publish(Map.of("event", "status", "thing", thing.getUID().toString(), "status", info.getStatus().name(),
                "detail", info.getStatusDetail().name(), "description", orEmpty(info.getDescription())));
    }

    @Override
    public void state(ChannelUID channel, State state) {
        for (ItemChannelLink link : links.of(channel)) {
            if (items.get(link.getItemName()) instanceof HostItem item) {
                item.update(state);
            }
        }
        publish(Map.of("event", "state", "thing", channel.getThingUID().toString(), "channel", channel.getId(), "state",
                state.toFullString()));
    }

    @Override
    public void trigger(ChannelUID channel, String event, Instant time) {
        publish(Map.of("event", "trigger", "thing", channel.getThingUID().toString(), "channel", channel.getId(),
                "payload", event, "time", time.toString()));
    }

    @Override
    public boolean isLinked(ChannelUID channel) {
        return !links.of(channel).isEmpty();
    }

    // what bindings offer beside things

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

    private Map<String, Object> options(Map<String, Object> request) {
        return with(ConfigOptionProvider.class, providers -> {
            Map<String, Object> options = new LinkedHashMap<>();
            for (ConfigOptionProvider provider : providers) {
                Collection<ParameterOption> some = provider.getParameterOptions(URI.create(text(request, "uri")),
                        text(request, "parameter"), request.containsKey("context") ? text(request, "context") : null,
                        locale(request));
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

    private Map<String, Object> console(Map<String, Object> request) {
        String[] words = text(request, "line").trim().split("\\s+");
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

    private Map<String, Object> complete(Map<String, Object> request) {
        String[] words = text(request, "line").split("\\s+", -1);
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

    private Map<String, Object> actions(Map<String, Object> request) {
        ThingUID uid = new ThingUID(text(request, "thing"));
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

    private Map<String, Object> action(Map<String, Object> request) {
        ThingUID uid = new ThingUID(text(request, "thing"));
        String name = text(request, "action");
        List<?> arguments = request.get("arguments") instanceof List<?> list ? list : List.of();
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
            return list.stream().map(HostFacade::plain).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, each) -> copy.put(key.toString(), plain(each)));
            return copy;
        }
        return value instanceof Number || value instanceof Boolean || value instanceof Instant ? value
                : String.valueOf(value);
    }

    private Map<String, Object> discover(Map<String, Object> request) {
        ThingTypeUID type = new ThingTypeUID(text(request, "type"));
        long seconds = Long.parseLong(text(request, "seconds"));
        return with(DiscoveryService.class, all -> {
            List<DiscoveryService> services = all.stream().filter(each -> each.getSupportedThingTypes().contains(type))
                    .toList();
            Results results = new Results(services.size());
            for (DiscoveryService service : services) {
                service.addDiscoveryListener(results);
                if (request.containsKey("input")) {
                    service.startScan(text(request, "input"), results);
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
            facts.put("representationProperty", orEmpty(result.getRepresentationProperty()));
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

    private Map<String, Object> components(Map<String, Object> request) {
        return with(UIComponentProvider.class, providers -> {
            Map<String, Object> components = new TreeMap<>();
            for (UIComponentProvider provider : providers) {
                if (provider.getNamespace().equals(text(request, "namespace"))) {
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
            slots.forEach((name, inside) -> parts.put(name, inside.stream().map(HostFacade::component).toList()));
            copy.put("slots", parts);
        }
        return copy;
    }
}
