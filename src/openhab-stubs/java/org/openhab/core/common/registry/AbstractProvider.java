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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNull;
import org.eclipse.jdt.annotation.NonNullByDefault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Provider} that keeps its listeners. One listener that throws does not keep the others from being told.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public abstract class AbstractProvider<@NonNull E> implements Provider<E> {

    private final Logger logger = LoggerFactory.getLogger(AbstractProvider.class);

    protected List<ProviderChangeListener<E>> listeners = new CopyOnWriteArrayList<>();

    @Override
    public void addProviderChangeListener(ProviderChangeListener<E> listener) {
        listeners.add(listener);
    }

    @Override
    public void removeProviderChangeListener(ProviderChangeListener<E> listener) {
        listeners.remove(listener);
    }

    protected void notifyListenersAboutAddedElement(E element) {
        tell(listener -> listener.added(this, element));
    }

    protected void notifyListenersAboutRemovedElement(E element) {
        tell(listener -> listener.removed(this, element));
    }

    protected void notifyListenersAboutUpdatedElement(E oldElement, E element) {
        tell(listener -> listener.updated(this, oldElement, element));
    }

    private void tell(Consumer<ProviderChangeListener<E>> news) {
        for (ProviderChangeListener<E> listener : listeners) {
            try {
                news.accept(listener);
            } catch (RuntimeException e) {
                logger.error("Listener {} failed", listener.getClass().getName(), e);
            }
        }
    }
}
