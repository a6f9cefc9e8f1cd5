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

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.link.BusRegistry;
import org.openhab.binding.bmsmain.internal.link.Ticker;
import org.openhab.core.storage.Storage;

/**
 * What all handlers of the bundle share.
 *
 * @param registry the buses in use
 * @param ticker their time
 * @param texts words in the language of the installation
 * @param journals fault events, kept over restarts, by Thing
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record Services(BusRegistry registry, Ticker ticker, BoardTexts texts, Storage<String> journals) {
}
