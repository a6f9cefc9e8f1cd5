/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.cli.publish.Words;
import org.openhab.binding.bmsmain.internal.board.ActiveFault;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome;

/**
 * The English labels of openHAB, for the published devices.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class PublishWords implements Words {

    @Override
    public String label(Point point) {
        return point.isChannel() ? Texts.label(point.id()) : point.name();
    }

    @Override
    public String group(String group) {
        return Texts.group(group);
    }

    @Override
    public String control(Point signal) {
        return Texts.of("control.label", label(signal));
    }

    @Override
    public String lastResult() {
        return Texts.of("channel-type.bmsmain.control-result.label");
    }

    @Override
    public String missing() {
        return Texts.of("channel-type.bmsmain.bank-missing.label");
    }

    @Override
    public String fault(ActiveFault fault) {
        return Texts.of(fault);
    }

    @Override
    public String fault(String id) {
        return Catalogue.byId("faults#" + id) == null ? id : Texts.of("fault." + id);
    }

    @Override
    public String noAlarm() {
        return Texts.noAlarm();
    }

    @Override
    public String outcome(ControlOutcome outcome) {
        return Texts.of("control." + outcome.result().key(), label(outcome.signal()),
                Texts.of("control.force." + outcome.force().id()), outcome.detail());
    }

    @Override
    public String version() {
        return Texts.version();
    }
}
