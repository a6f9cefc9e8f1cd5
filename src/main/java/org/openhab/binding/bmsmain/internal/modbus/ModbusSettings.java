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

import java.time.Duration;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.NumberParameter;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;

/**
 * How a board is polled.
 *
 * @param unit address of the board, 1..247
 * @param refresh interval of the values that change fast
 * @param slowRefresh interval of the values that change slowly
 * @param responseTimeout maximum time until the board begins an answer
 * @param wordOrder order of the words of 32-bit values; null = detected at connect
 * @param commandQueue commands for the board; null when nothing may be written to it
 * @param requestGap minimum silence before each request to the board; zero = learnt, and kept only where the board
 *            needs it
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record ModbusSettings(int unit, Duration refresh, Duration slowRefresh, Duration responseTimeout,
        @Nullable WordOrder wordOrder, @Nullable CommandQueue commandQueue, Duration requestGap) {

    /** Address of the board as delivered. */
    public static final int DEFAULT_ADDRESS = 32;
    /** Largest address of Modbus. */
    public static final int MAX_ADDRESS = 247;
    /** Highest unit id on Modbus TCP, where 0 and 255 address the device at the far end of the connection itself. */
    public static final int MAX_TCP_ADDRESS = 255;

    /** The address on a serial line, and the unit id on a TCP connection. */
    public static final NumberParameter ADDRESS = new NumberParameter("address", "", 1, MAX_ADDRESS, DEFAULT_ADDRESS);
    public static final NumberParameter TCP_ADDRESS = new NumberParameter("address", "", 0, MAX_TCP_ADDRESS,
            DEFAULT_ADDRESS);
    public static final NumberParameter TCP_PORT = new NumberParameter("port", "", 1, 65_535, 502);
    /** In seconds. */
    public static final NumberParameter REFRESH = new NumberParameter("refreshInterval", "seconds", 0.2, 3600, 1);
    public static final NumberParameter SLOW_REFRESH = new NumberParameter("slowRefreshInterval", "seconds", 0.2,
            86_400, 30);
    /** In milliseconds. */
    public static final NumberParameter RESPONSE_TIMEOUT = new NumberParameter("responseTimeout", "", 50, 10_000, 500);
    public static final NumberParameter REQUEST_GAP = new NumberParameter("requestGap", "", 0, 500, 0);

    /** Settings for a board whose pauses are learnt. */
    public ModbusSettings(int unit, Duration refresh, Duration slowRefresh, Duration responseTimeout,
            @Nullable WordOrder wordOrder, @Nullable CommandQueue commandQueue) {
        this(unit, refresh, slowRefresh, responseTimeout, wordOrder, commandQueue, Duration.ZERO);
    }

    /** Settings for a board whose pauses are learnt, and to which nothing may be written. */
    public ModbusSettings(int unit, Duration refresh, Duration slowRefresh, Duration responseTimeout,
            @Nullable WordOrder wordOrder) {
        this(unit, refresh, slowRefresh, responseTimeout, wordOrder, null);
    }
}
