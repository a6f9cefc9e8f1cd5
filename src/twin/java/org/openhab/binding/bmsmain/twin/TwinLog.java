/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.twin;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Records the requests of a twin's clients: total counts, and the latest requests in detail.
 * <p>
 * Thread-safe.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class TwinLog {

    private static final int KEPT = 10_000;

    /**
     * One request.
     *
     * @param unit the address it was sent to
     * @param function the Modbus function code
     * @param address the first register; -1 for an unknown function or a malformed request
     * @param count the number of registers; 0 for an unknown function or a malformed request
     * @param written the values of a write, empty for a read
     * @param exception the exception code of the response, 0 without exception
     */
    public record Request(int unit, int function, int address, int count, List<Integer> written, int exception) {

        /** True for the write functions 6 and 16. */
        public boolean isWrite() {
            return function == 6 || function == 16;
        }
    }

    private final Deque<Request> latest = new ArrayDeque<>();
    private long requests;
    private long writes;

    synchronized void add(Request request) {
        requests++;
        writes += request.isWrite() ? 1 : 0;
        if (latest.size() == KEPT) {
            latest.removeFirst();
        }
        latest.addLast(request);
    }

    /** Returns the number of requests to served addresses since the start or the last {@link #clear}. */
    public synchronized long requests() {
        return requests;
    }

    /** Returns the number of write requests, including rejected ones. */
    public synchronized long writes() {
        return writes;
    }

    /** Returns the latest requests, oldest first, at most 10,000. */
    public synchronized List<Request> latest() {
        return new ArrayList<>(latest);
    }

    /** Clears the counts and the requests. */
    public synchronized void clear() {
        latest.clear();
        requests = 0;
        writes = 0;
    }
}
