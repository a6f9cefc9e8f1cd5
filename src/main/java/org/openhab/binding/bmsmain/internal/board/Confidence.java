/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Confidence in the source of a fact about the board. Every line of the {@link Catalogue} has one, so that users can
 * distinguish vendor information from conclusions.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum Confidence {
    /** Read on a page of the vendor about the Main 2.1. */
    V,
    /** Read on a page of the vendor about a sibling (Mini S, Main 3) that shares the numbering. */
    N,
    /** Taken from public third-party decoding of a Mini S, with bus captures. */
    C,
    /** Our conclusion; not verified on a board. */
    I,
    /** Not public: the value stays unknown until the user configures its location. */
    GAP,
    /** Not on any bus: computed by the binding. */
    COMPUTED
}
