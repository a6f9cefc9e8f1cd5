/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.diagnosis;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.modbus.FrameScan;
import org.openhab.binding.bmsmain.internal.transport.TraceSink;

/**
 * Keeps what goes over a wire until it is looked at.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class LineRecorder implements TraceSink {

    /** Enough to know a babble by. */
    private static final int MOST_BYTES = 16_384;
    private static final int MOST_FRAMES = 64;

    private final List<byte[]> sent = new ArrayList<>();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    @Override
    public void happened(Event event, long nanos, String detail) {
        // Only bytes are of interest here.
    }

    @Override
    public synchronized void bytes(Event event, long nanos, byte[] bytes, int offset, int length) {
        if (event == Event.SENT) {
            if (sent.size() < MOST_FRAMES) {
                sent.add(Arrays.copyOfRange(bytes, offset, offset + length));
            }
        } else if (heard.size() < MOST_BYTES) {
            heard.write(bytes, offset, length);
        }
    }

    /** What was heard since the last look. */
    synchronized FrameScan take() {
        FrameScan scan = FrameScan.of(sent, heard.toByteArray());
        sent.clear();
        heard.reset();
        return scan;
    }
}
