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

import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.BOARD_TYPES;

import java.net.URI;
import java.util.Collection;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.config.core.ConfigOptionProvider;
import org.openhab.core.config.core.ParameterOption;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingRegistry;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Lists the board Things as possible members of a bank.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Component(service = ConfigOptionProvider.class)
public class BankMemberOptionProvider implements ConfigOptionProvider {

    private static final String BANK = "thing-type:bmsmain:bank";
    private static final String PARAMETER = "members";

    private final ThingRegistry things;

    @Activate
    public BankMemberOptionProvider(@Reference ThingRegistry things) {
        this.things = things;
    }

    @Override
    public @Nullable Collection<ParameterOption> getParameterOptions(URI uri, String param, @Nullable String context,
            @Nullable Locale locale) {
        if (!BANK.equals(uri.toString()) || !PARAMETER.equals(param)) {
            return null;
        }
        return things.getAll().stream().filter(thing -> BOARD_TYPES.contains(thing.getThingTypeUID()))
                .map(BankMemberOptionProvider::option).toList();
    }

    private static ParameterOption option(Thing thing) {
        String uid = thing.getUID().toString();
        String label = thing.getLabel();
        return new ParameterOption(uid, label == null || label.isBlank() ? uid : label + " (" + uid + ")");
    }
}
