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
 * The firmware of an slcan adapter, with the habits that the firmware of adapters in the field has. It keeps a record
 * of the latest ten thousand lines that it would execute and of as many frames that it put on the bus. It stays as it
 * is while its port is
 * closed, as an adapter does.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SlcanFirmware {

    /** How it looks at the line of a frame before it sends the frame. */
    public enum Check {
        /** By the letter of the protocol: the length of the line and each digit. */
        ALL,
        /** The digits that the frame needs; what follows is ignored. */
        DIGITS,
        /** The length of the line; what is no digit counts as zero. */
        LENGTH,
        /** Nothing: what is no digit is some number, and what is missing is left from the line before. */
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

    /** Where its answers and frames go. */
    interface Wires {
        /** Says something to the host, after a delay. */
        void say(long delayNanos, String text);

        /** Sends a frame on the bus. */
        void send(TwinFrame frame);
    }

    // ---- habits ----
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

    /** The stock firmware of CANable: no answers, no L, no F, a version in its own words, and no look at lines. */
    public static SlcanFirmware canable() {
        SlcanFirmware firmware = new SlcanFirmware().mute().without("LFZ").withSilentMode().repeatsOnEmptyLine()
                .checks(Check.NONE).version("a1b2c3d example/canable-fw");
        firmware.wrapsBuffer = true;
        firmware.tellsVersion = true;
        return firmware;
    }

    /** Answers no command at all. */
    public SlcanFirmware mute() {
        answersCommands = false;
        tellsVersion = false;
        return this;
    }

    /** Says no to what it refuses, and nothing to what it does. */
    public SlcanFirmware saysOnlyNo() {
        answersYes = false;
        return this;
    }

    /** Sends each command back before its answer. */
    public SlcanFirmware echoes() {
        echoes = true;
        return this;
    }

    public SlcanFirmware repeatsOnEmptyLine() {
        repeatsOnEmptyLine = true;
        return this;
    }

    /** Does not know these commands. */
    public SlcanFirmware without(String commands) {
        unknown += commands;
        return this;
    }

    /** Knows M0 and M1. */
    public SlcanFirmware withSilentMode() {
        hasSilentMode = true;
        return this;
    }

    /** Rings the bell for each frame that it is to send, and sends none. */
    public SlcanFirmware refusesFrames() {
        bellsFrames = true;
        return this;
    }

    /** Agrees to be closed, and tells its flags, also while it is closed. */
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

    /** How it says yes, and how the lines of frames end. */
    public SlcanFirmware ends(String yes, String frames) {
        ok = yes;
        frameEnd = frames;
        return this;
    }

    /** The bit rates that it has, as digits of S. */
    public SlcanFirmware rates(String digits) {
        rates = digits;
        return this;
    }

    /** Is reset when the port is opened, and deaf for so long. */
    public SlcanFirmware bootsAtOpen(long millis) {
        bootsAtOpen = true;
        return boots(millis);
    }

    /** Is deaf for so long after each reset. */
    public SlcanFirmware boots(long millis) {
        bootNanos = millis * MILLI;
        return this;
    }

    /** What it says when it has started. */
    public SlcanFirmware banner(String words) {
        banner = words;
        return this;
    }

    /** Answers the command that opens the bus so late. */
    public SlcanFirmware opensSlowly(long millis) {
        openingNanos = millis * MILLI;
        return this;
    }

    /** Everything that it says arrives so late. */
    public SlcanFirmware latency(long millis) {
        latencyNanos = millis * MILLI;
        return this;
    }

    /** Overlooks the first lines after its port was opened. */
    public SlcanFirmware drops(int count) {
        drops = count;
        return this;
    }

    /** Stamps its lines with so many digits, whatever it is told. */
    public SlcanFirmware stamps(int digits) {
        stampDigits = digits;
        stamps = true;
        obeysStampCommand = false;
        return this;
    }

    /** The same until it is told not to. */
    public SlcanFirmware stampsUntilTold(int digits) {
        stampDigits = digits;
        stamps = true;
        return this;
    }

    /** Understands this baud rate of its port only. */
    public SlcanFirmware serialBaudRate(int baudRate) {
        serialBaudRate = baudRate;
        return this;
    }

    /** A former user was killed: the bus is open, or not, this was the last line, and this is in the buffer. */
    public SlcanFirmware leftBy(int openAtKiloBits, String lastLine, String begun) {
        isOpen = openAtKiloBits != 0;
        kiloBits = openAtKiloBits;
        isListening = false;
        last = lastLine;
        buffer.append(begun);
        return this;
    }

    // ---- record ----

    /** The lines that it has executed or refused, oldest first; empty ones as well. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** The frames that it put on the bus. */
    public List<String> onTheBus() {
        return List.copyOf(onTheBus);
    }

    /** Whether it has taken part in the bus since it was told anything. */
    public boolean tookPart() {
        return tookPart;
    }

    // ---- life ----

    int kiloBits() {
        return kiloBits;
    }

    boolean isOpen(long now) {
        return isOpen && now >= deafUntil;
    }

    /** Whether it takes no part in the bus, so that nobody is acknowledged. */
    boolean isListening() {
        return isListening;
    }

    String line(TwinFrame frame, long now) {
        return line(frame.line(), now);
    }

    /** The line of a frame of any kind, with its stamp: milliseconds within the minute. */
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

    /** Its port is opened. */
    void opened(long now, Wires wires) {
        dropped = 0;
        if (bootsAtOpen) {
            reset(now, wires);
        }
    }

    /** It starts anew while its port stays. */
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

    /** Takes a character at the baud rate that the host has set. */
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

    /** The frame that it makes of a line; empty when it refuses the line. */
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
