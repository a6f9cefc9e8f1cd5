/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/**
 * Excludes the tests, whatever the build directory. ArchUnit's own option supports only the folder <code>target</code>.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ProductOnly implements ImportOption {

    @Override
    public boolean includes(@Nullable Location location) {
        return location != null && !location.contains("/test-classes/");
    }
}
