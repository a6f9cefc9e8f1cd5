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

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.runtime.HostClient;
import org.openhab.core.i18n.LocaleProvider;
import org.openhab.core.i18n.TimeZoneProvider;
import org.openhab.core.i18n.TranslationProvider;
import org.openhab.core.items.ItemRegistry;
import org.openhab.core.storage.StorageService;
import org.openhab.core.thing.ThingRegistry;
import org.openhab.core.thing.binding.ThingHandlerFactory;
import org.openhab.core.thing.link.ItemChannelLinkRegistry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.BundleTracker;
import org.osgi.util.tracker.ServiceTracker;

import tech.units.indriya.function.Calculus;

/**
 * Starts the minimal openHAB: the services that bindings expect, and the {@link HostClient} for callers outside.
 * The framework property <code>bmsmain.host.locale</code> sets the system language; the default is English.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class HostActivator implements BundleActivator {

    private final List<Runnable> stops = new ArrayList<>();

    @Override
    public void start(@Nullable BundleContext bundleContext) {
        if (bundleContext == null) {
            throw new IllegalArgumentException("No bundle context");
        }
        findNumberSystem();
        String locale = bundleContext.getProperty("bmsmain.host.locale");
        HostTexts texts = new HostTexts(locale == null ? Locale.ENGLISH : Locale.forLanguageTag(locale));
        SafeCalls calls = new SafeCalls();
        Descriptors descriptors = new Descriptors();
        HostFacade facade = new HostFacade(bundleContext, descriptors, texts, calls);
        HostThings things = facade.things;
        ThingRegistry thingRegistry = Partial.of(ThingRegistry.class, things);
        ItemRegistry itemRegistry = Partial.of(ItemRegistry.class, facade.items);
        bundleContext.registerService(new String[] { TranslationProvider.class.getName(),
                LocaleProvider.class.getName(), TimeZoneProvider.class.getName() }, texts, null);
        bundleContext.registerService(StorageService.class, new MemoryStorage(), null);
        bundleContext.registerService(ThingRegistry.class, thingRegistry, null);
        bundleContext.registerService(ItemRegistry.class, itemRegistry, null);
        bundleContext.registerService(ItemChannelLinkRegistry.class,
                HostLinks.registry(facade.items.links, thingRegistry, itemRegistry, bundleContext), null);
        BundleTracker<@Nullable Bundle> bundles = new BundleTracker<>(bundleContext, Bundle.STARTING | Bundle.ACTIVE,
                descriptors);
        bundles.open();
        FactoryTracker factories = new FactoryTracker(bundleContext, things);
        factories.open();
        bundleContext.registerService(HostClient.class, facade, null);
        stops.add(things::stop);
        stops.add(factories::close);
        stops.add(bundles::close);
        stops.add(calls::stop);
    }

    /**
     * Loads Indriya's number system. Indriya looks it up with the context class loader and caches the result. In
     * openHAB, Aries SPI Fly provides the class loader; here it is arbitrary and must be set.
     */
    private static void findNumberSystem() {
        Thread thread = Thread.currentThread();
        ClassLoader former = thread.getContextClassLoader();
        thread.setContextClassLoader(Calculus.class.getClassLoader());
        try {
            Calculus.currentNumberSystem();
        } finally {
            thread.setContextClassLoader(former);
        }
    }

    @Override
    public void stop(@Nullable BundleContext bundleContext) {
        stops.forEach(Runnable::run);
        stops.clear();
    }

    private static class FactoryTracker extends ServiceTracker<ThingHandlerFactory, ThingHandlerFactory> {

        private final HostThings things;

        FactoryTracker(BundleContext context, HostThings things) {
            super(context, ThingHandlerFactory.class, null);
            this.things = things;
        }

        @Override
        public ThingHandlerFactory addingService(@Nullable ServiceReference<ThingHandlerFactory> reference) {
            ThingHandlerFactory factory = super.addingService(reference);
            things.factoryAdded(factory);
            return factory;
        }

        @Override
        public void removedService(@Nullable ServiceReference<ThingHandlerFactory> reference,
                ThingHandlerFactory factory) {
            things.factoryRemoved(factory);
            super.removedService(reference, factory);
        }
    }
}
