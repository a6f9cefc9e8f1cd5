/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.i18n;

import java.util.Objects;
import java.util.function.Supplier;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Knows the form of texts that stand for a translation: <code>@text/key</code>.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class I18nUtil {

    private static final String MARK = "@text/";

    public static boolean isConstant(@Nullable String key) {
        return key != null && key.startsWith(MARK);
    }

    public static String stripConstant(String key) {
        return key.replace(MARK, "");
    }

    public static String stripConstantOr(final @Nullable String key, Supplier<String> supplier) {
        return key != null && isConstant(key) ? stripConstant(key) : Objects.requireNonNull(supplier.get());
    }
}
