/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Hears of nodes on a bus that no board of the bus is.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface NodeListener {

    /**
     * A node is heard. Called on the thread of the bus, seldom for each node; must not block.
     *
     * @param node its id, 1..127
     * @param isBoard whether it sends what a BMS Main sends
     */
    void heard(int node, boolean isBoard);

    /**
     * A board of the bus has this node id now. Called on the thread of the bus; must not block.
     *
     * @param node its id, 1..127
     */
    void taken(int node);
}
