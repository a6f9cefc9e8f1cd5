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

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.WireNumber;
import org.openhab.binding.bmsmain.internal.board.WireType;

/**
 * A value and its registers.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RegisterMapping {

    private static final double TINY = 1e-6;

    private final Point point;
    private final RegisterLocation location;
    private final boolean catalogued;
    private final WireNumber number;

    /**
     * @param catalogued whether the location comes from the public map, not from the user
     */
    RegisterMapping(Point point, RegisterLocation location, boolean catalogued) {
        this.point = point;
        this.location = location;
        this.catalogued = catalogued;
        this.number = new WireNumber(location);
    }

    Point point() {
        return point;
    }

    RegisterLocation location() {
        return location;
    }

    /** Whether the location comes from the public map. */
    boolean isCatalogued() {
        return catalogued;
    }

    private boolean isTrace(RegisterView registers, int at, @Nullable WordOrder order) {
        return catalogued && order != null && location.type() == WireType.REAL32
                && isSubnormal(order.join(registers.word(at), registers.word(at + 1)));
    }

    /** Whether the bits are a subnormal REAL32: no sensor measures such a number. */
    static boolean isSubnormal(int bits) {
        return (bits & 0x7F80_0000) == 0 && (bits & 0x007F_FFFF) != 0;
    }

    /**
     * Decodes the value and passes it on.
     *
     * @param registers an answer that contains the registers of the value
     * @param at index of the first of them in the answer
     * @param order the word order, or null while it is not known: then a value counts only if both orders agree
     */
    void decode(RegisterView registers, int at, @Nullable WordOrder order, BoardAssembler assembler, long nanos) {
        if (point.kind() == Kind.TEXT) {
            assembler.putText(point, RegisterText.of(location, registers, at), nanos);
            return;
        }
        double value = isTrace(registers, at, order) ? Double.NaN : number(registers, at, order);
        if (order == null && dependsOnOrder() && !point.isPlausible(value)) {
            assembler.putUnclear(point, nanos);
        } else {
            assembler.put(point, value, nanos);
        }
    }

    /**
     * Returns the number in an answer.
     *
     * @return NaN when it is none, or depends on a word order that is not known
     */
    double number(RegisterView registers, int at, @Nullable WordOrder order) {
        if (location.type().bytes() < 4) {
            return number.of(registers.word(at));
        }
        int first = registers.word(at);
        int second = registers.word(at + 1);
        if (order != null) {
            return number.of(order.join(first, second));
        }
        double little = number.of(WordOrder.LITTLE.join(first, second));
        return little == number.of(WordOrder.BIG.join(first, second)) ? little : Double.NaN;
    }

    /** Whether the value consists of two registers whose order matters. */
    boolean dependsOnOrder() {
        return location.type().bytes() >= 4 && point.kind() != Kind.TEXT;
    }

    /**
     * Evidence for the word order: 1 when the value makes sense only with the low word first, -1 when only with the
     * high word first, 0 otherwise.
     */
    int evidence(RegisterView registers, int at) {
        if (!catalogued || !dependsOnOrder() || location.bit() != Location.NO_BIT) {
            return 0;
        }
        int first = registers.word(at);
        int second = registers.word(at + 1);
        boolean little = makesSense(WordOrder.LITTLE.join(first, second));
        boolean big = makesSense(WordOrder.BIG.join(first, second));
        return little == big ? 0 : little ? 1 : -1;
    }

    private boolean makesSense(int bits) {
        if (point.kind() == Kind.BITS) {
            return (bits & point.unusedBits()) == 0;
        }
        double value = number.of(bits);
        // A REAL32 with swapped words is mostly huge, no number, or almost zero.
        return point.isPlausible(value) && (value == 0 || Math.abs(value) >= TINY);
    }
}
