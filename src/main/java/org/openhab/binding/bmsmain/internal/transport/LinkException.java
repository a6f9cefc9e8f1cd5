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

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A transaction or a connection failed. Thrown inside the protocol packages only; code that displays a failure gets a
 * {@link Failure}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class LinkException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private final boolean sessionLost;

    /**
     * @param failure cause and detail
     * @param sessionLost whether the port or connection is useless and must be reopened
     */
    public LinkException(Failure failure, boolean sessionLost) {
        // Failures on a wire are frequent: no stack trace is collected.
        super(failure.toString(), null, false, false);
        this.failure = failure;
        this.sessionLost = sessionLost;
    }

    /** The port or connection is gone or cannot be opened. */
    public static LinkException lost(FailureCause cause, String detail) {
        return new LinkException(new Failure(cause, detail), true);
    }

    public Failure failure() {
        return failure;
    }

    public boolean isSessionLost() {
        return sessionLost;
    }
}
