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

import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The result of an examination.
 *
 * @param findings the findings, from the port to the values
 * @param cause the most likely cause
 * @param place port or endpoint, first argument of the texts of the cause
 * @param address address of the board, second argument
 * @param detail third argument
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record Diagnosis(List<Finding> findings, Cause cause, String place, int address, String detail) {

    /** Default number of requests that test whether responses keep coming. */
    public static final int STANDARD_REQUESTS = 200;

    /** Whether nothing is wrong. */
    public boolean isHealthy() {
        return cause == Cause.HEALTHY;
    }

    /** Key of the text that names the cause. */
    public String causeKey() {
        return "diagnosis.cause." + cause.key();
    }

    /** Key of the text with the rule to check. */
    public String ruleKey() {
        return "diagnosis.rule." + cause.key();
    }

    /** Arguments of both texts. */
    public List<String> arguments() {
        return List.of(place, Integer.toString(address), detail);
    }
}
