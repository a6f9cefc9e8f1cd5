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

import static org.junit.jupiter.api.Assertions.*;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.peer.Wait;
import org.openhab.binding.bmsmain.twin.TwinBoard.SoftwareControl;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;

/**
 * The twin on the wire: requests and responses as bytes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(20)
public class TwinFramesTest {

    private static final HexFormat HEX = HexFormat.ofDelimiter(" ").withUpperCase();
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-22T12:34:56Z"), ZoneOffset.UTC);

    private final TwinBoard board = new TwinBoard(32, WordOrder.LITTLE, NOON, 1).set("battery#current", -12.5);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            current of -12.5 A, low word first       | 20 04 20 01 00 02 2D 7A | 20 04 04 00 00 C1 48 9B 20
            the selected BMS Logic board             | 20 03 40 00 00 01 97 7B | 20 03 02 00 01 C5 83
            select board 2: echo                     | 20 06 40 00 00 02 1B 7A | 20 06 40 00 00 02 1B 7A
            board 3 of 2: exception 03               | 20 06 40 00 00 03 DA BA | 20 86 03 52 6B
            force charge request: echo               | 20 06 51 08 00 01 DF 85 | 20 06 51 08 00 01 DF 85
            set signal 3, release signal 4: echo     | 20 10 51 03 00 02 04 00 01 00 02 3D 14 | 20 10 51 03 00 02 A7 85
            outside the map: exception 02            | 20 04 30 00 00 01 38 7B | 20 84 02 92 CB
            unknown function: exception 01           | 20 11 D8 7C             | 20 91 01 DC 5A
            rubbish in front of a request            | 00 FF 20 20 04 20 01 00 02 2D 7A | 20 04 04 00 00 C1 48 9B 20
            """)
    void answersRtu(String what, String request, String answer) throws IOException {
        Socket socket = connect(Twin.rtuTcp(0, board));
        socket.getOutputStream().write(HEX.parseHex(request));
        assertEquals(answer, read(socket, HEX.parseHex(answer).length), what);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            another address                          | 21 04 20 01 00 02 2C AB
            broken checksum                          | 20 04 20 01 00 02 2D 7B
            half a request                           | 20 04 20 01
            an answer of somebody else               | 20 04 04 00 00 C1 48 9B 20
            """)
    void staysSilentOnRtu(String what, String request) throws IOException {
        Twin twin = Twin.rtuTcp(0, board);
        Socket socket = connect(twin);
        socket.getOutputStream().write(HEX.parseHex(request));
        socket.setSoTimeout(150);
        assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read(), what);
        assertEquals(0, twin.log().requests());
        // and the server still responds afterwards
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(HEX.parseHex("20 03 40 00 00 01 97 7B"));
        assertEquals("20 03 02 00 01 C5 83", read(socket, 7));
    }

    @Test
    void broadcastIsCarriedOutWithoutAnswer() throws IOException {
        Socket socket = connect(Twin.rtuTcp(0, board));
        socket.getOutputStream().write(HEX.parseHex("00 06 51 08 00 01 D8 E5"));
        socket.setSoTimeout(150);
        assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
        Wait.until("it is carried out", () -> board.softwareControl("charge-request") == SoftwareControl.SET);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            current of -12.5 A                       | 00 01 00 00 00 06 20 04 20 01 00 02 | 00 01 00 00 00 07 20 04 04 00 00 C1 48
            device clock: 22.11.26 12:34:56 in BCD   | 00 02 00 00 00 06 20 04 10 00 00 03 | 00 02 00 00 00 09 20 04 06 11 22 12 26 56 34
            hardware 2.1, firmware 2.4.7             | 00 03 00 00 00 06 20 04 00 00 00 03 | 00 03 00 00 00 09 20 04 06 02 01 04 07 00 02
            126 registers: exception 03              | 00 04 00 00 00 06 20 04 20 00 00 7E | 00 04 00 00 00 03 20 84 03
            0 registers: exception 03                | 00 05 00 00 00 06 20 04 20 00 00 00 | 00 05 00 00 00 03 20 84 03
            beyond 0xFFFF: exception 02              | 00 06 00 00 00 06 20 04 FF FF 00 02 | 00 06 00 00 00 03 20 84 02
            write to an unknown register: exc. 02    | 00 07 00 00 00 06 20 06 51 16 00 01 | 00 07 00 00 00 03 20 86 02
            write that reaches out: exc. 02          | 00 08 00 00 00 0B 20 10 51 15 00 02 04 00 01 00 01 | 00 08 00 00 00 03 20 90 02
            wrong byte count: exception 03           | 00 09 00 00 00 0A 20 10 51 08 00 01 03 00 01 00 | 00 09 00 00 00 03 20 90 03
            request cut short: exception 03          | 00 0A 00 00 00 04 20 04 20 01 | 00 0A 00 00 00 03 20 84 03
            function 5: exception 01                 | FF FF 00 00 00 06 20 05 00 01 FF 00 | FF FF 00 00 00 03 20 85 01
            """)
    void answersTcp(String what, String request, String answer) throws IOException {
        Socket socket = connect(Twin.tcp(0, board));
        socket.getOutputStream().write(HEX.parseHex(request));
        assertEquals(answer, read(socket, HEX.parseHex(answer).length), what);
    }

    @Test
    void refusedWriteChangesNothing() throws IOException {
        Socket socket = connect(Twin.tcp(0, board));
        socket.getOutputStream().write(HEX.parseHex("00 08 00 00 00 0B 20 10 51 15 00 02 04 00 01 00 01"));
        assertEquals("00 08 00 00 00 03 20 90 02", read(socket, 9));
        assertEquals(SoftwareControl.PHYSICAL, board.softwareControl("close-external-1"));
    }

    @ParameterizedTest
    @CsvSource({ "00 01 00 05 00 06 20 04 20 01 00 02", "00 01 00 00 FF FF 20 04 20 01 00 02",
            "00 01 00 00 00 01 20 04 20 01 00 02" })
    void nonsenseEndsTheConnectionAndNothingElse(String request) throws IOException {
        Twin twin = Twin.tcp(0, board);
        Socket bad = connect(twin);
        Socket good = connect(twin);
        bad.getOutputStream().write(HEX.parseHex(request));
        assertEquals(-1, readOrEnd(bad));
        good.getOutputStream().write(HEX.parseHex("00 01 00 00 00 06 20 03 40 00 00 01"));
        assertEquals("00 01 00 00 00 05 20 03 02 00 01", read(good, 11));
    }

    @Test
    void servesSeveralBoardsOnOneLine() throws IOException {
        TwinBoard other = new TwinBoard(33, WordOrder.BIG, NOON, 1).set("battery#current", -12.5);
        Socket socket = connect(Twin.tcp(0, board, other));
        socket.getOutputStream().write(HEX.parseHex("00 01 00 00 00 06 20 04 20 01 00 02"));
        assertEquals("00 01 00 00 00 07 20 04 04 00 00 C1 48", read(socket, 13));
        socket.getOutputStream().write(HEX.parseHex("00 02 00 00 00 06 21 04 20 01 00 02"));
        assertEquals("00 02 00 00 00 07 21 04 04 C1 48 00 00", read(socket, 13));
    }

    @Test
    void countsRequestsAndWrites() throws IOException {
        Twin twin = Twin.tcp(0, board);
        Socket socket = connect(twin);
        socket.getOutputStream().write(HEX.parseHex("00 01 00 00 00 06 20 04 20 01 00 02"));
        read(socket, 13);
        assertEquals(1, twin.log().requests());
        assertEquals(0, twin.log().writes());
        socket.getOutputStream().write(HEX.parseHex("00 02 00 00 00 06 20 06 51 16 00 01"));
        read(socket, 9);
        assertEquals(1, twin.log().writes());
        assertEquals(List.of(new TwinLog.Request(32, 4, 0x2001, 2, List.of(), 0),
                new TwinLog.Request(32, 6, 0x5116, 1, List.of(1), 2)), twin.log().latest());
        twin.log().clear();
        assertEquals(0, twin.log().requests());
        assertEquals(List.of(), twin.log().latest());
    }

    @Test
    void pausesTampersAndDrops() throws IOException {
        Twin twin = Twin.tcp(0, board);
        Socket socket = connect(twin);
        byte[] request = HEX.parseHex("00 01 00 00 00 06 20 03 40 00 00 01");
        twin.pause();
        socket.getOutputStream().write(request);
        awaitRequest(twin);
        socket.setSoTimeout(100);
        assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
        twin.resume();
        twin.tamper(answer -> {
            answer[0] = (byte) 0xEE;
            return answer;
        });
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(request);
        assertEquals("EE 01 00 00 00 05 20 03 02 00 01", read(socket, 11));
        twin.dropConnections();
        assertEquals(-1, readOrEnd(socket));
        Socket again = new Socket(InetAddress.getLoopbackAddress(), twin.port());
        again.close();
    }

    @Test
    void portIsFreeAfterClosing() throws IOException {
        Twin first = Twin.tcp(0, board);
        int port = first.port();
        connect(first);
        first.close();
        try (Twin second = Twin.tcp(port, board)) {
            assertEquals(port, second.port());
        }
    }

    private Socket connect(Twin twin) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), twin.port());
        socket.setSoTimeout(10_000);
        open.add(socket);
        open.add(twin);
        return socket;
    }

    private static String read(Socket socket, int length) throws IOException {
        byte[] bytes = new byte[length];
        new DataInputStream(socket.getInputStream()).readFully(bytes);
        return HEX.formatHex(bytes);
    }

    /** The twin's own thread may be delayed on a busy machine. */
    private static void awaitRequest(Twin twin) {
        for (long end = System.nanoTime() + 10_000_000_000L; twin.log().requests() == 0;) {
            assertTrue(System.nanoTime() < end, "no request");
            Thread.onSpinWait();
        }
    }

    private static int readOrEnd(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (IOException e) {
            return -1;
        }
    }
}
