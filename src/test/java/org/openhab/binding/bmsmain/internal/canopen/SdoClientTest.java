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

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.internal.canopen.TestTicker.MILLI;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;

/**
 * SDO transfers with node 32, frame by frame.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class SdoClientTest {

    private static final long TIMEOUT = 500 * MILLI;

    private final List<String> sent = new ArrayList<>();
    private final List<String> results = new ArrayList<>();
    private final SdoClient client = new SdoClient(0x20, TIMEOUT, frame -> sent.add(frame.toString()));

    private final SdoListener listener = new SdoListener() {
        @Override
        public void done(byte[] data, long roundTripNanos) {
            results.add(HexFormat.of().formatHex(data) + " in " + roundTripNanos / MILLI + " ms");
        }

        @Override
        public void aborted(int abortCode) {
            results.add(SdoAbort.words(abortCode));
        }
    };

    private void answer(long millis, int... bytes) {
        client.accept(CanFrame.of(0x5A0, bytes), millis * MILLI);
    }

    private List<String> takeSent() {
        List<String> frames = List.copyOf(sent);
        sent.clear();
        return frames;
    }

    @Test
    void expeditedUploadOfTwoBytes() {
        client.upload(0x4000, 0, listener, 0);
        assertEquals(List.of("620 40 00 40 00 00 00 00 00"), takeSent());
        answer(7, 0x4B, 0x00, 0x40, 0x00, 0x02, 0x41, 0x00, 0x00);
        assertEquals(List.of("0241 in 7 ms"), results);
        assertEquals(List.of(), takeSent());
    }

    @Test
    void expeditedUploadOfFourBytesAndOfUnknownLength() {
        client.upload(0x4020, 0, listener, 0);
        answer(1, 0x43, 0x20, 0x40, 0x00, 0x00, 0x40, 0x00, 0x00);
        client.upload(0x4020, 0, listener, 0);
        answer(2, 0x42, 0x20, 0x40, 0x00, 0x01, 0x02, 0x03, 0x04);
        assertEquals(List.of("00400000 in 1 ms", "01020304 in 2 ms"), results);
    }

    /** Some firmware omits unused bytes. */
    @Test
    void shortFramesThatHoldWhatTheyAnnounce() {
        client.upload(0x4000, 0, listener, 0);
        answer(1, 0x4B, 0x00, 0x40, 0x00, 0x02, 0x41);
        client.upload(0x4000, 0, listener, 0);
        answer(1, 0x4F, 0x00, 0x40, 0x00, 0x02);
        client.upload(0x4000, 0, listener, 0);
        answer(1, 0x42, 0x00, 0x40, 0x00, 0x02, 0x41); // no size: what is there
        client.upload(0x4000, 0, listener, 0);
        answer(1, 0x4A, 0x00, 0x40, 0x00, 0x02, 0x41, 0x00, 0x00); // bits for the size, which are not valid
        client.download(0x5100, 9, new byte[] { 1, 0 }, listener, 0);
        answer(1, 0x60, 0x00, 0x51, 0x09);
        client.upload(0x4000, 0, listener, 0);
        answer(1, 0x80, 0x00, 0x40, 0x00);
        client.upload(0x1008, 0, listener, 0);
        answer(1, 0x40, 0x08, 0x10, 0x00);
        answer(1, 0x00, 'B', 'M', 'S', ' ', 'M', 'a', 'i');
        answer(1, 0x1B, 'n', '2');
        assertEquals(List.of("0241 in 1 ms", "02 in 1 ms", "0241 in 1 ms", "02410000 in 1 ms", " in 1 ms",
                "0x08000000 (general error)", "424d53204d61696e32 in 1 ms"), results);
    }

    @Test
    void shortFramesThatLackWhatTheyAnnounceAreIgnored() {
        client.upload(0x4020, 0, listener, 0);
        answer(0);
        answer(0, 0x43);
        answer(0, 0x43, 0x20, 0x40);
        answer(0, 0x43, 0x20, 0x40, 0x00, 0x01, 0x02, 0x03);
        answer(0, 0x42, 0x20, 0x40, 0x00);
        answer(0, 0x41, 0x20, 0x40, 0x00, 0x09, 0x00);
        answer(0, 0x80, 0x20, 0x40);
        answer(0, 0x60);
        assertEquals(List.of(), results);
        answer(1, 0x41, 0x20, 0x40, 0x00, 0x09, 0x00, 0x00, 0x00);
        answer(2, 0x00, 'B', 'M', 'S');
        assertEquals(List.of(), results);
        client.tick(2 * TIMEOUT);
        assertEquals(List.of("0x05040000 (no answer in time)"), results);
        client.download(0x5100, 9, new byte[] { 1, 0 }, listener, 3 * TIMEOUT);
        answer(1501, 0x60);
        answer(1501, 0x60, 0x00, 0x51);
        assertEquals(1, results.size(), "an acknowledgement that does not say of what");
    }

    @Test
    void segmentedUpload() {
        client.upload(0x1008, 0, listener, 0);
        assertEquals(List.of("620 40 08 10 00 00 00 00 00"), takeSent());
        answer(1, 0x41, 0x08, 0x10, 0x00, 0x09, 0x00, 0x00, 0x00);
        assertEquals(List.of("620 60 00 00 00 00 00 00 00"), takeSent());
        answer(2, 0x00, 'B', 'M', 'S', ' ', 'M', 'a', 'i');
        assertEquals(List.of("620 70 00 00 00 00 00 00 00"), takeSent());
        answer(3, 0x1B, 'n', '2', 0, 0, 0, 0, 0);
        assertEquals(List.of("424d53204d61696e32 in 3 ms"), results);
    }

    @Test
    void aSegmentWithTheWrongToggleBitEndsTheTransfer() {
        client.upload(0x1008, 0, listener, 0);
        answer(1, 0x41, 0x08, 0x10, 0x00, 0x09, 0x00, 0x00, 0x00);
        takeSent();
        answer(2, 0x10, 'B', 'M', 'S', ' ', 'M', 'a', 'i');
        assertEquals(List.of("0x05030000 (toggle bit not alternated)"), results);
        assertEquals(List.of("620 80 08 10 00 00 00 03 05"), takeSent());
    }

    @Test
    void segmentsThatAreNotAsLongAsAnnounced() {
        client.upload(0x1008, 0, listener, 0);
        answer(1, 0x41, 0x08, 0x10, 0x00, 0x09, 0x00, 0x00, 0x00);
        answer(2, 0x01, 'B', 'M', 'S', ' ', 'M', 'a', 'i');
        assertEquals(List.of("0x06070010 (length does not match)"), results);
    }

    @Test
    void anObjectThatIsTooLargeIsNotTaken() {
        client.upload(0x1F50, 1, listener, 0);
        takeSent();
        answer(1, 0x41, 0x50, 0x1F, 0x01, 0x00, 0x00, 0x10, 0x00);
        assertEquals(List.of("0x05040005 (out of memory)"), results);
        assertEquals(List.of("620 80 50 1F 01 05 00 04 05"), takeSent());
    }

    @Test
    void segmentsWithoutEndAreNotTaken() {
        client.upload(0x1F50, 1, listener, 0);
        answer(1, 0x40, 0x50, 0x1F, 0x01, 0x00, 0x00, 0x00, 0x00);
        for (int i = 0; i < 200; i++) {
            answer(1, i % 2 == 0 ? 0x00 : 0x10, 1, 2, 3, 4, 5, 6, 7);
        }
        assertEquals(List.of("0x05040005 (out of memory)"), results);
    }

    @Test
    void expeditedDownload() {
        client.download(0x5100, 9, new byte[] { 1, 0 }, listener, 0);
        assertEquals(List.of("620 2B 00 51 09 01 00 00 00"), takeSent());
        answer(4, 0x60, 0x00, 0x51, 0x09, 0, 0, 0, 0);
        assertEquals(List.of(" in 4 ms"), results);
    }

    @Test
    void theNodeAborts() {
        client.upload(0x4001, 0, listener, 0);
        answer(1, 0x80, 0x01, 0x40, 0x00, 0x00, 0x00, 0x02, 0x06);
        assertEquals(List.of("0x06020000 (object does not exist)"), results);
    }

    @Test
    void anUnknownAbortCodeIsShownAsItIs() {
        assertEquals("0x12345678 (not in the standard)", SdoAbort.words(0x12345678));
    }

    @Test
    void answersOfOthersAreIgnored() {
        client.upload(0x4000, 0, listener, 0);
        client.accept(CanFrame.of(0x5A1, 0x4B, 0x00, 0x40, 0x00, 0xFF, 0xFF, 0, 0), 0); // another node
        answer(0, 0x43, 0x20, 0x40, 0x00, 0xFF, 0xFF, 0xFF, 0xFF); // another object
        answer(0, 0x4B, 0x00, 0x40, 0x01, 0xFF, 0xFF, 0x00, 0x00); // another sub-index
        answer(0, 0x60, 0x00, 0x40, 0x00, 0x00, 0x00, 0x00, 0x00); // answer to a download
        answer(0, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07); // a segment
        answer(0, 0x80, 0x20, 0x40, 0x00, 0x00, 0x00, 0x02, 0x06); // abort of another transfer
        answer(0, 0x4B, 0x00, 0x40, 0x00, 0x01); // too short
        assertEquals(List.of(), results);
        answer(3, 0x4B, 0x00, 0x40, 0x00, 0x02, 0x00, 0x00, 0x00);
        assertEquals(List.of("0200 in 3 ms"), results);
        answer(4, 0x4B, 0x00, 0x40, 0x00, 0x03, 0x00, 0x00, 0x00); // nobody asked
        assertEquals(1, results.size());
    }

    @Test
    void noAnswerInTime() {
        client.upload(0x4000, 0, listener, 0);
        assertEquals(TIMEOUT, client.deadline(0));
        client.tick(TIMEOUT - 1);
        assertEquals(List.of(), results);
        client.tick(TIMEOUT);
        assertEquals(List.of("0x05040000 (no answer in time)"), results);
    }

    @Test
    void oneTransferAtATime() {
        client.upload(0x4000, 0, listener, 0);
        client.upload(0x4001, 0, listener, 0);
        client.upload(0x4020, 0, listener, 0);
        assertEquals(List.of("620 40 00 40 00 00 00 00 00"), takeSent());
        answer(1, 0x4B, 0x00, 0x40, 0x00, 0x02, 0x00, 0x00, 0x00);
        assertEquals(List.of("620 40 01 40 00 00 00 00 00"), takeSent());
        client.tick(TIMEOUT + MILLI);
        assertEquals(List.of("620 40 20 40 00 00 00 00 00"), takeSent());
        assertEquals(2, results.size());
    }

    /** A late segment does not identify its transfer: before the next transfer, the node gets time to finish. */
    @Test
    void afterALostSegmentTheNodeIsLeftInPeace() {
        client.upload(0x1008, 0, listener, 0);
        answer(1, 0x41, 0x08, 0x10, 0x00, 0x09, 0x00, 0x00, 0x00);
        client.upload(0x100A, 0, listener, 2 * MILLI);
        takeSent();
        client.tick(MILLI + TIMEOUT);
        assertEquals(List.of("620 80 08 10 00 00 00 04 05"), takeSent());
        answer(600, 0x01, 'B', 'M', 'S', ' ', 'M', 'a', 'i');
        client.tick(MILLI + 2 * TIMEOUT);
        assertEquals(List.of("620 40 0A 10 00 00 00 00 00"), takeSent());
        assertEquals(List.of("0x05040000 (no answer in time)"), results);
    }

    /** Each segment arrives in time, but is empty. */
    @Test
    void segmentsThatBringNothingEndAfterFiveSeconds() {
        client.upload(0x1008, 0, listener, 0);
        answer(1, 0x40, 0x08, 0x10, 0x00, 0, 0, 0, 0);
        for (int i = 0; i < 100 && results.isEmpty(); i++) {
            long now = 1 + 400L * i;
            client.tick(now * MILLI);
            answer(now, i % 2 == 0 ? 0x0E : 0x1E, 0, 0, 0, 0, 0, 0, 0);
            assertTrue(now <= 5001, "still going on after " + now + " ms");
            client.tick(Math.min((now + 400) * MILLI, client.deadline(now * MILLI)));
        }
        assertEquals(List.of("0x05040000 (no answer in time)"), results);
    }

    @Test
    void aCommandGoesBeforeWhatWaitsToBeRead() {
        client.upload(0x4000, 0, listener, 0);
        client.upload(0x4001, 0, listener, 0);
        client.upload(0x4020, 0, listener, 0);
        client.download(0x5100, 9, new byte[] { 1, 0 }, listener, 0);
        takeSent();
        answer(5, 0x4B, 0x00, 0x40, 0x00, 0x02, 0x41, 0x00, 0x00);
        assertEquals(List.of("620 2B 00 51 09 01 00 00 00"), takeSent());
        answer(6, 0x60, 0x00, 0x51, 0x09, 0, 0, 0, 0);
        assertEquals(List.of("620 40 01 40 00 00 00 00 00"), takeSent());
    }

    @Test
    void aLateAcknowledgementIsNotThatOfTheNextCommand() {
        client.download(0x5100, 9, new byte[] { 1, 0 }, listener, 0);
        client.tick(500 * MILLI);
        assertEquals(List.of("0x05040000 (no answer in time)"), results);
        results.clear();
        takeSent();
        client.download(0x5100, 9, new byte[] { 2, 0 }, listener, 510 * MILLI);
        assertEquals(List.of(), takeSent());
        answer(700, 0x60, 0x00, 0x51, 0x09, 0, 0, 0, 0);
        assertEquals(List.of(), results);
        client.tick(client.deadline(700 * MILLI));
        assertEquals(List.of("620 2B 00 51 09 02 00 00 00"), takeSent());
        assertEquals(List.of(), results);
    }
}
