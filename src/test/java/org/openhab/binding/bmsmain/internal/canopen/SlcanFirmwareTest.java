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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.cli.CanScan;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.diagnosis.CanConnectionParameters;
import org.openhab.binding.bmsmain.internal.diagnosis.CanDoctor;
import org.openhab.binding.bmsmain.internal.diagnosis.Cause;
import org.openhab.binding.bmsmain.internal.diagnosis.Diagnosis;
import org.openhab.binding.bmsmain.internal.diagnosis.Progress;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.twin.SimulatedCan;
import org.openhab.binding.bmsmain.twin.SimulatedWires;
import org.openhab.binding.bmsmain.twin.SlcanFirmware;
import org.openhab.binding.bmsmain.twin.SlcanFirmware.Check;
import org.openhab.binding.bmsmain.twin.TwinBoard;

/**
 * Adapters with the firmware variants of real adapters, a board on their bus, and all operations on them. The adapter's
 * record shows its actions: only frames of the binding reach the bus, and none in a mode that promises not to send.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(60)
class SlcanFirmwareTest {

    private static final long MILLI = 1_000_000;
    private static final String PORT = "/dev/ttyACM0";
    private static final int NODE = 32;
    private static final List<Integer> BIT_RATES = List.of(250, 125, 500, 1000);
    private static final Duration LIFETIME = Duration.ofSeconds(5);
    /** A command of an earlier client: charge request. */
    private static final String COMMAND = "t62082B00510901000000";

    /** Operations on an adapter. */
    private enum Mode {
        WATCH,
        LISTEN,
        SCAN,
        DOCTOR,
        LISTENING_DOCTOR;

        boolean mayAsk() {
            return this == WATCH || this == DOCTOR;
        }
    }

    private static Arguments firmware(String name, Supplier<SlcanFirmware> firmware) {
        return Arguments.of(name, firmware);
    }

    /** Each firmware works in each mode. */
    static Stream<Arguments> firmwares() {
        return Stream.of(firmware("by the letter of the protocol", SlcanFirmware::new),
                firmware("stock firmware of CANable", SlcanFirmware::canable),
                firmware("the same with answers",
                        () -> new SlcanFirmware().without("LFZ").withSilentMode().repeatsOnEmptyLine()
                                .checks(Check.NONE).version("a1b2c3d example/canable-fw\r")),
                firmware("answers nothing at all", () -> new SlcanFirmware().mute()),
                firmware("answers nothing, has no L", () -> new SlcanFirmware().mute().without("LF").withSilentMode()),
                firmware("has no L, but M1", () -> new SlcanFirmware().without("L").withSilentMode()),
                firmware("says only no", () -> new SlcanFirmware().saysOnlyNo()),
                firmware("says only no, has no L",
                        () -> new SlcanFirmware().saysOnlyNo().without("L").withSilentMode()),
                firmware("has no F, V, Z", () -> new SlcanFirmware().without("FVZ")),
                firmware("long version without V",
                        () -> new SlcanFirmware()
                                .version("+Board: Multiboard\tMCU: STM32G431\tDevID: 1128\tClock: 160")),
                firmware("CR LF", () -> new SlcanFirmware().ends("\r\n", "\r\n")),
                firmware("LF only", () -> new SlcanFirmware().ends("\n", "\n")),
                firmware("LF behind frames, CR behind answers", () -> new SlcanFirmware().ends("\r", "\n")),
                firmware("sends commands back", () -> new SlcanFirmware().echoes()),
                firmware("stamps of 4 digits", () -> new SlcanFirmware().stamps(4)),
                firmware("stamps of 8 digits", () -> new SlcanFirmware().stamps(8)),
                firmware("stamps until it is told not to", () -> new SlcanFirmware().stampsUntilTold(8)),
                firmware("reset at open, 0.8 s", () -> new SlcanFirmware().bootsAtOpen(800)),
                firmware("reset at open, 1.8 s", () -> new SlcanFirmware().bootsAtOpen(1800)),
                firmware("reset at open, 2.5 s", () -> new SlcanFirmware().bootsAtOpen(2500)),
                firmware("reset at open, tells its name",
                        () -> new SlcanFirmware().bootsAtOpen(1800).banner("CAN adapter 1.2\r\n")),
                firmware("reset at open, answers nothing", () -> new SlcanFirmware().mute().bootsAtOpen(2000)),
                firmware("reset at open, has no L",
                        () -> new SlcanFirmware().without("L").withSilentMode().bootsAtOpen(2000)),
                firmware("overlooks the first line", () -> new SlcanFirmware().drops(1)),
                firmware("overlooks the first two lines", () -> new SlcanFirmware().drops(2)),
                firmware("overlooks the first five lines", () -> new SlcanFirmware().drops(5)),
                firmware("opens after 400 ms", () -> new SlcanFirmware().opensSlowly(400)),
                firmware("opens after 1.5 s", () -> new SlcanFirmware().opensSlowly(1500)),
                firmware("has no L, opens after 400 ms",
                        () -> new SlcanFirmware().without("L").withSilentMode().opensSlowly(400)),
                firmware("answers after 100 ms", () -> new SlcanFirmware().latency(100)),
                firmware("answers after 250 ms", () -> new SlcanFirmware().latency(250)),
                firmware("has no L, answers after 250 ms",
                        () -> new SlcanFirmware().without("L").withSilentMode().latency(250)),
                firmware("looks at the digits only", () -> new SlcanFirmware().checks(Check.DIGITS)),
                firmware("counts characters only", () -> new SlcanFirmware().checks(Check.LENGTH)),
                firmware("has two bit rates only", () -> new SlcanFirmware().rates("56")),
                firmware("left open by a former user", () -> new SlcanFirmware().leftBy(250, COMMAND, "")),
                firmware("left open at another bit rate", () -> new SlcanFirmware().leftBy(500, COMMAND, "")), firmware(
                        "CANable, left open by a former user", () -> SlcanFirmware.canable().leftBy(250, COMMAND, "")));
    }

    private static SimulatedCan bus(SlcanFirmware firmware) {
        return new SimulatedCan().adapter(firmware).with(board());
    }

    private static TwinBoard board() {
        return SimulatedWires.board(NODE, TwinBoard.WordOrder.LITTLE);
    }

    private static CanConnectionParameters patient(boolean listenOnly) {
        return new CanConnectionParameters(PORT, 250, NODE, Duration.ZERO, listenOnly);
    }

    private static boolean isUpload(String frame) {
        return frame.matches("t62084[0-9A-F]{7}0{8}");
    }

    /** Executes the operation and checks its result. */
    private static void use(SimulatedCan bus, Mode mode) throws LinkException {
        switch (mode) {
            case WATCH -> assertTrue(new Watch(bus, false).runUntilKnown(8_000), "no values within 8 s");
            case LISTEN -> assertTrue(new Watch(bus, true).runUntilKnown(8_000), "no values within 8 s");
            case SCAN ->
                assertEquals("[Heard[node=32, serialBaudRate=115200, kiloBits=250, isBoard=true, isDuplicate=false]]",
                        scan(bus).toString());
            case DOCTOR -> assertHealthy(bus, false);
            case LISTENING_DOCTOR -> assertHealthy(bus, true);
        }
    }

    private static void assertHealthy(SimulatedCan bus, boolean listenOnly) {
        Diagnosis diagnosis = CanDoctor.examine(patient(listenOnly), bus, bus, 20, Progress.NONE);
        assertEquals(Cause.HEALTHY, diagnosis.cause(), diagnosis.findings().toString());
    }

    private static List<CanScan.Heard> scan(SimulatedCan bus) {
        CanScan scan = new CanScan(bus, Progress.NONE);
        List<CanScan.Heard> heard = scan.scan(
                (baudRate, kiloBits) -> new SlcanAdapter(bus.port(baudRate), bus, kiloBits, true),
                CanLine.SERIAL_BAUD_RATES, BIT_RATES, Duration.ofSeconds(3));
        assertNull(scan.failure());
        return heard;
    }

    private static void assertRecord(SlcanFirmware firmware, Mode mode) {
        assertFalse(firmware.lines().contains(""), "an empty line: " + firmware.lines());
        List<String> frames = firmware.onTheBus();
        assertEquals(List.of(), mode.mayAsk() ? frames.stream().filter(frame -> !isUpload(frame)).toList() : frames,
                mode + " put frames on the bus");
        if (!mode.mayAsk()) {
            assertFalse(firmware.tookPart(), mode + " took part in the bus: " + firmware.lines());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("firmwares")
    void worksInEachMode(String name, Supplier<SlcanFirmware> kind) throws LinkException {
        for (Mode mode : Mode.values()) {
            SlcanFirmware firmware = kind.get();
            use(bus(firmware), mode);
            assertRecord(firmware, mode);
        }
    }

    /**
     * A client was killed in the middle of a line, with its channel open, and the next one starts: no part of that
     * line reaches the bus. Firmware that checks only the digits of a frame sends a frame that lacks only its
     * terminator, whatever follows. Firmware without checks does not, because of its short buffer.
     */
    @ParameterizedTest
    @ValueSource(strings = { "t62082B00510901000000", "t0800", "t00028120", "T0000062082B00510901000000", "r6208",
            "R000006208", "t62081122334455667788", "t6201AB" })
    void noLineThatWasBegunIsCompleted(String whole) throws LinkException {
        for (Check check : Check.values()) {
            int most = check == Check.DIGITS ? whole.length() - 1 : whole.length();
            for (int length = 0; length <= most; length++) {
                for (boolean listenOnly : List.of(true, false)) {
                    SlcanFirmware firmware = (check == Check.NONE ? SlcanFirmware.canable()
                            : new SlcanFirmware().checks(check).repeatsOnEmptyLine())
                            .leftBy(250, COMMAND, whole.substring(0, length));
                    bus(firmware).line(PORT, CanLine.DEFAULT_SERIAL_BAUD_RATE, 250, listenOnly).open();
                    assertEquals(List.of(), firmware.onTheBus(), check + " after " + whole.substring(0, length));
                    assertFalse(firmware.lines().contains(""));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = { 9600, 57_600, 230_400, 500_000, 1_000_000, 2_000_000 })
    void theBaudRateOfThePortIsFound(int baudRate) {
        for (boolean listenOnly : List.of(true, false)) {
            SimulatedCan bus = bus(new SlcanFirmware().serialBaudRate(baudRate));
            Diagnosis diagnosis = CanDoctor.examine(patient(listenOnly), bus, bus, 20, Progress.NONE);
            assertEquals(Cause.CAN_WRONG_SERIAL_BAUD_RATE, diagnosis.cause(), diagnosis.findings().toString());
            assertEquals(Integer.toString(baudRate), diagnosis.detail());
            assertEquals(List.of(), bus.sent());
        }
        SimulatedCan resetAtOpen = bus(new SlcanFirmware().serialBaudRate(baudRate).bootsAtOpen(2000));
        assertEquals(Cause.CAN_WRONG_SERIAL_BAUD_RATE,
                CanDoctor.examine(patient(false), resetAtOpen, resetAtOpen, 20, Progress.NONE).cause());
        List<CanScan.Heard> heard = scan(bus(new SlcanFirmware().serialBaudRate(baudRate)));
        assertEquals(List.of(new CanScan.Heard(NODE, baudRate, 250, true, false)), heard);
    }

    @Test
    void theBaudRateOfThePortCanBeSet() {
        SimulatedCan bus = bus(new SlcanFirmware().serialBaudRate(57_600));
        CanConnectionParameters patient = new CanConnectionParameters(PORT, 57_600, 250, NODE, Duration.ZERO, false);
        assertEquals(Cause.HEALTHY, CanDoctor.examine(patient, bus, bus, 20, Progress.NONE).cause());
    }

    /** If listen-only is configured, frames are not acknowledged even when the adapter lacks the silent mode. */
    @Test
    void whatCannotListenOnlyIsNotUsedForIt() {
        SlcanFirmware firmware = new SlcanFirmware().without("L");
        SimulatedCan bus = bus(firmware);
        LinkException e = assertThrows(LinkException.class, () -> bus.line(PORT, 115_200, 250, true).open());
        assertEquals(FailureCause.ADAPTER_REFUSED, e.failure().cause());
        assertEquals("L", e.failure().detail());
        assertFalse(firmware.tookPart());
    }

    /** The silent mode used for listening must not prevent the next client from sending. */
    @Test
    void theSilentModeIsLeft() throws LinkException {
        SlcanFirmware firmware = SlcanFirmware.canable();
        SimulatedCan bus = bus(firmware);
        Watch watch = new Watch(bus, true);
        watch.runUntilKnown(8_000);
        watch.session.close();
        assertEquals(List.of("C", "M0"),
                firmware.lines().subList(firmware.lines().size() - 2, firmware.lines().size()));
    }

    /** State left by an earlier client: an adapter in listen-only mode would not send our frames. */
    @Test
    void theSilentModeOfAFormerUserIsLeft() throws LinkException {
        SlcanFirmware firmware = SlcanFirmware.canable();
        SimulatedCan bus = bus(firmware);
        new Watch(bus, true).runUntilKnown(8_000);
        Watch watch = new Watch(bus, false);
        watch.run(3_000);
        assertFalse(firmware.onTheBus().isEmpty(), "nothing was asked");
    }

    /** An adapter that resets when its port is opened provides values soon after its start. */
    @ParameterizedTest
    @CsvSource({ "800, false", "1800, false", "2500, false", "800, true", "1800, true", "2500, true" })
    void anAdapterThatStartsIsSetUpSoonAfterwards(long bootMillis, boolean isMute) throws LinkException {
        SlcanFirmware firmware = new SlcanFirmware().bootsAtOpen(bootMillis);
        SimulatedCan bus = bus(isMute ? firmware.mute() : firmware);
        long opened = bus.nanos();
        assertTrue(new Watch(bus, true).runUntilKnown(8_000));
        long taken = (bus.nanos() - opened) / MILLI;
        assertTrue(taken <= bootMillis + 1_200, taken + " ms after it was opened");
    }

    /** The port stays during these resets: brown-out, watchdog. */
    @ParameterizedTest(name = "{0}, listening only {1}")
    @CsvSource({ "rings the bell, false, 1200", "rings the bell, true, 2500", "says nothing, false, 4500",
            "says nothing, true, 4500", "has no F, false, 1200", "has no F, true, 4500", "tells its name, true, 800",
            "starts for 1.8 s, false, 3500", "starts for 1.8 s, true, 5000", "agrees always, true, 4500" })
    void anAdapterThatIsResetIsSetUpAgainAtOnce(String kind, boolean listenOnly, long withinMillis)
            throws LinkException {
        SlcanFirmware firmware = switch (kind) {
            case "rings the bell" -> new SlcanFirmware();
            case "says nothing" -> new SlcanFirmware().mute();
            case "has no F" -> new SlcanFirmware().without("F");
            case "tells its name" -> new SlcanFirmware().banner("CAN adapter 1.2\r");
            case "agrees always" -> new SlcanFirmware().agreesAlways();
            default -> new SlcanFirmware().boots(1800);
        };
        SimulatedCan bus = bus(firmware);
        Watch watch = new Watch(bus, listenOnly);
        assertTrue(watch.runUntilKnown(8_000));
        for (int i = 0; i < 5; i++) {
            watch.run(8_000);
            watch.forgetReports();
            bus.resetAdapter(137);
            watch.run(6_000);
            assertTrue(watch.longestSilence() <= withinMillis * MILLI,
                    kind + ", reset " + i + ": nothing heard for " + watch.longestSilence() / MILLI + " ms");
            assertTrue(watch.isKnown());
        }
    }

    /**
     * A closed adapter with BEL for each received frame: nothing was sent, yet BEL indicates that the channel
     * is closed.
     */
    @Test
    void anAdapterThatRingsUnaskedIsSetUpAgain() throws LinkException {
        SlcanFirmware firmware = new SlcanFirmware().without("F").banner("\u0007");
        SimulatedCan bus = bus(firmware);
        Watch watch = new Watch(bus, true);
        watch.run(3_000);
        watch.forgetReports();
        bus.resetAdapter(10);
        watch.run(2_000);
        assertTrue(watch.longestSilence() <= 600 * MILLI, watch.longestSilence() / MILLI + " ms");
    }

    /** The channel is open and frames are received, but the controller does not send: reopening may help. */
    @Test
    void anAdapterThatRefusesEachFrameIsSetUpAgainNowAndThen() throws LinkException {
        SlcanFirmware firmware = new SlcanFirmware().refusesFrames();
        Watch watch = new Watch(bus(firmware), false);
        watch.run(60_000);
        assertTrue(watch.isKnown(), "what is heard is shown all the same");
        long openings = firmware.lines().stream().filter("O"::equals).count();
        assertTrue(openings >= 3 && openings <= 12, openings + " times within a minute");
    }

    /** Each command costs time on the bus: a healthy adapter is configured once, and its flags are read every 2 s. */
    @Test
    void aGoodAdapterIsLeftAlone() throws LinkException {
        SlcanFirmware firmware = new SlcanFirmware();
        Watch watch = new Watch(bus(firmware), true);
        watch.run(60_000);
        List<String> lines = new ArrayList<>(firmware.lines());
        assertEquals(List.of("..........................C", "C", "V", "Z0", "S5", "L"), lines.subList(0, 6));
        assertTrue(lines.subList(6, lines.size()).stream().allMatch("F"::equals), lines.toString());
        assertTrue(lines.size() <= 6 + 30, lines.toString());
    }

    /** A silent bus is no reason to configure the adapter repeatedly. */
    @ParameterizedTest
    @ValueSource(strings = { "by the letter", "no F", "mute", "canable" })
    void onASilentBusAnAdapterIsToldSeldom(String kind) throws LinkException {
        SlcanFirmware firmware = switch (kind) {
            case "no F" -> new SlcanFirmware().without("F");
            case "mute" -> new SlcanFirmware().mute();
            case "canable" -> SlcanFirmware.canable();
            default -> new SlcanFirmware();
        };
        Watch watch = new Watch(new SimulatedCan().adapter(firmware), true);
        watch.run(120_000);
        long times = firmware.lines().stream().filter("L"::equals).count();
        assertTrue(times <= 20, times + " times within two minutes");
    }

    @ParameterizedTest
    @CsvSource({ "4000, true", "4000, false", "10000, true", "10000, false" })
    void valuesOfABoardWithASlowSyncStay(long syncMillis, boolean heartbeats) throws LinkException {
        SimulatedCan bus = bus(new SlcanFirmware()).syncEvery(syncMillis);
        if (!heartbeats) {
            bus.withoutHeartbeat();
        }
        Watch watch = new Watch(bus, true);
        assertTrue(watch.runUntilKnown(1_000), "SYNC is sent just after the bus was opened");
        watch.forgetReports();
        watch.run(60_000);
        assertTrue(watch.isKnown());
        for (BoardReport report : watch.reports) {
            assertTrue(report.isOnline());
            assertTrue(report.snapshot().isKnown(Catalogue.STATE_OF_CHARGE));
            assertTrue(report.snapshot().isKnown(Catalogue.ALARM));
        }
    }

    @ParameterizedTest
    @CsvSource({ "4000, true", "4000, false", "10000, true", "10000, false" })
    void aSlowSyncIsNoDefect(long syncMillis, boolean listenOnly) {
        SimulatedCan bus = bus(new SlcanFirmware()).syncEvery(syncMillis);
        assertHealthy(bus, listenOnly);
        assertHealthy(bus(new SlcanFirmware()).syncEvery(syncMillis).withoutHeartbeat(), listenOnly);
        assertEquals(List.of(new CanScan.Heard(NODE, 115_200, 250, true, false)),
                scan(bus(new SlcanFirmware()).syncEvery(syncMillis)));
    }

    /** The loss of a fast board is still detected as fast as before; slow ones after three of their intervals. */
    @ParameterizedTest
    @CsvSource({ "100, 5100", "1000, 5100", "4000, 12100", "10000, 30100" })
    void aBoardThatIsGoneIsLost(long syncMillis, long lostAfter) throws LinkException {
        SimulatedCan bus = bus(new SlcanFirmware()).syncEvery(syncMillis).withoutHeartbeat();
        Watch watch = new Watch(bus, true);
        watch.run(4 * syncMillis + 2_000);
        assertTrue(watch.isKnown());
        bus.withoutSync();
        long last = bus.nanos();
        watch.forgetReports();
        while (watch.reports.stream().allMatch(BoardReport::isOnline) && bus.nanos() - last < 60_000 * MILLI) {
            watch.run(50);
        }
        assertTrue(bus.nanos() - last <= lostAfter * MILLI,
                String.format(Locale.ROOT, "lost after %d ms", (bus.nanos() - last) / MILLI));
    }

    /** A board on the bus, and the thread that serves it. */
    private static final class Watch {
        private final SimulatedCan bus;
        private final CanSession session;
        private final CanBoard board;
        private final List<BoardReport> reports = new ArrayList<>();
        private long heardAt;
        private long longestSilence;

        Watch(SimulatedCan bus, boolean listenOnly) throws LinkException {
            this.bus = bus;
            this.session = bus.line(PORT, 115_200, 250, listenOnly).open();
            this.board = new CanBoard(new CanSettings(NODE, Duration.ZERO, !listenOnly),
                    BoardSetup.standard(LIFETIME, LIFETIME), reports::add, bus);
            heardAt = bus.nanos();
            session.hear((frame, nanos) -> {
                longestSilence = Math.max(longestSilence, nanos - heardAt);
                heardAt = nanos;
            });
        }

        void run(long millis) throws LinkException {
            long until = bus.nanos() + millis * MILLI;
            while (bus.nanos() < until) {
                step(until);
            }
            longestSilence = Math.max(longestSilence, bus.nanos() - heardAt);
        }

        boolean runUntilKnown(long millis) throws LinkException {
            long until = bus.nanos() + millis * MILLI;
            while (bus.nanos() < until && !isKnown()) {
                step(until);
            }
            return isKnown();
        }

        private void step(long until) throws LinkException {
            if (board.due() <= bus.nanos()) {
                board.serve(session);
            } else {
                session.idle(Math.max(bus.nanos(), Math.min(until, Math.min(board.due(), board.deadline()))));
            }
            if (board.deadline() <= bus.nanos()) {
                board.watch(bus.nanos());
            }
        }

        void forgetReports() {
            reports.clear();
            longestSilence = 0;
            heardAt = bus.nanos();
        }

        long longestSilence() {
            return longestSilence;
        }

        boolean isKnown() {
            return !reports.isEmpty() && reports.get(reports.size() - 1).snapshot().isKnown(Catalogue.STATE_OF_CHARGE);
        }
    }
}
