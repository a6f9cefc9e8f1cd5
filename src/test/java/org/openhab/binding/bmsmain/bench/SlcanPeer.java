/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * An slcan adapter with a board on its bus, implemented from the protocol descriptions only, independently of the
 * twin and of the binding. The board sends sets of its three process data objects and its heartbeat. Each set has
 * new values; a fault corrupts one line of a set.
 * <p>
 * The peer records the lines that it sends and the output of the port. A corrupted line that is still a valid line of
 * the board is recorded as forged: slcan has no checksum, so such a line cannot be distinguished from a good one.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SlcanPeer implements FaultSource {

    static final int NODE = 32;
    static final int TPDO1 = 0x180 + NODE;
    static final int TPDO2 = 0x280 + NODE;
    static final int TPDO3 = 0x380 + NODE;
    private static final int HEARTBEAT = 0x700 + NODE;
    /** Lengths of the third object: in all captures, and the minimum that contains all its known contents. */
    private static final int TPDO3_LENGTH = 8;
    private static final int SHORTEST_TPDO3 = 6;

    private static final int BAUD = 115_200;
    private static final long SET_NANOS = 120_000_000;
    private static final long SILENT_NANOS = 2_600_000_000L;
    private static final long UNPLUGGED_NANOS = 60_000_000;
    private static final int SETS_OF_INITIALISATION = 4;
    private static final int SETS_WITHOUT_READINGS = 12;
    private static final int SETS_OF_TWO_BOARDS = 30;
    /** Number of sets after which no values may be published while two boards transmit. */
    private static final int SETS_TO_NOTICE = 16;
    private static final int STAMP_DIGITS = 4;
    /** Minimum state of charge of the board, and of another board with its node ID. */
    private static final int CHARGE = 50;
    private static final int OTHER_CHARGE = 15;
    private static final int INITIALISATION_BIT = 1 << 11;
    private static final Pattern DATA_FRAME = Pattern.compile("t([0-7][0-9A-Fa-f]{2})([0-8])([0-9A-Fa-f]*)");

    /**
     * A frame of the board.
     *
     * @param micros time of transmission, on the wall clock
     * @param set number of the set it was sent in
     * @param spoilt whether that set was corrupted
     * @param initialising whether the board had no readings then
     * @param empty whether no content of the frame may be published
     * @param forged whether the frame results from a fault
     */
    record Sent(long micros, int set, int id, byte[] data, boolean spoilt, boolean initialising, boolean empty,
            boolean forged) {
    }

    /**
     * TPDO1 contents of a board without readings: all zero, temperatures before the first reading, 0 V with a charge.
     */
    private static final byte[][] EMPTY_FIRST = { new byte[8], { 0, 0, 0, 100, -100, 0, 0, 0 },
            { 0, 0, 0, 0, 0, 51, 0, 0 }, { 2, 0, 0, 21, 26, 51, 0, 0 } };

    private final SlcanFault fault;
    private final Random random;
    private final Path link;
    private final List<Long> faults = new CopyOnWriteArrayList<>();
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final List<String> lastLines = new ArrayList<>();
    private final StringBuilder command = new StringBuilder();
    private final ByteArrayOutputStream passing = new ByteArrayOutputStream();

    private volatile boolean faulty;
    private volatile boolean closed;
    private volatile Pty pty;
    private PacedOutput output;
    private boolean opened;
    private int untilFault = 3;
    private int sets;
    private int flags;
    private int setsToInitialise;
    private int setsWithoutReadings;
    private int setsOfTwo;
    private volatile boolean nothingCounts;
    private long silentUntil;
    private boolean unplugs;
    private boolean otherNumber;

    /** @param link path of the adapter */
    SlcanPeer(SlcanFault fault, Random random, Path link) {
        this.fault = fault;
        this.random = random;
        this.link = link;
        this.pty = new Pty().linkedAs(link);
        this.output = new PacedOutput(pty, PacedOutput.byteNanos(BAUD));
        Thread thread = new Thread(this::run, "bench-slcan");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void setFaulty(boolean faulty) {
        this.faulty = faulty;
    }

    @Override
    public List<Long> faults() {
        return faults;
    }

    /** Returns the frames sent so far, including those that result from faults. */
    List<Sent> sent() {
        return sent;
    }

    /** Returns whether two boards have transmitted so long that no value of either may be published. */
    boolean isNothingToBeShown() {
        return nothingCounts;
    }

    @Override
    public void close() {
        closed = true;
        pty.close();
    }

    private void run() {
        Pty.sleepExactly();
        byte[] buffer = new byte[256];
        long due = System.nanoTime();
        while (!closed) {
            try {
                long wait = Math.max(0, Math.min(SET_NANOS, due - System.nanoTime()));
                int count = pty.read(buffer, wait);
                for (int i = 0; i < count; i++) {
                    hear(buffer[i]);
                }
                if (due - System.nanoTime() <= 0) {
                    due = Math.max(due + SET_NANOS, System.nanoTime());
                    if (opened && silentUntil - System.nanoTime() <= 0) {
                        sendSet();
                    }
                    if (unplugs) {
                        unplugs = false;
                        replug();
                    }
                }
            } catch (IOException e) {
                // Closed: the loop condition ends the loop.
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private void replug() throws IOException {
        Files.deleteIfExists(link);
        pty.close();
        // A second adapter takes the released number.
        Pty taken = otherNumber ? new Pty() : null;
        LockSupport.parkNanos(UNPLUGGED_NANOS);
        if (!closed) {
            forgetState();
            pty = new Pty().linkedAs(link);
            output = new PacedOutput(pty, PacedOutput.byteNanos(BAUD));
        }
        if (taken != null) {
            taken.close();
        }
        if (closed) {
            pty.close();
        }
    }

    private void forgetState() {
        opened = false;
        flags = 0;
        command.setLength(0);
    }

    /** Processes a byte of a command. A closed adapter rejects commands that need an open one. */
    private void hear(byte octet) throws IOException {
        if (octet != '\r') {
            command.append((char) (octet & 0xFF));
            return;
        }
        String line = command.toString();
        command.setLength(0);
        switch (line.isEmpty() ? ' ' : line.charAt(0)) {
            case ' ', 'S' -> answer("\r");
            case 'V' -> answer("V1013\r");
            case 'O', 'L' -> {
                opened = true;
                answer("\r");
            }
            case 'C' -> {
                answer(opened ? "\r" : "\7");
                opened = false;
            }
            case 'F' -> {
                answer(opened ? String.format(Locale.ROOT, "F%02X\r", flags) : "\7");
                flags = 0;
            }
            default -> answer(opened && line.startsWith("t") ? "z\r" : "\7");
        }
    }

    private void answer(String text) throws IOException {
        if (!fault.isPermanent()) {
            emit(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void sendSet() throws IOException {
        boolean initialising = setsToInitialise > 0;
        boolean empty = setsWithoutReadings > 0;
        boolean two = setsOfTwo > 0;
        setsToInitialise -= initialising ? 1 : 0;
        setsWithoutReadings -= empty ? 1 : 0;
        setsOfTwo -= two ? 1 : 0;
        boolean spoilt = isFaultDue();
        sets++;
        byte[] first = empty ? EMPTY_FIRST[random.nextInt(EMPTY_FIRST.length)] : first(CHARGE);
        byte[] second = empty ? new byte[8] : second(initialising);
        byte[] third = empty ? new byte[TPDO3_LENGTH] : third();
        List<byte[]> parts = new ArrayList<>();
        parts.add(frame(HEARTBEAT, new byte[] { 5 }));
        parts.add(frame(TPDO1, first));
        parts.add(frame(TPDO2, second));
        parts.add(frame(TPDO3, third));
        if (empty) {
            Collections.shuffle(parts, random);
        }
        if (two) {
            // The lower identifier wins arbitration, regardless of the sender.
            parts.add(1 + random.nextInt(2), frame(TPDO1, first(OTHER_CHARGE)));
            parts.add(3 + random.nextInt(2), frame(TPDO2, second(false)));
            parts.add(5 + random.nextInt(2), frame(TPDO3, third()));
            parts.add(frame(HEARTBEAT, new byte[] { 5 }));
        }
        nothingCounts = two && setsOfTwo < SETS_OF_TWO_BOARDS - SETS_TO_NOTICE;
        lastLines.clear();
        parts.forEach(part -> lastLines.add(new String(part, 0, part.length - 1, StandardCharsets.US_ASCII)));
        long now = FaultProxy.nowMicros();
        boolean nothing = initialising || empty;
        sent.add(new Sent(now, sets, TPDO1, first, spoilt || two, nothing, empty, false));
        sent.add(new Sent(now, sets, TPDO2, second, spoilt || two, nothing, empty, false));
        sent.add(new Sent(now, sets, TPDO3, third, spoilt || two, nothing, empty, false));
        if (two && setsOfTwo == 0) {
            // A fault without duration: it ends here.
            faults.add(now);
        }
        if (spoilt) {
            if (fault != SlcanFault.TWO_BOARDS) {
                faults.add(now);
            }
            fault.apply(new Turn(parts, random.nextInt(parts.size())));
        }
        for (byte[] part : parts) {
            emit(part);
        }
    }

    private boolean isFaultDue() {
        if (!faulty || setsToInitialise + setsWithoutReadings + setsOfTwo > 0) {
            return false;
        }
        untilFault--;
        if (untilFault > 0 && !fault.isPermanent()) {
            return false;
        }
        untilFault = 3 + random.nextInt(4);
        return true;
    }

    /** Inputs, current, two temperatures, state of charge, voltage; none changes faster than a battery can. */
    private byte[] first(int charge) {
        return data(8).put((byte) random.nextInt(256)).putShort((short) (random.nextInt(20_000) - 10_000))
                .put((byte) (20 + random.nextInt(4))).put((byte) (25 + random.nextInt(4)))
                .put((byte) (charge + random.nextInt(4))).putShort((short) (3_000 + random.nextInt(1_000))).array();
    }

    /** Internal signals and errors; the two highest bits of the errors are not used. */
    private byte[] second(boolean initialising) {
        int internal = random.nextInt() & ~INITIALISATION_BIT;
        return data(8).putInt(initialising ? internal | INITIALISATION_BIT : internal)
                .putInt(random.nextInt() & 0x3FFF_FFFF).array();
    }

    /** More errors, of which 18 bits are used, and more inputs. */
    private byte[] third() {
        return data(TPDO3_LENGTH).putInt(random.nextInt() & 0x0003_FFFF).putShort((short) random.nextInt()).array();
    }

    private static ByteBuffer data(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private byte[] frame(int id, byte[] data) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "t%03X%d", id, data.length));
        for (byte octet : data) {
            text.append(String.format(Locale.ROOT, "%02X", octet));
        }
        if (fault.isStamped()) {
            text.append(String.format(Locale.ROOT, "%04X", random.nextInt(60_000)));
        }
        return text.append('\r').toString().getBytes(StandardCharsets.US_ASCII);
    }

    private void emit(byte[] bytes) throws IOException {
        for (byte octet : bytes) {
            if (octet == '\r' || octet == 7) {
                String line = passing.toString(StandardCharsets.ISO_8859_1);
                passing.reset();
                if (octet == '\r' && !lastLines.contains(line)) {
                    keepForged(line);
                }
            } else {
                passing.write(octet);
            }
        }
        output.send(bytes, bytes.length, System.nanoTime());
    }

    /** Records a line that cannot be distinguished from one of the board. */
    private void keepForged(String line) {
        Matcher matcher = DATA_FRAME.matcher(line.startsWith("\n") ? line.substring(1) : line);
        if (!matcher.matches()) {
            return;
        }
        int id = Integer.parseInt(matcher.group(1), 16);
        int length = Integer.parseInt(matcher.group(2));
        if (matcher.group(3).length() != 2 * length + (fault.isStamped() ? STAMP_DIGITS : 0)) {
            return;
        }
        if ((id == TPDO1 || id == TPDO2) && length == 8 || id == TPDO3 && length >= SHORTEST_TPDO3) {
            byte[] data = new byte[length];
            for (int i = 0; i < length; i++) {
                data[i] = (byte) Integer.parseInt(matcher.group(3).substring(2 * i, 2 * i + 2), 16);
            }
            sent.add(new Sent(FaultProxy.nowMicros(), sets, id, data, true, false, false, true));
        }
    }

    /** The lines that are about to be sent. */
    private final class Turn implements SlcanFault.Stream {
        private final List<byte[]> parts;
        private final int victim;

        Turn(List<byte[]> parts, int victim) {
            this.parts = parts;
            this.victim = victim;
        }

        @Override
        public Random random() {
            return random;
        }

        @Override
        public byte[] line() {
            return parts.get(victim).clone();
        }

        @Override
        public void put(byte[]... instead) {
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            for (byte[] part : instead) {
                joined.writeBytes(part);
            }
            parts.set(victim, joined.toByteArray());
        }

        @Override
        public byte[] flags(int newFlags) {
            flags = newFlags;
            return String.format(Locale.ROOT, "F%02X\r", newFlags).getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public byte[] foreign(int count) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < count; i++) {
                int id = random.nextInt(0x800);
                boolean ours = id == TPDO1 || id == TPDO2 || id == TPDO3 || id == HEARTBEAT;
                text.append(switch (random.nextInt(5)) {
                    case 0 -> String.format(Locale.ROOT, "T%08X8%016X", random.nextInt(1 << 29), random.nextLong());
                    case 1 -> String.format(Locale.ROOT, "r%03X8", id);
                    case 2 -> String.format(Locale.ROOT, "R%08X0", random.nextInt(1 << 29));
                    // CAN FD frames in the notation of newer adapters.
                    case 3 -> String.format(Locale.ROOT, "d%03X8%016X", TPDO1, random.nextLong());
                    default -> String.format(Locale.ROOT, "t%03X8%016X", ours ? 0x123 : id, random.nextLong());
                }).append('\r');
            }
            return text.toString().getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public byte[] shortened() {
            String line = new String(parts.get(victim), StandardCharsets.US_ASCII);
            int bytes = random.nextInt(line.charAt(4) - '0');
            return (line.substring(0, 4) + bytes + line.substring(5, 5 + 2 * bytes) + "\r")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public void bootUp() {
            setsToInitialise = SETS_OF_INITIALISATION;
            parts.add(frame(HEARTBEAT, new byte[1]));
            lastLines.add(new String(frame(HEARTBEAT, new byte[1]), StandardCharsets.US_ASCII).trim());
        }

        @Override
        public void restartUnheard() {
            setsWithoutReadings = SETS_WITHOUT_READINGS;
        }

        @Override
        public void secondBoard() {
            setsOfTwo = SETS_OF_TWO_BOARDS;
        }

        @Override
        public void fallSilent(int newFlags) {
            flags = newFlags;
            silentUntil = System.nanoTime() + SILENT_NANOS;
            parts.clear();
        }

        @Override
        public void reset() {
            forgetState();
            parts.clear();
        }

        @Override
        public void unplug(boolean toOtherNumber) {
            unplugs = true;
            otherNumber = toOtherNumber;
            // The lines after the corrupted one stay in the adapter.
            parts.subList(victim + 1, parts.size()).clear();
        }
    }

    @Override
    public String toString() {
        return fault + ", " + sets + " sets" + Arrays.toString(faults.toArray());
    }
}
