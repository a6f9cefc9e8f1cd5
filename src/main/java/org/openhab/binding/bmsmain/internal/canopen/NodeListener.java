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
 * Receives the nodes on a bus that are not configured boards.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface NodeListener {

    /**
     * Called when a node is received; rare for each node. Called on the thread of the bus; must not block.
     *
     * @param node node ID, 1..127
     * @param isBoard whether the node sends the PDOs of a BMS Main
     */
    void heard(int node, boolean isBoard);

    /**
     * Called when a board of the bus now has this node ID. Called on the thread of the bus; must not block.
     *
     * @param node node ID, 1..127
     */
    void taken(int node);
}
