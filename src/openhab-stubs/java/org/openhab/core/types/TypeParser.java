/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.types;

import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/** Parses states and commands: returns the first type that accepts the text. */
@NonNullByDefault
public final class TypeParser {

    private TypeParser() {
    }

    public static @Nullable State parseState(List<Class<? extends State>> types, String s) {
        return parse(types, s);
    }

    public static @Nullable Command parseCommand(List<Class<? extends Command>> types, String s) {
        return parse(types, s);
    }

    private static <T> @Nullable T parse(List<Class<? extends T>> types, String text) {
        for (Class<? extends T> type : types) {
            try {
                if (!type.isEnum()) {
                    return type.getConstructor(String.class).newInstance(text);
                }
            } catch (ReflectiveOperationException e) {
                continue; // this type does not accept the text, the next one may
            }
            T[] constants = type.getEnumConstants();
            for (int i = 0; constants != null && i < constants.length; i++) {
                if (constants[i].toString().equals(text)) {
                    return constants[i];
                }
            }
        }
        return null;
    }
}
