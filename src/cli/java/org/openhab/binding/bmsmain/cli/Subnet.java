/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The hosts of a small IPv4 network.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Subnet {

    /** Larger networks are not scanned: they are not home networks. */
    static final int SHORTEST_PREFIX = 22;
    private static final int BITS = 32;
    private static final int LONGEST_WITH_BROADCAST = 30;

    private Subnet() {
    }

    /**
     * The host addresses of a network such as 192.168.1.0/24.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static List<String> hosts(String cidr) {
        String[] parts = cidr.split("/", -1);
        if (parts.length != 2 || !parts[0].matches("\\d{1,3}(\\.\\d{1,3}){3}") || !parts[1].matches("\\d{1,2}")) {
            throw new IllegalArgumentException("--subnet must be a network such as 192.168.1.0/24, not " + cidr);
        }
        int prefix = Integer.parseInt(parts[1]);
        if (prefix < SHORTEST_PREFIX || prefix > BITS) {
            throw new IllegalArgumentException("--subnet must be a network from /22 to /32, not /" + prefix);
        }
        long address = 0;
        for (String part : parts[0].split("\\.")) {
            int number = Integer.parseInt(part);
            if (number > 255) {
                throw new IllegalArgumentException("--subnet must be a network such as 192.168.1.0/24, not " + cidr);
            }
            address = address << 8 | number;
        }
        long size = 1L << BITS - prefix;
        long first = address & -size;
        int edge = prefix <= LONGEST_WITH_BROADCAST ? 1 : 0;
        List<String> hosts = new ArrayList<>();
        for (long host = first + edge; host < first + size - edge; host++) {
            hosts.add((host >> 24) + "." + (host >> 16 & 0xFF) + "." + (host >> 8 & 0xFF) + "." + (host & 0xFF));
        }
        return hosts;
    }
}
