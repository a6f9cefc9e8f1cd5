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

/**
 * Anything that can be a state or a command.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface Type {

    /**
     * @param pattern a pattern of {@link String#format(String, Object...)}
     * @return this value in that pattern
     */
    String format(String pattern);

    /**
     * @return the text from which the same value can be parsed again
     */
    String toFullString();
}
