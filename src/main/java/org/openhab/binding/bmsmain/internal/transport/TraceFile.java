/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Writes the traffic of a wire to a text file that only the user of this program can read.
 * <p>
 * The first line is {@value #HEAD}. It is followed by lines {@code name value} that describe the recording, among them
 * {@code time}, the wall clock at the moment 0, and by an empty line. Each further line is one event: seconds since
 * the moment 0 with nine decimals, a word, and its data:
 *
 * <pre>
 * 0.000012345 opening                     an attempt to open the wire begins
 * 0.000812345 open                        the wire is open
 * 0.000812345 failed port-missing         it could not be opened, or is gone; with the cause
 * 0.000900000 turn 32                     the turn of the board with this address begins
 * 0.031000000 &gt; 20 04 20 00 00 10 F4 B7   bytes that were sent
 * 0.061000000 &lt; 20 04 20 00 10            bytes that were received in one piece
 * 9.000000000 closed                      the wire was closed
 * 9.000000000 full                        the file has reached its maximum length; nothing follows
 * </pre>
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class TraceFile implements TraceSink, AutoCloseable {

    /** First line of a file; the number changes with the format. */
    public static final String HEAD = "bmsmain-trace 1";
    public static final String FULL = "full";
    public static final String SENT = ">";
    public static final String RECEIVED = "<";

    /** Default maximum length of a file in bytes: some days of polling. */
    public static final long STANDARD_LIMIT = 256L << 20;

    private static final String PRIVATE = "rw-------";
    private static final int NANOS_PER_SECOND = 1_000_000_000;
    private static final String HEX = "0123456789ABCDEF";
    /** Room for the last line of a full file, in bytes. */
    private static final int RESERVE = 64;

    private final Path path;
    private final SeekableByteChannel channel;
    private final long limit;
    private final long origin;
    private long length;
    private boolean ended;
    private String problem = "";

    private TraceFile(Path path, SeekableByteChannel channel, long limit, long origin) {
        this.path = path;
        this.channel = channel;
        this.limit = limit;
        this.origin = origin;
    }

    /**
     * Creates a file. Each event is written at once, so that the file is complete up to the moment of any failure.
     *
     * @param path must not exist yet, or be an empty file such as mktemp makes
     * @param limit maximum length in bytes
     * @param header lines {@code name value} that describe the recording
     * @throws IOException when it cannot be created
     */
    public static TraceFile create(Path path, long limit, List<String> header, Ticker ticker) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)) }
                : new FileAttribute<?>[0];
        SeekableByteChannel channel;
        if (isEmptyFile(path)) {
            if (posix) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(PRIVATE));
            }
            channel = Files.newByteChannel(path, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        } else {
            channel = Files.newByteChannel(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    attributes);
        }
        TraceFile file = new TraceFile(path, channel, limit, ticker.nanos());
        StringBuilder head = new StringBuilder(HEAD).append("\ntime ").append(ticker.now()).append('\n');
        header.forEach(line -> head.append(line.replaceAll("\\p{Cntrl}", " ")).append('\n'));
        try {
            file.put(head.append('\n').toString());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return file;
    }

    private static boolean isEmptyFile(Path path) throws IOException {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) == 0;
    }

    public Path path() {
        return path;
    }

    /** Bytes written so far. */
    public synchronized long length() {
        return length;
    }

    /** Why writing ended early: {@link #FULL}, or the error of the file system; empty if it did not. */
    public synchronized String problem() {
        return problem;
    }

    @Override
    public void happened(Event event, long nanos, String detail) {
        write(begin(nanos).append(event.name().toLowerCase(Locale.ROOT)).append(detail.isEmpty() ? "" : " ")
                .append(detail.replaceAll("\\p{Cntrl}", " ")), nanos);
    }

    @Override
    public void bytes(Event event, long nanos, byte[] bytes, int offset, int length) {
        StringBuilder line = begin(nanos).append(event == Event.SENT ? SENT : RECEIVED);
        for (int i = offset; i < offset + length; i++) {
            line.append(' ').append(HEX.charAt(bytes[i] >> 4 & 0xF)).append(HEX.charAt(bytes[i] & 0xF));
        }
        write(line, nanos);
    }

    @Override
    public void ended() {
        close();
    }

    private StringBuilder begin(long nanos) {
        long since = nanos - origin;
        StringBuilder line = new StringBuilder(96).append(since / NANOS_PER_SECOND).append('.');
        String fraction = Long.toString(since % NANOS_PER_SECOND);
        return line.append("0".repeat(9 - fraction.length())).append(fraction).append(' ');
    }

    private synchronized void write(StringBuilder line, long nanos) {
        if (ended) {
            return;
        }
        try {
            if (length + line.length() + RESERVE > limit) {
                put(begin(nanos).append(FULL).append('\n').toString());
                problem = FULL;
                close();
            } else {
                put(line.append('\n').toString());
            }
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage());
            close();
        }
    }

    private void put(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        length += bytes.remaining();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public synchronized void close() {
        ended = true;
        try {
            channel.close();
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage());
        }
    }
}
