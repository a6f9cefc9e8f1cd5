/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.types;

import org.eclipse.jdt.annotation.NonNullByDefault;

/** States of an item without a value: NULL was never set, UNDEF is undefined. */
@NonNullByDefault
public enum UnDefType implements State {
    UNDEF,
    NULL;

    @Override
    public String toFullString() {
        return name();
    }
}
