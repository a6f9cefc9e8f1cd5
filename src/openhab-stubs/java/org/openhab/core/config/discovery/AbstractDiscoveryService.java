/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.config.discovery;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.common.ThreadPoolManager;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.ThingUID;

/**
 * Base of discovery services. Unlike in openHAB, a scan has no time limit, and a label that is a key is
 * not translated.
 */
@NonNullByDefault
public abstract class AbstractDiscoveryService implements DiscoveryService {
    protected final ScheduledExecutorService scheduler = ThreadPoolManager.getScheduledPool("discovery");
    private final List<DiscoveryListener> discoveryListeners = new CopyOnWriteArrayList<>();
    private final Map<ThingUID, DiscoveryResult> cachedResults = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable ScanListener> scan = new AtomicReference<>();
    private final Set<ThingTypeUID> supportedThingTypes;
    private final boolean backgroundDiscoveryEnabled;
    private final @Nullable String scanInputLabel;
    private final @Nullable String scanInputDescription;

    protected AbstractDiscoveryService(@Nullable Set<ThingTypeUID> supportedThingTypes, int timeout,
            boolean backgroundDiscoveryEnabledByDefault, @Nullable String scanInputLabel,
            @Nullable String scanInputDescription) throws IllegalArgumentException {
        this.supportedThingTypes = supportedThingTypes == null ? Set.of() : Set.copyOf(supportedThingTypes);
        this.backgroundDiscoveryEnabled = backgroundDiscoveryEnabledByDefault;
        this.scanInputLabel = scanInputLabel;
        this.scanInputDescription = scanInputDescription;
    }

    @Override
    public Set<ThingTypeUID> getSupportedThingTypes() {
        return supportedThingTypes;
    }

    public boolean isScanInputSupported() {
        return scanInputLabel != null && scanInputDescription != null;
    }

    public @Nullable String getScanInputLabel() {
        return scanInputLabel;
    }

    public @Nullable String getScanInputDescription() {
        return scanInputDescription;
    }

    public boolean isBackgroundDiscoveryEnabled() {
        return backgroundDiscoveryEnabled;
    }

    @Override
    public void addDiscoveryListener(@Nullable DiscoveryListener listener) {
        if (listener != null) {
            discoveryListeners.add(listener);
            cachedResults.values().forEach(result -> listener.thingDiscovered(this, result));
        }
    }

    @Override
    public void removeDiscoveryListener(@Nullable DiscoveryListener listener) {
        discoveryListeners.remove(listener);
    }

    @Override
    public void startScan(@Nullable ScanListener listener) {
        stopScan();
        scan.set(listener);
        startScan();
    }

    @Override
    public void startScan(String input, @Nullable ScanListener listener) {
        stopScan();
        scan.set(listener);
        startScan(input);
    }

    public void abortScan() {
        ScanListener listener = scan.getAndSet(null);
        if (listener != null) {
            listener.onErrorOccurred(new CancellationException());
        }
    }

    protected abstract void startScan();

    protected void startScan(String input) {
    }

    protected void stopScan() {
        ScanListener listener = scan.getAndSet(null);
        if (listener != null) {
            listener.onFinished();
        }
    }

    protected void thingDiscovered(final DiscoveryResult discoveryResult) {
        cachedResults.put(discoveryResult.getThingUID(), discoveryResult);
        discoveryListeners.forEach(listener -> listener.thingDiscovered(this, discoveryResult));
    }

    protected void thingRemoved(ThingUID thingUID) {
        cachedResults.remove(thingUID);
        discoveryListeners.forEach(listener -> listener.thingRemoved(this, thingUID));
    }

    protected void deactivate() {
    }

    protected void startBackgroundDiscovery() {
    }

    protected void stopBackgroundDiscovery() {
    }
}
