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

import java.util.function.ToDoubleFunction;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.SdoLocation;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.device.CommandQueue.Command;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Commands over CANopen: a signal is forced by one SDO download to its control object, and read back from the location
 * of the signal (protocol, section 4). The only class of the binding that makes a download.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class CanPort implements CommandQueue.Port {

    /** Index of the control object; signal n has sub-index n + 1. */
    private static final int CONTROL_OBJECT = 0x5100;

    private final SdoClient sdo;
    private final BoardSetup setup;
    private final ToDoubleFunction<Command> heard;
    private final Ticker ticker;

    /**
     * @param setup contains the locations of the signals
     * @param heard value of the signal received since the board acknowledged the command; NaN if there was none
     */
    CanPort(SdoClient sdo, BoardSetup setup, ToDoubleFunction<Command> heard, Ticker ticker) {
        this.sdo = sdo;
        this.setup = setup;
        this.heard = heard;
        this.ticker = ticker;
    }

    @Override
    public void write(Command command) {
        int value = command.force().registerValue();
        byte[] data = { (byte) value, (byte) (value >> 8) };
        sdo.download(CONTROL_OBJECT, Catalogue.SIGNALS.indexOf(command.signal()) + 1, data, new SdoListener() {
            @Override
            public boolean begins() {
                return command.mayBeWritten();
            }

            @Override
            public void done(byte[] answer, long roundTripNanos) {
                command.written();
            }

            @Override
            public void aborted(int abortCode) {
                if (abortCode == SdoAbort.TIMED_OUT) {
                    command.unanswered();
                } else {
                    command.refused(SdoAbort.words(abortCode));
                }
            }
        }, ticker.nanos());
    }

    @Override
    public void read(Command command) {
        SdoLocation place = SdoPlan.placeOf(command.signal(), setup);
        if (place == null) {
            command.read(heard.applyAsDouble(command));
            return;
        }
        Field field = new Field(command.signal(), place);
        sdo.upload(place.index(), place.subIndex(), new SdoListener() {
            @Override
            public void done(byte[] data, long roundTripNanos) {
                command.read(field.isIn(data) ? field.decode(Field.raw(data)) : Double.NaN);
            }

            @Override
            public void aborted(int abortCode) {
                command.unread();
            }
        }, ticker.nanos());
    }
}
