/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal;

import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.*;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.action.BoardActions;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.discovery.CanDiscovery;
import org.openhab.binding.bmsmain.internal.handler.BankHandler;
import org.openhab.binding.bmsmain.internal.handler.BoardTexts;
import org.openhab.binding.bmsmain.internal.handler.CanHandler;
import org.openhab.binding.bmsmain.internal.handler.HandlerServices;
import org.openhab.binding.bmsmain.internal.handler.ModbusHandler;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.SerialTransport;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.core.i18n.LocaleProvider;
import org.openhab.core.i18n.TimeZoneProvider;
import org.openhab.core.i18n.TranslationProvider;
import org.openhab.core.storage.StorageService;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.binding.BaseThingHandlerFactory;
import org.openhab.core.thing.binding.ThingHandler;
import org.openhab.core.thing.binding.ThingHandlerFactory;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Creates the handlers, which share the buses of this bundle.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Component(configurationPid = "binding.bmsmain", service = ThingHandlerFactory.class)
public class BmsMainHandlerFactory extends BaseThingHandlerFactory {

    private static final String JOURNALS = "org.openhab.binding.bmsmain.journal";

    private final HandlerServices services;

    @Activate
    public BmsMainHandlerFactory(@Reference TranslationProvider translations, @Reference LocaleProvider locales,
            @Reference TimeZoneProvider zone, @Reference StorageService storage) {
        Ticker ticker = Ticker.system();
        services = new HandlerServices(new BusRegistry(ticker), ticker,
                new BoardTexts(translations, locales, FrameworkUtil.getBundle(BmsMainHandlerFactory.class)),
                storage.getStorage(JOURNALS, BmsMainHandlerFactory.class.getClassLoader()), zone);
    }

    @Override
    public boolean supportsThingType(ThingTypeUID thingTypeUID) {
        return BOARD_TYPES.contains(thingTypeUID) || THING_TYPE_BANK.equals(thingTypeUID);
    }

    @Override
    protected @Nullable ThingHandler createHandler(Thing thing) {
        ThingTypeUID type = thing.getThingTypeUID();
        if (THING_TYPE_SERIAL.equals(type)) {
            return new ModbusHandler(thing, ConnectionType.SERIAL, services, BoardActions.class);
        }
        if (THING_TYPE_TCP.equals(type)) {
            return new ModbusHandler(thing, ConnectionType.TCP, services, BoardActions.class);
        }
        if (THING_TYPE_CAN.equals(type)) {
            return new CanHandler(thing, services, BoardActions.class, CanDiscovery.class);
        }
        if (THING_TYPE_BANK.equals(type)) {
            return new BankHandler(thing, services);
        }
        return null;
    }

    @Override
    protected void deactivate(ComponentContext componentContext) {
        super.deactivate(componentContext);
        // The next version of this bundle may start immediately: release the ports and the native library first.
        services.close();
        SerialTransport.release();
    }
}
