/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.ActiveFault;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.config.StatusText;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome;
import org.openhab.binding.bmsmain.internal.diagnosis.Diagnosis;
import org.openhab.binding.bmsmain.internal.diagnosis.Finding;
import org.openhab.core.i18n.LocaleProvider;
import org.openhab.core.i18n.TranslationProvider;
import org.osgi.framework.Bundle;

/**
 * Texts about a board in the language of the installation.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class BoardTexts {

    private static final Pattern UNKNOWN_FAULT = Pattern.compile("unknown-error-(\\d+)-(\\d+)");

    private final TranslationProvider translations;
    private final LocaleProvider locales;
    private final Bundle bundle;

    public BoardTexts(TranslationProvider translations, LocaleProvider locales, Bundle bundle) {
        this.translations = translations;
        this.locales = locales;
        this.bundle = bundle;
    }

    /** Text of the active faults, critical ones first; null if the faults are unknown. */
    @Nullable
    public String alarm(BoardSnapshot snapshot) {
        return ActiveFault.alarm(snapshot, this::fault, text("alarm.ok"));
    }

    /** Text of a fault. */
    public String fault(ActiveFault fault) {
        return fault.point() == null ? text("fault.unknown", fault.word(), fault.bit()) : text("fault." + fault.id());
    }

    /** Text of the fault of an event. */
    public String fault(String id) {
        Matcher unknown = UNKNOWN_FAULT.matcher(id);
        return unknown.matches() ? text("fault.unknown", unknown.group(1), unknown.group(2))
                : Catalogue.byId("faults#" + id) == null ? id : text("fault." + id);
    }

    /** Text of the outcome of a command. */
    public String outcome(ControlOutcome outcome) {
        return text("control." + outcome.result().key(), signal(outcome.signal()),
                text("control.force." + outcome.force().id()), outcome.detail());
    }

    /** Text for a command that is not {@code on}, {@code off} or {@code physical}. */
    public String unknownForce(Point signal, String command) {
        return text("control.unknown-force", signal(signal), command);
    }

    /** The label of the channel that controls a signal. */
    String controlLabel(Point signal) {
        return text("control.label", signal(signal));
    }

    /** The label of an input signal. */
    String signal(Point signal) {
        return label("channel-group-type.bmsmain.input-signals.channel." + signal.name() + ".label");
    }

    /** Text that openHAB shows for a status description made by {@link StatusText}; empty if there is none. */
    public String status(@Nullable String description) {
        if (description == null) {
            return "";
        }
        Matcher parts = StatusText.FORM.matcher(description);
        if (!parts.matches()) {
            return description;
        }
        String arguments = parts.group(2);
        return text(String.valueOf(parts.group(1)), arguments == null ? new Object[0]
                : Stream.of(StatusText.SEPARATOR.split(arguments)).map(this::status).toArray());
    }

    /** Text of a diagnosis: one line per finding, then the most likely cause and the rule to check. */
    String diagnosis(Diagnosis diagnosis) {
        StringBuilder words = new StringBuilder();
        for (Finding finding : diagnosis.findings()) {
            words.append(text("diagnosis.layer." + finding.layer().key())).append(": ")
                    .append(text("diagnosis.finding." + finding.key(), finding.arguments().toArray())).append('\n');
        }
        Object[] arguments = diagnosis.arguments().toArray();
        return words.append(text(diagnosis.causeKey(), arguments)).append('\n')
                .append(text(diagnosis.ruleKey(), arguments)).toString();
    }

    /** A text used by descriptors, which openHAB shows unformatted: apostrophes are not doubled. */
    String label(String key) {
        String text = translations.getText(bundle, key, key, locales.getLocale());
        return text == null ? key : text;
    }

    /** Any other text of this bundle, in which apostrophes are doubled; the key if the text is missing. */
    public String text(String key, Object... arguments) {
        String text = translations.getText(bundle, key, key, locales.getLocale(), arguments);
        return text == null ? key : text;
    }
}
