/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.thing.binding;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingUID;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceObjects;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.ComponentContext;

/**
 * Base of handler factories. The services that a handler declares are registered and unregistered with it, as
 * components of prototype scope if available.
 */
@NonNullByDefault
public abstract class BaseThingHandlerFactory implements ThingHandlerFactory {
    private final Map<ThingUID, List<Runnable>> disposals = new ConcurrentHashMap<>();
    private @NonNullByDefault({}) BundleContext context;

    protected void activate(ComponentContext componentContext) {
        context = componentContext.getBundleContext();
    }

    protected void deactivate(ComponentContext componentContext) {
        disposals.keySet().forEach(this::disposeServices);
    }

    protected abstract @Nullable ThingHandler createHandler(Thing thing);

    @Override
    public ThingHandler registerHandler(Thing thing) {
        ThingHandler handler = createHandler(thing);
        if (handler == null) {
            throw new IllegalStateException("No handler for thing " + thing.getUID());
        }
        handler.getServices().forEach(type -> register(handler, type));
        return handler;
    }

    private <T extends ThingHandlerService> void register(ThingHandler handler, Class<T> type) {
        ServiceReference<T> reference = context.getServiceReference(type);
        ServiceObjects<T> objects = reference == null ? null : context.getServiceObjects(reference);
        T service = objects == null ? made(type) : Objects.requireNonNull(objects.getService());
        service.setThingHandler(handler);
        // the canonical name, as in openHAB: OSGi rejects a service with a nested interface, whose binary name differs
        String[] names = interfacesOf(type).stream().filter(each -> each != ThingHandlerService.class)
                .map(Class::getCanonicalName).filter(Objects::nonNull).toArray(String[]::new);
        ServiceRegistration<?> registration = names.length == 0 ? null : context.registerService(names, service, null);
        service.initialize();
        Objects.requireNonNull(
                disposals.computeIfAbsent(handler.getThing().getUID(), uid -> new CopyOnWriteArrayList<>())).add(() -> {
                    service.dispose();
                    if (registration != null) {
                        registration.unregister();
                    }
                    if (objects != null) {
                        objects.ungetService(service);
                    }
                });
    }

    private static <T> T made(Class<T> type) {
        try {
            return Objects.requireNonNull(type.getConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<Class<?>> interfacesOf(Class<?> type) {
        Set<Class<?>> interfaces = new LinkedHashSet<>();
        for (Class<?> level = type; level != null; level = level.getSuperclass()) {
            interfaces.addAll(List.of(level.getInterfaces()));
        }
        return interfaces;
    }

    @Override
    public void unregisterHandler(Thing thing) {
        disposeServices(thing.getUID());
    }

    private void disposeServices(ThingUID thing) {
        List<Runnable> all = disposals.remove(thing);
        if (all != null) {
            all.forEach(Runnable::run);
        }
    }

    @Override
    public void removeThing(ThingUID thingUID) {
    }
}
