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

import static org.junit.jupiter.api.Assertions.*;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.canopen.KernelStandIn;
import org.openhab.binding.bmsmain.internal.canopen.KernelStandIn.End;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.twin.SimulatedCan;
import org.openhab.binding.bmsmain.twin.SimulatedWires;
import org.openhab.binding.bmsmain.twin.TwinBoard;

/**
 * The defects of a CAN connection that the doctor detects, each simulated on a bus in virtual time. The doctor must
 * report that cause and no other, and send nothing but reads.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(60)
class CanDoctorTest {

    private static SimulatedCan bus() {
        return new SimulatedCan();
    }

    private static SimulatedCan healthy() {
        return bus().with(board(32));
    }

    private static TwinBoard board(int node) {
        return SimulatedWires.board(node, TwinBoard.WordOrder.LITTLE);
    }

    /** No device of this machine, to avoid hundreds of searches for its users in real time. */
    private static CanConnectionParameters parameters(int syncMillis, boolean listenOnly) {
        return new CanConnectionParameters("adapter", 250, 32, Duration.ofMillis(syncMillis), listenOnly);
    }

    private static Arguments active(String defect, SimulatedCan bus, Cause cause, String detail) {
        return Arguments.of(defect, bus, parameters(0, false), cause, detail);
    }

    private static Arguments listening(String defect, SimulatedCan bus, Cause cause, String detail) {
        return Arguments.of("listening only: " + defect, bus, parameters(0, true), cause, detail);
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                // nothing is wrong
                active("healthy", healthy(), Cause.HEALTHY, "-"),
                active("healthy, while it initialises", bus().with(board(32).initialising(true)), Cause.HEALTHY, "-"),
                active("healthy, beside other devices", healthy().with(board(33)).foreign(0x705, 0x05), Cause.HEALTHY,
                        "-"),
                active("healthy, nobody else is on the bus", healthy().alone(), Cause.HEALTHY, "-"),
                active("healthy, the adapter cannot only listen", healthy().refuses("L"), Cause.HEALTHY, "-"),
                Arguments.of("healthy, we send SYNC", healthy().withoutSync(), parameters(100, false), Cause.HEALTHY,
                        "-"),
                listening("healthy", healthy(), Cause.HEALTHY, "-"),

                // the adapter
                active("it is not plugged in", healthy().notOpened(FailureCause.PORT_MISSING),
                        Cause.CAN_ADAPTER_MISSING, "-"),
                active("another program has it", healthy().notOpened(FailureCause.PORT_BUSY), Cause.PORT_BUSY, "-"),
                active("the user may not open it", healthy().notOpened(FailureCause.NO_PERMISSION), Cause.NO_PERMISSION,
                        "-"),
                active("the interface is down", healthy().notOpened(FailureCause.INTERFACE_DOWN),
                        Cause.CAN_INTERFACE_DOWN, "-"),
                active("the kernel has no CAN", healthy().notOpened(FailureCause.NO_CAN), Cause.CAN_NO_SUPPORT, ""),
                active("it does not have the bit rate", healthy().refuses("S5"), Cause.CAN_ADAPTER_REFUSES, "S5"),
                listening("the adapter cannot", healthy().refuses("L"), Cause.CAN_ADAPTER_REFUSES, "L"),
                active("another device is at the port", bus().mute(), Cause.CAN_ADAPTER_MUTE, "-"),

                // the bus
                active("no supply, or a wire is open", bus(), Cause.CAN_SILENT, "-"),
                listening("no supply, or a wire is open", bus(), Cause.CAN_SILENT, "-"),
                active("CAN_H and CAN_L are swapped", bus().flags("84"), Cause.CAN_ERRORS, "-"),
                active("the bus runs at 500 kbit/s", healthy().bitRate(500), Cause.CAN_WRONG_BIT_RATE, "500"),
                listening("the bus runs at 125 kbit/s", healthy().bitRate(125), Cause.CAN_WRONG_BIT_RATE, "125"),
                active("a board that is alone runs at 1000 kbit/s", healthy().alone().bitRate(1000),
                        Cause.CAN_WRONG_BIT_RATE, "1000"),
                active("without termination there are errors", healthy().flags("84"), Cause.CAN_DISTURBED, "-"),
                active("a loose contact loses some", healthy().losesEvery(21), Cause.CAN_LOSSES, ""),

                // the node
                active("the board has node id 47", bus().with(board(47)), Cause.CAN_WRONG_NODE, "47"),
                listening("the board has node id 47", bus().with(board(47)), Cause.CAN_WRONG_NODE, "47"),
                active("only an inverter is there", bus().foreign(0x705, 0x05), Cause.CAN_OTHERS_ONLY, "5"),
                active("only frames of nobody are there", bus().foreign(0x123, 1, 2), Cause.CAN_OTHERS_ONLY, "-"),
                active("nobody sends SYNC", healthy().withoutSync(), Cause.CAN_NO_OBJECTS, "-"),
                active("nobody sends SYNC, and there is no heartbeat", healthy().withoutSync().withoutHeartbeat(),
                        Cause.CAN_NO_OBJECTS, "-"),
                active("the node is stopped", healthy().state(0x04), Cause.CAN_NO_OBJECTS, "-"),
                active("the SDO channel is taken", healthy().withoutSdo(), Cause.CAN_NO_SDO, "-"),
                active("another device has the node id", bus().foreign(0x720, 0x05).foreign(0x1A0, 1, 2, 3, 4),
                        Cause.OTHER_DEVICE, "-"),
                active("the current sensor is open", bus().with(board(32).fault("current-sensor-fault")),
                        Cause.CURRENT_SENSOR, "-"),
                active("the plug P15 is off", bus().with(board(32).fault("bms-logic-offline")), Cause.LOGIC_OFFLINE,
                        "-"));
    }

    @ParameterizedTest(name = "{0} -> {3}")
    @MethodSource("defects")
    void namesTheCause(String defect, SimulatedCan bus, CanConnectionParameters parameters, Cause cause,
            String detail) {
        Diagnosis diagnosis = CanDoctor.examine(parameters, bus, bus, 200, Progress.NONE);
        String story = diagnosis.findings().stream().map(Finding::toString).collect(Collectors.joining("\n"));
        assertEquals(cause, diagnosis.cause(), story);
        if (!detail.isEmpty()) {
            assertEquals(detail, diagnosis.detail(), story);
        }
        assertEquals(cause == Cause.HEALTHY, diagnosis.isHealthy());
        assertFalse(diagnosis.findings().isEmpty(), "nothing was found out");
        // Uploads of the known object, and SYNC if configured.
        String sync = parameters.syncInterval().isZero() ? "t6208" : "t0800";
        List<String> others = bus.sent().stream()
                .filter(frame -> !frame.startsWith("t6208400040") && !frame.startsWith(sync)).toList();
        assertEquals(List.of(), others);
        assertTrue(bus.sent().stream().noneMatch(frame -> frame.startsWith("t62082")), "a download");
        if (parameters.listenOnly()) {
            assertEquals(List.of(), bus.sent());
        }
    }

    /** A wrong bit rate would disturb the other nodes, so the search only listens. */
    @Test
    void looksForTheBitRateWithoutTakingPart() {
        SimulatedCan bus = healthy().bitRate(500);
        CanDoctor.examine(parameters(100, false), bus, bus, 200, Progress.NONE);
        assertEquals(List.of(), bus.sent());
    }

    // ---- the interface or the adapter disappears during the examination ----

    private static CanConnectionParameters interfaceOf(boolean listenOnly) {
        return new CanConnectionParameters("can0", 0, 32, Duration.ZERO, listenOnly);
    }

    private static Diagnosis examine(KernelStandIn kernel, boolean listenOnly) {
        return CanDoctor.examine(interfaceOf(listenOnly), kernel, kernel, 20, Progress.NONE);
    }

    private static String story(Diagnosis diagnosis) {
        return diagnosis.findings().stream().map(Finding::toString).collect(Collectors.joining("\n"));
    }

    /** The failure occurs before each kernel call in turn, on a bus with a board and on a silent one. */
    @ParameterizedTest
    @CsvSource({ "DOWN, true, false, HEALTHY", "DOWN, true, true, HEALTHY", "DOWN, false, false, CAN_SILENT",
            "DOWN, false, true, CAN_SILENT", "AWAY, true, false, HEALTHY", "AWAY, true, true, HEALTHY",
            "AWAY, false, false, CAN_SILENT", "AWAY, false, true, CAN_SILENT" })
    void namesTheInterfaceWheneverItGoes(End end, boolean hasBoard, boolean listenOnly, Cause otherwise) {
        KernelStandIn whole = new KernelStandIn(hasBoard, end, Integer.MAX_VALUE, Integer.MAX_VALUE);
        Diagnosis diagnosis = examine(whole, listenOnly);
        assertEquals(otherwise, diagnosis.cause(), story(diagnosis));
        Cause expected = end == End.DOWN ? Cause.CAN_INTERFACE_DOWN : Cause.CAN_ADAPTER_MISSING;
        // The last calls close the interface: the filters of the last listening are not needed any more.
        int last = whole.calls() - 2;
        assertTrue(last > 20, last + " calls");
        for (int at = 0; at < last; at++) {
            Diagnosis gone = examine(new KernelStandIn(hasBoard, end, at, Integer.MAX_VALUE), listenOnly);
            assertEquals(expected, gone.cause(), "call " + at + " of " + last + ":\n" + story(gone));
        }
    }

    /** The interface is back before the next check. It is still the cause, and no wire, supply or other client. */
    @ParameterizedTest
    @EnumSource
    void namesAnInterfaceThatIsBackSoon(End end) {
        Cause expected = end == End.DOWN ? Cause.CAN_INTERFACE_DOWN : Cause.CAN_ADAPTER_MISSING;
        KernelStandIn whole = new KernelStandIn(true, end, Integer.MAX_VALUE, Integer.MAX_VALUE);
        examine(whole, false);
        int told = 0;
        for (int at = 0; at < whole.calls() - 6; at++) {
            KernelStandIn kernel = new KernelStandIn(true, end, at, at + 3);
            Diagnosis gone = examine(kernel, false);
            // While no socket is bound to the interface, no call gets the error.
            told += kernel.hasTold() ? 1 : 0;
            List<Cause> right = kernel.hasTold() ? List.of(expected, Cause.CAN_ADAPTER_LOST) : List.of(Cause.HEALTHY);
            assertTrue(right.contains(gone.cause()), "call " + at + ":\n" + story(gone));
        }
        assertTrue(told > whole.calls() * 9 / 10, told + " of " + whole.calls());
    }

    /** The same on the bus of a Thing, which is reopened meanwhile. */
    @ParameterizedTest
    @EnumSource
    void namesTheInterfaceOfAThing(End end) throws BusConflictException {
        Cause expected = end == End.DOWN ? Cause.CAN_INTERFACE_DOWN : Cause.CAN_ADAPTER_MISSING;
        for (int at : new int[] { 2, 6, 9, 30, 60, 75, 90, 110 }) {
            KernelStandIn kernel = new KernelStandIn(true, end, at, Integer.MAX_VALUE);
            try (BusRegistry registry = new BusRegistry(kernel)) {
                Diagnosis gone = CanDoctor.examine(interfaceOf(false), kernel.line("can0", 0, 0, false), registry,
                        kernel, 20, Progress.NONE);
                assertEquals(expected, gone.cause(), "call " + at + ":\n" + story(gone));
            }
        }
    }

    @Test
    void theInterfaceOfAThingIsHealthy() throws BusConflictException {
        KernelStandIn kernel = new KernelStandIn(true, End.DOWN, Integer.MAX_VALUE, Integer.MAX_VALUE);
        try (BusRegistry registry = new BusRegistry(kernel)) {
            Diagnosis diagnosis = CanDoctor.examine(interfaceOf(false), kernel.line("can0", 0, 0, false), registry,
                    kernel, 20, Progress.NONE);
            assertEquals(Cause.HEALTHY, diagnosis.cause(), story(diagnosis));
        }
    }

    /** An slcan adapter is unplugged before any use of its port. */
    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void namesTheAdapterWheneverItIsUnplugged(boolean hasBoard) {
        SimulatedCan whole = hasBoard ? healthy() : bus();
        CanDoctor.examine(parameters(0, false), whole, whole, 20, Progress.NONE);
        assertTrue(whole.uses() > 50);
        // The last use closes the port.
        for (int at = 0; at < whole.uses() - 1; at++) {
            SimulatedCan bus = (hasBoard ? healthy() : bus()).unpluggedAfter(at);
            Diagnosis gone = CanDoctor.examine(parameters(0, false), bus, bus, 20, Progress.NONE);
            assertEquals(Cause.CAN_ADAPTER_MISSING, gone.cause(), "use " + at + ":\n" + story(gone));
        }
    }

    /** No search took place if the interface determines the bit rate. */
    @Test
    void doesNotSpeakOfASearchThatWasNone() {
        KernelStandIn silent = new KernelStandIn(false, End.DOWN, Integer.MAX_VALUE, Integer.MAX_VALUE);
        assertFalse(story(examine(silent, false)).contains("nothing"));
        SimulatedCan adapter = bus();
        assertTrue(story(CanDoctor.examine(parameters(0, false), adapter, adapter, 20, Progress.NONE))
                .contains("nothing"));
    }

    // ---- two boards with one node ID ----

    private static TwinBoard board(double charge, double current) {
        return board(32).set("battery#state-of-charge", charge).set("battery#current", current);
    }

    static Stream<Arguments> twins() {
        return Stream.of(Arguments.of("far apart", 80, 9.0, 15, -40.0), Arguments.of("near", 80, 9.0, 80, -30.0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("twins")
    void namesTwoBoardsWithOneNodeId(String how, double charge, double current, double other, double otherCurrent) {
        for (boolean listenOnly : new boolean[] { true, false }) {
            SimulatedCan bus = bus().syncEvery(1000).with(board(charge, current)).with(board(other, otherCurrent));
            Diagnosis diagnosis = CanDoctor.examine(parameters(0, listenOnly), bus, bus, 20, Progress.NONE);
            assertEquals(Cause.CAN_DUPLICATE_NODE, diagnosis.cause(), story(diagnosis));
        }
    }
}
