/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.config;

import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.transport.PortNames;
import org.openhab.binding.bmsmain.internal.transport.SerialTransport;
import org.openhab.core.config.core.ConfigOptionProvider;
import org.openhab.core.config.core.ParameterOption;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Lists the serial ports of this machine. openHAB lists them only if its serial transport is installed, which is
 * optional in a base installation. Ports in openHAB's list are omitted here, because openHAB would show both lists one
 * after the other.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Component(service = ConfigOptionProvider.class)
public class SerialPortOptionProvider implements ConfigOptionProvider {

    private static final Set<String> URIS = Set.of("thing-type:bmsmain:serial", "thing-type:bmsmain:can");
    private static final String PARAMETER = "port";
    /** The component with openHAB's own list. Referenced by name, since its package is not needed otherwise. */
    private static final String OPENHABS_LIST = "(component.name=org.openhab.core.config.serial.internal.SerialConfigOptionProvider)";

    private final Supplier<List<String>> ports;
    private final PortNames names;
    private final @Nullable ConfigOptionProvider openhab;

    @Activate
    public SerialPortOptionProvider(
            @Reference(target = OPENHABS_LIST, cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY) @Nullable ConfigOptionProvider openhab) {
        this(SerialTransport::ports, new PortNames(), openhab);
    }

    SerialPortOptionProvider(Supplier<List<String>> ports, PortNames names, @Nullable ConfigOptionProvider openhab) {
        this.ports = ports;
        this.names = names;
        this.openhab = openhab;
    }

    @Override
    public @Nullable Collection<ParameterOption> getParameterOptions(URI uri, String param, @Nullable String context,
            @Nullable Locale locale) {
        if (!URIS.contains(uri.toString()) || !PARAMETER.equals(param)) {
            return null;
        }
        Set<String> listed = new LinkedHashSet<>(names.all());
        listed.addAll(ports.get());
        ConfigOptionProvider other = openhab;
        Collection<ParameterOption> theirs = other == null ? null
                : other.getParameterOptions(uri, param, context, locale);
        if (theirs != null) {
            theirs.forEach(option -> listed.remove(option.getValue()));
        }
        return listed.stream().map(name -> new ParameterOption(name, name)).toList();
    }
}
