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
import java.util.Deque;
import java.util.List;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The firmware of an slcan adapter, with the deviations found in the firmware of real adapters. It records the
 * latest 10,000 lines that it received and as many frames that it sent to the bus. Like a real adapter, it keeps
 * its state while its port is closed.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SlcanFirmware {

    /** Validation of a frame line before the frame is sent. */
    public enum Check {
        /** Strict: the length of the line and each digit. */
        ALL,
        /** Only the digits that the frame needs; the rest of the line is ignored. */
        DIGITS,
        /** Only the length of the line; an invalid digit counts as zero. */
        LENGTH,
        /**
         * Only the digit with the data length. Other invalid digits count as zero; missing ones are taken from the
         * previous line.
         */
        NONE
    }

    private static final long MILLI = 1_000_000;
    private static final List<Integer> RATES = List.of(10, 20, 50, 100, 125, 250, 500, 800, 1000);
    private static final int BUFFER = 30;
    private static final int LONGEST_LINE = 40;
    private static final int KEPT = 10_000;
    private static final int TICKS_PER_MINUTE = 60_000;
    private static final String OK = "\r";
    private static final String BELL = "\u0007";
    private static final String GARBAGE = "\u00F8\u0080";

    /** Receives the responses and the frames of the adapter. */
    interface Wires {
        /** Sends text to the host after a delay. */
        void say(long delayNanos, String text);

        /** Sends a frame to the bus. */
        void send(TwinFrame frame);
    }

    // ---- deviations ----
    private boolean answersCommands = true;
    private boolean tellsVersion = true;
    private boolean answersYes = true;
    private boolean echoes;
    private boolean repeatsOnEmptyLine;
    private boolean wrapsBuffer;
    private boolean hasSilentMode;
    private boolean bellsFrames;
    private boolean agreesAlways;
    private boolean obeysStampCommand = true;
    private Check check = Check.ALL;
    private String version = "V1013";
    private String unknown = "";
    private String flags = "F00";
    private String ok = OK;
    private String frameEnd = OK;
    private String rates = "012345678";
    private String banner = "";
    private long bootNanos;
    private boolean bootsAtOpen;
    private long openingNanos;
    private long latencyNanos;
    private int drops;
    private int stampDigits = 4;
    private int serialBaudRate;

    // ---- state ----
    private final StringBuilder buffer = new StringBuilder();
    private String last = "";
    private long deafUntil = Long.MIN_VALUE;
    private int dropped;
    private int kiloBits;
    private boolean isOpen;
    private boolean isListening;
    private boolean silentMode;
    private boolean stamps;
    private boolean tookPart;

    // ---- record ----
    private final Deque<String> lines = new ArrayDeque<>();
    private final Deque<String> onTheBus = new ArrayDeque<>();

    /**
     * The stock firmware of CANable: no responses except to V with a version text of its own, no L, F or Z, no
     * validation of lines.
     */
    public static SlcanFirmware canable() {
        SlcanFirmware firmware = new SlcanFirmware().mute().without("LFZ").withSilentMode().repeatsOnEmptyLine()
                .checks(Check.NONE).version("a1b2c3d example/canable-fw");
        firmware.wrapsBuffer = true;
        firmware.tellsVersion = true;
        return firmware;
    }

    /** Responds to no command. */
    public SlcanFirmware mute() {
        answersCommands = false;
        tellsVersion = false;
        return this;
    }

    /** Rejects commands with BEL but does not acknowledge them. Queries are answered. */
    public SlcanFirmware saysOnlyNo() {
        answersYes = false;
        return this;
    }

    /** Echoes each line before its response. */
    public SlcanFirmware echoes() {
        echoes = true;
        return this;
    }

    public SlcanFirmware repeatsOnEmptyLine() {
        repeatsOnEmptyLine = true;
        return this;
    }

    /** Does not support these commands. */
    public SlcanFirmware without(String commands) {
        unknown += commands;
        return this;
    }

    /** Supports M0 and M1 (silent mode). */
    public SlcanFirmware withSilentMode() {
        hasSilentMode = true;
        return this;
    }

    /** Rejects each frame with BEL and sends none. */
    public SlcanFirmware refusesFrames() {
        bellsFrames = true;
        return this;
    }

    /** Acknowledges the close command and reports its flags even while the channel is closed. */
    public SlcanFirmware agreesAlways() {
        agreesAlways = true;
        return this;
    }

    public SlcanFirmware checks(Check how) {
        check = how;
        return this;
    }

    public SlcanFirmware version(String words) {
        version = words;
        return this;
    }

    public SlcanFirmware flags(String hex) {
        flags = "F" + hex;
        return this;
    }

    /** Sets the acknowledgement and the terminator of frame lines. */
    public SlcanFirmware ends(String yes, String frames) {
        ok = yes;
        frameEnd = frames;
        return this;
    }

    /** Sets the supported bit rates, as digits of the S command. */
    public SlcanFirmware rates(String digits) {
        rates = digits;
        return this;
    }

    /** Resets when the port is opened, and ignores all input for this time. */
    public SlcanFirmware bootsAtOpen(long millis) {
        bootsAtOpen = true;
        return boots(millis);
    }

    /** Ignores all input for this time after each reset. */
    public SlcanFirmware boots(long millis) {
        bootNanos = millis * MILLI;
        return this;
    }

    /** Sets the text that is sent after the start. */
    public SlcanFirmware banner(String words) {
        banner = words;
        return this;
    }

    /** Sets the delay of the response to the command that opens the channel. */
    public SlcanFirmware opensSlowly(long millis) {
        openingNanos = millis * MILLI;
        return this;
    }

    /** Sets the delay of all responses. */
    public SlcanFirmware latency(long millis) {
        latencyNanos = millis * MILLI;
        return this;
    }

    /** Ignores the first lines after the port was opened. */
    public SlcanFirmware drops(int count) {
        drops = count;
        return this;
    }

    /** Appends a timestamp of this many digits to each frame line and ignores the Z command. */
    public SlcanFirmware stamps(int digits) {
        stampDigits = digits;
        stamps = true;
        obeysStampCommand = false;
        return this;
    }

    /** Appends a timestamp of this many digits to each frame line until Z0 switches it off. */
    public SlcanFirmware stampsUntilTold(int digits) {
        stampDigits = digits;
        stamps = true;
        return this;
    }

    /** Supports only this baud rate of its port. */
    public SlcanFirmware serialBaudRate(int baudRate) {
        serialBaudRate = baudRate;
        return this;
    }

    /**
     * Sets the state left by a client that was killed.
     *
     * @param openAtKiloBits bit rate of the open channel, 0 if it is closed
     * @param lastLine the last line received
     * @param begun an incomplete line in the buffer
     */
    public SlcanFirmware leftBy(int openAtKiloBits, String lastLine, String begun) {
        isOpen = openAtKiloBits != 0;
        kiloBits = openAtKiloBits;
        isListening = false;
        last = lastLine;
        buffer.append(begun);
        return this;
    }

    // ---- record ----

    /** Returns the lines that were executed or rejected, oldest first, including empty ones. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Returns the frames that were sent to the bus. */
    public List<String> onTheBus() {
        return List.copyOf(onTheBus);
    }

    /** Returns whether a command opened the channel in normal mode, in which the adapter acknowledges frames. */
    public boolean tookPart() {
        return tookPart;
    }

    // ---- operation ----

    int kiloBits() {
        return kiloBits;
    }

    boolean isOpen(long now) {
        return isOpen && now >= deafUntil;
    }

    /** Whether the channel was last opened in listen-only mode, in which the adapter acknowledges no frames. */
    boolean isListening() {
        return isListening;
    }

    String line(TwinFrame frame, long now) {
        return line(frame.line(), now);
    }

    /** Returns the line of a frame of any type, with the timestamp in milliseconds within the minute, if enabled. */
    String line(String frame, long now) {
        return frame + (stamps
                ? String.format(Locale.ROOT, "%0" + stampDigits + "X", Math.floorMod(now / MILLI, TICKS_PER_MINUTE))
                : "") + frameEnd;
    }

    private static void keep(Deque<String> record, String text) {
        if (record.size() == KEPT) {
            record.removeFirst();
        }
        record.addLast(text);
    }

    /** Handles the opening of the port. */
    void opened(long now, Wires wires) {
        dropped = 0;
        if (bootsAtOpen) {
            reset(now, wires);
        }
    }

    /** Resets the firmware. The port stays open. */
    void reset(long now, Wires wires) {
        isOpen = false;
        isListening = false;
        silentMode = false;
        kiloBits = 0;
        last = "";
        buffer.setLength(0);
        deafUntil = now + bootNanos;
        if (!banner.isEmpty()) {
            wires.say(bootNanos, banner);
        }
    }

    /** Processes a character that the host sent at this baud rate. */
    void take(char c, int baudRate, long now, Wires wires) {
        if (now < deafUntil) {
            return;
        }
        if (serialBaudRate != 0 && baudRate != serialBaudRate) {
            buffer.append('?');
            if (c == '\r') {
                wires.say(latencyNanos, GARBAGE);
            }
            return;
        }
        if (c == '\n') {
            return;
        }
        if (c != '\r') {
            if (wrapsBuffer && buffer.length() == BUFFER) {
                buffer.setLength(0);
            }
            if (buffer.length() < LONGEST_LINE) {
                buffer.append(c);
            }
            return;
        }
        String line = buffer.toString();
        buffer.setLength(0);
        if (dropped < drops) {
            dropped++;
            return;
        }
        keep(lines, line);
        if (echoes) {
            wires.say(latencyNanos, line + OK);
        }
        if (line.isEmpty() && repeatsOnEmptyLine) {
            line = last;
        }
        execute(line, wires);
        last = line;
    }

    private void answer(String text, long delay, Wires wires) {
        boolean isInfo = text.length() > 2;
        if (isInfo && text.startsWith(version) ? tellsVersion
                : answersCommands && (answersYes || isInfo || text.equals(BELL))) {
            wires.say(latencyNanos + delay, text);
        }
    }

    private void execute(String line, Wires wires) {
        long delay = 0;
        String answer = BELL;
        char command = line.isEmpty() ? OK.charAt(0) : line.charAt(0);
        if (unknown.indexOf(command) >= 0) {
            answer(BELL, 0, wires);
            return;
        }
        boolean exact = check != Check.ALL || line.length() == 1;
        switch (command) {
            case '\r':
                answer = ok;
                break;
            case 'S':
                if (!isOpen && line.length() == 2 && rates.indexOf(line.charAt(1)) >= 0) {
                    kiloBits = RATES.get(line.charAt(1) - '0');
                    answer = ok;
                }
                break;
            case 'M':
                if (hasSilentMode && line.length() == 2) {
                    silentMode = line.charAt(1) == '1';
                    answer = ok;
                }
                break;
            case 'O':
            case 'L':
                if (!isOpen && kiloBits != 0 && exact) {
                    isOpen = true;
                    isListening = command == 'L' || silentMode;
                    tookPart |= !isListening;
                    answer = ok;
                    delay = openingNanos;
                }
                break;
            case 'C':
                if (exact) {
                    answer = isOpen || agreesAlways ? ok : BELL;
                    isOpen = false;
                }
                break;
            case 'Z':
                if (!isOpen && line.length() == 2) {
                    stamps = obeysStampCommand ? line.charAt(1) == '1' : stamps;
                    answer = ok;
                }
                break;
            case 'V':
                answer = exact ? version + ok : BELL;
                break;
            case 'N':
                answer = exact ? "NTWIN" + ok : BELL;
                break;
            case 'F':
                answer = (isOpen || agreesAlways) && exact ? flags + ok : BELL;
                break;
            case 't':
            case 'T':
            case 'r':
            case 'R':
                answer = transmit(line, wires) ? "z" + ok : BELL;
                break;
            default:
                break;
        }
        answer(answer, delay, wires);
    }

    private boolean transmit(String line, Wires wires) {
        if (!isOpen || isListening || bellsFrames) {
            return false;
        }
        String whole = whole(line);
        if (whole.isEmpty()) {
            return false;
        }
        keep(onTheBus, whole);
        TwinFrame frame = TwinFrame.parse(whole);
        if (frame != null) {
            wires.send(frame);
        }
        return true;
    }

    /** Returns the frame that results from a line; empty if the line is rejected. */
    private String whole(String line) {
        boolean hasData = line.charAt(0) == 't' || line.charAt(0) == 'T';
        int lengthAt = line.charAt(0) == 't' || line.charAt(0) == 'r' ? 4 : 9;
        String text = check == Check.NONE && line.length() < last.length() ? line + last.substring(line.length())
                : line;
        if (text.length() <= lengthAt || Character.digit(text.charAt(lengthAt), 16) < 0 && check != Check.LENGTH) {
            return "";
        }
        int length = Math.max(0, Character.digit(text.charAt(lengthAt), 16));
        int end = lengthAt + 1 + (hasData ? 2 * length : 0);
        if (length > 8 || check != Check.NONE && line.length() < end
                || (check == Check.ALL || check == Check.LENGTH) && line.length() != end) {
            return "";
        }
        String padded = text + "0".repeat(Math.max(0, end - text.length()));
        String digits = padded.substring(1, end);
        if (check != Check.NONE && check != Check.LENGTH && !digits.matches("[0-9A-Fa-f]*")) {
            return "";
        }
        return line.charAt(0) + digits.replaceAll("[^0-9A-Fa-f]", "0");
    }
}
