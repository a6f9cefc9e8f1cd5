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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Base of handler factories. With each handler it makes the services that the handler names, from a component of
 * prototype scope where there is one, and registers them under their own interfaces until the handler goes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public abstract class BaseThingHandlerFactory implements ThingHandlerFactory {

    private final Logger logger = LoggerFactory.getLogger(BaseThingHandlerFactory.class);
    private final Map<ThingUID, List<Runnable>> disposals = new ConcurrentHashMap<>();

    protected @NonNullByDefault({}) BundleContext bundleContext;

    protected void activate(ComponentContext componentContext) {
        bundleContext = componentContext.getBundleContext();
    }

    protected void deactivate(ComponentContext componentContext) {
        disposals.keySet().forEach(this::disposeServices);
        bundleContext = null;
    }

    protected BundleContext getBundleContext() {
        BundleContext context = bundleContext;
        if (context == null) {
            throw new IllegalStateException("The factory is not active");
        }
        return context;
    }

    protected abstract @Nullable ThingHandler createHandler(Thing thing);

    @Override
    public ThingHandler registerHandler(Thing thing) {
        ThingHandler handler = createHandler(thing);
        if (handler == null) {
            throw new IllegalStateException(
                    getClass().getSimpleName() + " makes no handler for thing " + thing.getUID());
        }
        handler.getServices().forEach(type -> registerService(handler, type));
        return handler;
    }

    public void registerService(ThingHandler thingHandler, Class<? extends ThingHandlerService> klass) {
        register(thingHandler, klass);
    }

    private <T extends ThingHandlerService> void register(ThingHandler handler, Class<T> type) {
        T service;
        Runnable giveBack = () -> {
        };
        ServiceReference<T> reference = bundleContext.getServiceReference(type);
        if (reference != null) {
            ServiceObjects<T> objects = bundleContext.getServiceObjects(reference);
            T component = Objects.requireNonNull(objects.getService());
            service = component;
            giveBack = () -> objects.ungetService(component);
        } else {
            try {
                service = Objects.requireNonNull(type.getConstructor().newInstance());
            } catch (ReflectiveOperationException e) {
                logger.warn("Cannot make a service of {}", type.getName(), e);
                return;
            }
        }
        service.setThingHandler(handler);
        // the canonical name, as in openHAB: OSGi refuses a service that has a nested interface, whose name is another
        String[] names = interfacesOf(type).stream().filter(each -> each != ThingHandlerService.class)
                .map(Class::getCanonicalName).filter(Objects::nonNull).toArray(String[]::new);
        ServiceRegistration<?> registration = names.length == 0 ? null
                : bundleContext.registerService(names, service, null);
        service.initialize();
        Runnable last = giveBack;
        List<Runnable> all = Objects.requireNonNull(
                disposals.computeIfAbsent(handler.getThing().getUID(), uid -> new CopyOnWriteArrayList<>()));
        all.add(() -> {
            service.dispose();
            if (registration != null) {
                registration.unregister();
            }
            last.run();
        });
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
        ThingHandler handler = thing.getHandler();
        if (handler != null) {
            removeHandler(handler);
        }
        disposeServices(thing.getUID());
    }

    private void disposeServices(ThingUID thing) {
        List<Runnable> all = disposals.remove(thing);
        if (all != null) {
            all.forEach(Runnable::run);
        }
    }

    protected void removeHandler(ThingHandler thingHandler) {
    }

    @Override
    public void removeThing(ThingUID thingUID) {
    }
}
