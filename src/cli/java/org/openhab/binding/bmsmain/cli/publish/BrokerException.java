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

/**
 * The broker cannot be used. The message is fit for a user, and contains no secret.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BrokerException extends Exception {

    private static final long serialVersionUID = 1L;

    public BrokerException(String message) {
        super(message);
    }
}
