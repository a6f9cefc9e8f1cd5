/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.common.registry;

import org.eclipse.jdt.annotation.NonNull;
import org.eclipse.jdt.annotation.NonNullByDefault;

/** Is notified of changes of a provider. */
@NonNullByDefault
public interface ProviderChangeListener<@NonNull E> {

    void added(Provider<E> provider, E element);

    void removed(Provider<E> provider, E element);

    void updated(Provider<E> provider, E oldelement, E element);
}
