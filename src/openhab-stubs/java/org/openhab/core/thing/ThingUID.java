/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.thing;

import org.eclipse.jdt.annotation.NonNullByDefault;

/** Identifies a thing: <code>binding:type:id</code>. */
@NonNullByDefault
public class ThingUID extends UID {

    public ThingUID(ThingTypeUID thingTypeUID, String id) {
        super(thingTypeUID, id);
    }

    public ThingUID(String thingUID) {
        super(thingUID);
    }

    public String getId() {
        String uid = getAsString();
        return uid.substring(uid.lastIndexOf(':') + 1);
    }
}
