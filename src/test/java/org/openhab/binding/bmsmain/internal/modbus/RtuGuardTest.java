/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import static org.junit.jupiter.api.Assertions.*;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Which responses may still be pending, and what proves that none is.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class RtuGuardTest {

    private final RtuGuard guard = new RtuGuard();
    private final DeviceProfile device = new DeviceProfile();

    @Test
    void believesNothingAtFirstAndAfterAReopen() {
        assertTrue(guard.needsProbe(read(0x2000, 17)));
        assertTrue(guard.isInDoubt(32));
        guard.answered(read(0x2000, 1));
        assertFalse(guard.needsProbe(read(0x2000, 17)));
        assertFalse(guard.isInDoubt(32));
        guard.reopened();
        assertTrue(guard.needsProbe(read(0x2000, 17)));
    }

    @Test
    void onlyRequestsOfAnOpenLengthNeedAProbe() {
        guard.answered(read(0x2000, 17));
        guard.failed(read(0x2000, 17));
        assertTrue(guard.needsProbe(read(0x20F4, 17)));
        assertFalse(guard.needsProbe(read(0x20F4, 15)));
        assertTrue(guard.isInDoubt(32));
        guard.answered(read(0x20F4, 15));
        assertFalse(guard.needsProbe(read(0x2000, 17)));
    }

    @Test
    void whatCouldBeTheAnswerToAnOlderRequestNeedsAProbeForAll() {
        guard.answered(read(0x2000, 17));
        guard.doubtful(read(0x20F4, 15));
        assertTrue(guard.needsProbe(read(0x2185, 30)));
    }

    @Test
    void probesWhereItWasAnsweredAndElseWhereItIsGoingToAsk() {
        assertEquals("4:0x20F4+1", probe(read(0x20F4, 15)));
        guard.answered(read(0x2000, 17));
        guard.answered(read(0x20F4, 15));
        assertEquals("4:0x2000+1", probe(read(0x20F4, 15)), "the longest block");
        assertEquals("4:0x2000+1", probe(ModbusRequest.writeMultiple(32, 0x5100, 1, 1)));
        assertTrue(guard.refused(32));
        assertEquals("4:0x20F4+1", probe(read(0x20F4, 15)));
        assertFalse(guard.refused(32), "there is no other place left");
        assertEquals("3:0x5100+1", probe(ModbusRequest.writeMultiple(32, 0x5100, 1, 1)));
    }

    @Test
    void aProbeIsNeverAsLongAsTheRequestBehindItOrAsAnOpenOne() {
        guard.answered(read(0x2000, 17));
        assertEquals("4:0x2000+2", probe(read(0x5000, 1)));
        guard.failed(read(0x2000, 2));
        assertEquals("4:0x2000+3", probe(read(0x5000, 1)));
        // The length shows that reopening the port has no effect.
        guard.reopened();
        assertEquals("4:0x2000+3", probe(read(0x5000, 1)));
    }

    @Test
    void whenAllLengthsAreOpenItTakesTheOneThatIsOpenForLongest() {
        guard.answered(read(0x2000, 17));
        for (int count = 1; count <= 16; count++) {
            guard.failed(read(0x2000, count));
        }
        assertEquals("4:0x2000+1", probe(read(0x20F4, 15)));
        guard.failed(read(0x2000, 1));
        assertEquals("4:0x2000+2", probe(read(0x20F4, 15)));
        assertEquals("4:0x2000+3", probe(read(0x20F4, 2)));
    }

    @Test
    void shortBlocksGiveShortProbes() {
        guard.answered(read(0x1000, 3));
        for (int count = 1; count <= 2; count++) {
            guard.failed(read(0x1000, count));
        }
        assertEquals("4:0x1000+3", probe(read(0x2000, 17)));
        assertEquals("4:0x1000+1", probe(read(0x2000, 3)), "rather the oldest than one that may not be readable");
    }

    @Test
    void thereIsNoRoomForAnotherLengthAtTheLastRegister() {
        assertNull(guard.probe(read(0xFFFF, 1), device));
        assertEquals("4:0xFFFE+2", probe(read(0xFFFE, 1)));
    }

    /** The echo of a write may belong to an earlier identical write. */
    @Test
    void aWriteProvesNothing() {
        guard.answered(read(0x2000, 17));
        guard.failed(ModbusRequest.writeSingle(32, 0x5108, 1));
        guard.failed(read(0x2000, 17));
        guard.answered(ModbusRequest.writeSingle(32, 0x5108, 1));
        assertTrue(guard.needsProbe(read(0x2000, 17)));
    }

    /** A device that sends more responses than we sent requests responds to another master. */
    @Test
    void eachOpenRequestExplainsOneLateAnswer() {
        guard.answered(read(0x2000, 17));
        assertFalse(guard.heard(32, 17), "that one was answered");
        guard.failed(read(0x2000, 17));
        guard.failed(read(0x2100, 17));
        guard.failed(read(0x2100, 3));
        assertTrue(guard.heard(32, 17));
        assertTrue(guard.heard(32, 17));
        assertFalse(guard.heard(32, 17));
        assertFalse(guard.heard(33, 3), "another unit");
        assertTrue(guard.heard(32, 3));
        assertTrue(guard.needsProbe(read(0x2000, 17)), "that all came is no proof that no other is under way");
        guard.failed(read(0x2000, 17));
        guard.answered(read(0x20F4, 15));
        assertFalse(guard.heard(32, 17), "a device answers in order: that one never comes");
    }

    @Test
    void unitsAreInDoubtOneByOne() {
        guard.answered(read(0x2000, 17));
        guard.answered(ModbusRequest.read(33, 4, 0x2000, 17));
        guard.failed(read(0x2000, 17));
        assertFalse(guard.isInDoubt(33));
        assertFalse(guard.needsProbe(ModbusRequest.read(33, 4, 0x2000, 17)));
    }

    private static ModbusRequest read(int address, int count) {
        return ModbusRequest.read(32, ModbusRequest.READ_INPUT, address, count);
    }

    private String probe(ModbusRequest request) {
        @Nullable
        ModbusRequest probe = guard.probe(request, device);
        return probe == null ? "none" : String.format("%d:0x%04X+%d", probe.function(), probe.address(), probe.count());
    }
}
