/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import java.util.HashMap;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Remembers the last answers, so that a repeated answer is not taken for one of another block. Blocks of different
 * lengths do not need this. It matters where a board refused joined reads and many short ones follow each other.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RecentAnswers {

    /** Number of remembered answers: more than can be under way. */
    private static final int REMEMBERED = 4;

    private final @Nullable ModbusRequest[] requests = new @Nullable ModbusRequest[REMEMBERED];
    private final int[] contents = new int[REMEMBERED];
    /** Content of places that were read twice, because another place held the same. */
    private final Map<Long, Integer> confirmed = new HashMap<>();
    private int next;

    /** Whether an earlier answer, to a request that differs in the address only, had the same content. */
    boolean isRepeated(ModbusRequest request, RegisterView registers) {
        if (!request.isRead()) {
            return false;
        }
        int content = registers.checksum();
        for (int i = 0; i < REMEMBERED; i++) {
            ModbusRequest earlier = requests[i];
            if (earlier != null && contents[i] == content && earlier.count() == request.count()
                    && earlier.unit() == request.unit() && earlier.function() == request.function()
                    && earlier.address() != request.address()) {
                Integer known = confirmed.get(place(request));
                return known == null || known != content;
            }
        }
        return false;
    }

    /** Whether registers with this content arrived shortly before in answer to such a request. */
    boolean holds(int unit, int function, int count, int content) {
        for (int i = 0; i < REMEMBERED; i++) {
            ModbusRequest earlier = requests[i];
            if (earlier != null && contents[i] == content && earlier.count() == count && earlier.unit() == unit
                    && earlier.function() == function) {
                return true;
            }
        }
        return false;
    }

    /** Records the content of a block that was read again. */
    void confirm(ModbusRequest request, RegisterView registers) {
        confirmed.put(place(request), registers.checksum());
    }

    private static long place(ModbusRequest request) {
        return (long) request.unit() << 32 | (long) request.function() << 16 | request.address();
    }

    /** Remembers an answer, and returns its registers. */
    RegisterView add(ModbusRequest request, RegisterView registers) {
        if (request.isRead()) {
            requests[next] = request;
            contents[next] = registers.checksum();
            next = (next + 1) % REMEMBERED;
        }
        return registers;
    }
}
