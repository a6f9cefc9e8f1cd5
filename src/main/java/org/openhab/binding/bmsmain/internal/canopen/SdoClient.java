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

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * The SDO client for one node (CiA 301): expedited and segmented upload, expedited download, one transfer at a time.
 * <p>
 * A state machine without input or output of its own. A response is accepted only if it names the requested object; a
 * segment only within a transfer and with the right toggle bit. CiA 301 requires 8 bytes per frame; a shorter frame is
 * accepted if it contains all announced bytes, because some firmware omits unused bytes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SdoClient {

    /** Sends requests. */
    interface Sender {
        /** Sends a frame. A frame that is lost leads to a timeout. */
        void send(CanFrame frame);
    }

    static final int REQUEST_ID = 0x600;
    static final int ANSWER_ID = 0x580;
    /** Maximum size of an object in bytes. */
    static final int MAX_BYTES = 1024;

    private static final int COMMAND_MASK = 0xE0;
    private static final int UPLOAD = 0x40;
    private static final int UPLOAD_SEGMENT = 0x60;
    private static final int UPLOAD_SEGMENT_ANSWER = 0x00;
    private static final int DOWNLOAD_EXPEDITED = 0x23;
    private static final int DOWNLOAD_ANSWER = 0x60;
    private static final int ABORT = 0x80;
    private static final int EXPEDITED = 0x02;
    private static final int SIZE_GIVEN = 0x01;
    private static final int TOGGLE_BIT = 0x10;
    private static final int LAST_SEGMENT = 0x01;
    private static final int SEGMENT_BYTES = 7;
    private static final int EXPEDITED_BYTES = 4;
    /** Command, index and sub-index. */
    private static final int HEAD_BYTES = 4;
    /** Maximum total time of a segmented transfer. */
    private static final long LONGEST_TRANSFER = 5_000_000_000L;

    private final int nodeId;
    private final long timeoutNanos;
    private final Sender sender;
    private final CanFrame out = new CanFrame();
    /** Commands of users are sent before reads. */
    private final Deque<Transfer> waitingDownloads = new ArrayDeque<>();
    private final Deque<Transfer> waitingUploads = new ArrayDeque<>();
    private @Nullable Transfer current;
    private long quietUntil;
    private boolean quiet;

    private static final class Transfer {
        private final int index;
        private final int subIndex;
        private final byte @Nullable [] download;
        private final SdoListener listener;
        private long begun;
        private long deadline;
        private boolean segmented;
        private boolean toggle;
        private int announced = -1;
        private byte[] data = {};

        Transfer(int index, int subIndex, byte @Nullable [] download, SdoListener listener) {
            this.index = index;
            this.subIndex = subIndex;
            this.download = download;
            this.listener = listener;
        }
    }

    /**
     * @param nodeId 1..127
     * @param timeoutNanos timeout of each response
     */
    SdoClient(int nodeId, long timeoutNanos, Sender sender) {
        this.nodeId = nodeId;
        this.timeoutNanos = timeoutNanos;
        this.sender = sender;
    }

    int nodeId() {
        return nodeId;
    }

    /** Queues a read of an object. */
    void upload(int index, int subIndex, SdoListener listener, long nowNanos) {
        waitingUploads.add(new Transfer(index, subIndex, null, listener));
        tick(nowNanos);
    }

    /**
     * Queues a write of an object, after earlier writes and before all reads.
     *
     * @param data 1 to 4 bytes, little-endian
     */
    void download(int index, int subIndex, byte[] data, SdoListener listener, long nowNanos) {
        if (data.length == 0 || data.length > EXPEDITED_BYTES) {
            throw new IllegalArgumentException(data.length + " bytes");
        }
        waitingDownloads.add(new Transfer(index, subIndex, data.clone(), listener));
        tick(nowNanos);
    }

    /** Time at which {@link #tick} must be called. */
    long deadline(long nowNanos) {
        Transfer transfer = current;
        if (transfer != null) {
            return transfer.deadline;
        }
        return waitingDownloads.isEmpty() && waitingUploads.isEmpty() ? nowNanos + Ticker.NEVER : quietUntil;
    }

    /** Aborts a transfer on a timeout, and begins the next one. */
    void tick(long nowNanos) {
        Transfer transfer = current;
        if (transfer != null && transfer.deadline - nowNanos <= 0) {
            if (transfer.segmented) {
                sendAbort(transfer, SdoAbort.TIMED_OUT);
            }
            // Late segments do not name their object, and a late acknowledgement would be taken for that of the next
            // command. So the client waits before it continues.
            quiet = transfer.segmented || transfer.download != null;
            quietUntil = nowNanos + timeoutNanos;
            fail(transfer, SdoAbort.TIMED_OUT);
        }
        if (quiet && quietUntil - nowNanos <= 0) {
            quiet = false;
        }
        while (current == null && !quiet && !(waitingDownloads.isEmpty() && waitingUploads.isEmpty())) {
            Transfer next = (waitingDownloads.isEmpty() ? waitingUploads : waitingDownloads).remove();
            if (next.listener.begins()) {
                begin(next, nowNanos);
            }
        }
    }

    private void begin(Transfer transfer, long nowNanos) {
        current = transfer;
        transfer.begun = nowNanos;
        transfer.deadline = nowNanos + timeoutNanos;
        byte[] data = transfer.download;
        if (data == null) {
            address(UPLOAD, transfer);
        } else {
            address(DOWNLOAD_EXPEDITED | EXPEDITED_BYTES - data.length << 2, transfer);
            for (int i = 0; i < data.length; i++) {
                out.put(4 + i, data[i]);
            }
        }
        sender.send(out);
    }

    private void address(int command, Transfer transfer) {
        out.begin(REQUEST_ID + nodeId, CanFrame.MAX_LENGTH);
        out.put(0, command);
        out.put(1, transfer.index);
        out.put(2, transfer.index >> 8);
        out.put(3, transfer.subIndex);
    }

    private void sendAbort(Transfer transfer, int code) {
        address(ABORT, transfer);
        for (int i = 0; i < EXPEDITED_BYTES; i++) {
            out.put(4 + i, code >>> 8 * i);
        }
        sender.send(out);
    }

    /** Processes a frame with the node's response identifier. */
    void accept(CanFrame frame, long nowNanos) {
        Transfer transfer = current;
        if (transfer == null || frame.id() != ANSWER_ID + nodeId || frame.length() == 0) {
            return;
        }
        int command = frame.at(0);
        boolean named = frame.length() >= HEAD_BYTES && frame.number(1, 2) == transfer.index
                && frame.at(3) == transfer.subIndex;
        switch (command & COMMAND_MASK) {
            case ABORT:
                if (named) {
                    boolean saysWhy = frame.length() == CanFrame.MAX_LENGTH;
                    fail(transfer, saysWhy ? (int) frame.number(HEAD_BYTES, EXPEDITED_BYTES) : SdoAbort.GENERAL);
                    tick(nowNanos);
                }
                break;
            case UPLOAD:
                if (named && transfer.download == null && !transfer.segmented) {
                    uploadBegins(transfer, frame, nowNanos);
                }
                break;
            case UPLOAD_SEGMENT_ANSWER:
                if (transfer.segmented) {
                    segment(transfer, frame, nowNanos);
                }
                break;
            case DOWNLOAD_ANSWER:
                if (named && transfer.download != null) {
                    finish(transfer, nowNanos);
                }
                break;
            default:
                break;
        }
    }

    private void uploadBegins(Transfer transfer, CanFrame frame, long nowNanos) {
        int command = frame.at(0);
        boolean sized = (command & SIZE_GIVEN) != 0;
        int there = frame.length() - HEAD_BYTES;
        if ((command & EXPEDITED) != 0) {
            int bytes = sized ? EXPEDITED_BYTES - (command >> 2 & 3) : there;
            if (bytes > 0 && bytes <= there) {
                append(transfer, frame, HEAD_BYTES, bytes);
                finish(transfer, nowNanos);
            }
            return;
        }
        if (sized && there < EXPEDITED_BYTES) {
            return;
        }
        long announced = frame.number(HEAD_BYTES, EXPEDITED_BYTES);
        if (sized && announced > MAX_BYTES) {
            giveUp(transfer, SdoAbort.OUT_OF_MEMORY, nowNanos);
            return;
        }
        transfer.announced = sized ? (int) announced : -1;
        transfer.segmented = true;
        askSegment(transfer, nowNanos);
    }

    private void askSegment(Transfer transfer, long nowNanos) {
        out.begin(REQUEST_ID + nodeId, CanFrame.MAX_LENGTH);
        out.put(0, UPLOAD_SEGMENT | (transfer.toggle ? TOGGLE_BIT : 0));
        transfer.deadline = Math.min(nowNanos + timeoutNanos - transfer.begun, LONGEST_TRANSFER) + transfer.begun;
        sender.send(out);
    }

    private void segment(Transfer transfer, CanFrame frame, long nowNanos) {
        int command = frame.at(0);
        int bytes = SEGMENT_BYTES - (command >> 1 & 7);
        if (frame.length() < 1 + bytes) {
            return;
        }
        if ((command & TOGGLE_BIT) != 0 != transfer.toggle) {
            giveUp(transfer, SdoAbort.TOGGLE, nowNanos);
            return;
        }
        append(transfer, frame, 1, bytes);
        if (transfer.data.length > MAX_BYTES) {
            giveUp(transfer, SdoAbort.OUT_OF_MEMORY, nowNanos);
        } else if ((command & LAST_SEGMENT) == 0) {
            transfer.toggle = !transfer.toggle;
            askSegment(transfer, nowNanos);
        } else if (transfer.announced >= 0 && transfer.announced != transfer.data.length) {
            fail(transfer, SdoAbort.LENGTH);
            tick(nowNanos);
        } else {
            finish(transfer, nowNanos);
        }
    }

    private static void append(Transfer transfer, CanFrame frame, int from, int bytes) {
        int old = transfer.data.length;
        byte[] longer = Arrays.copyOf(transfer.data, old + bytes);
        for (int i = 0; i < bytes; i++) {
            longer[old + i] = (byte) frame.at(from + i);
        }
        transfer.data = longer;
    }

    private void giveUp(Transfer transfer, int code, long nowNanos) {
        sendAbort(transfer, code);
        fail(transfer, code);
        tick(nowNanos);
    }

    private void fail(Transfer transfer, int code) {
        current = null;
        transfer.listener.aborted(code);
    }

    private void finish(Transfer transfer, long nowNanos) {
        current = null;
        transfer.listener.done(transfer.data, nowNanos - transfer.begun);
        tick(nowNanos);
    }
}
