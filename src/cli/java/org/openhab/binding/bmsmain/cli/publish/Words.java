/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli.publish;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.ActiveFault;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome;

/**
 * Labels for published devices and values.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface Words {

    /** The label of a channel or property. */
    String label(Point point);

    /** The label of a channel group. */
    String group(String group);

    /** The label of the channel that controls a signal. */
    String control(Point signal);

    /** The label of the channel for the result of the last command. */
    String lastResult();

    /** The label of the channel for the missing members of a bank. */
    String missing();

    String fault(ActiveFault fault);

    /** The label of a fault by its ID. */
    String fault(String id);

    /** State of the alarm without any fault. */
    String noAlarm();

    /** The result of a command as text. */
    String outcome(ControlOutcome outcome);

    /** The version of this program. */
    String version();
}
