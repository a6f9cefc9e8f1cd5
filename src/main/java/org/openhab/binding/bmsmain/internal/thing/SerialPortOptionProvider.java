/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.thing;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.link.PortNames;
import org.openhab.binding.bmsmain.internal.link.SerialTransport;
import org.openhab.core.config.core.ConfigOptionProvider;
import org.openhab.core.config.core.ParameterOption;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists the serial ports of this machine. openHAB does that itself only where its serial transport is installed, which
 * a base installation need not have.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Component(service = ConfigOptionProvider.class)
public class SerialPortOptionProvider implements ConfigOptionProvider {

    private static final Set<String> URIS = Set.of("thing-type:bmsmain:serial", "thing-type:bmsmain:can");
    private static final String PARAMETER = "port";

    private final Logger logger = LoggerFactory.getLogger(SerialPortOptionProvider.class);
    private final Supplier<List<String>> ports;
    private final PortNames names;

    @Activate
    public SerialPortOptionProvider() {
        this(SerialTransport::ports, new PortNames());
    }

    SerialPortOptionProvider(Supplier<List<String>> ports, PortNames names) {
        this.ports = ports;
        this.names = names;
    }

    @Override
    public @Nullable Collection<ParameterOption> getParameterOptions(URI uri, String param, @Nullable String context,
            @Nullable Locale locale) {
        if (!URIS.contains(uri.toString()) || !PARAMETER.equals(param)) {
            return null;
        }
        List<ParameterOption> options = new ArrayList<>();
        names.all().forEach(name -> options.add(new ParameterOption(name, name)));
        try {
            ports.get().forEach(name -> options.add(new ParameterOption(name, name)));
        } catch (LinkageError e) {
            // A port can still be typed in; without this, openHAB could not show the page of the Thing at all.
            logger.debug("No list of serial ports: the native library cannot be loaded", e);
        }
        return options;
    }
}
