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

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.common.AbstractUID;
import org.openhab.core.common.ThreadPoolManager;
import org.openhab.core.i18n.I18nUtil;
import org.openhab.core.i18n.LocaleProvider;
import org.openhab.core.i18n.TranslationProvider;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.ThingUID;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Base of discovery services: keeps listeners and results, ends a scan after its time, and starts the background
 * search with the component if it is on.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public abstract class AbstractDiscoveryService implements DiscoveryService {

    private final Logger logger = LoggerFactory.getLogger(AbstractDiscoveryService.class);

    protected final ScheduledExecutorService scheduler;

    private final Set<DiscoveryListener> discoveryListeners = new CopyOnWriteArraySet<>();
    private final Map<ThingUID, DiscoveryResult> cachedResults = new ConcurrentHashMap<>();
    private final Set<ThingTypeUID> supportedThingTypes;
    private final int timeout;
    private final @Nullable String scanInputLabel;
    private final @Nullable String scanInputDescription;

    protected @Nullable ScanListener scanListener;
    protected @NonNullByDefault({}) TranslationProvider i18nProvider;
    protected @NonNullByDefault({}) LocaleProvider localeProvider;

    private volatile boolean backgroundDiscoveryEnabled;
    private Instant timestampOfLastScan = Instant.MIN;
    private @Nullable ScheduledFuture<?> scheduledStop;

    /**
     * @param supportedThingTypes the types that can be found
     * @param timeout seconds after which a scan ends, 0 if it ends by itself
     * @param backgroundDiscoveryEnabledByDefault whether the background search is on unless configured
     * @param scanInputLabel label of the text that a scan can be given, null if it takes none
     * @param scanInputDescription description of that text
     * @throws IllegalArgumentException if the timeout is negative
     */
    protected AbstractDiscoveryService(@Nullable Set<ThingTypeUID> supportedThingTypes, int timeout,
            boolean backgroundDiscoveryEnabledByDefault, @Nullable String scanInputLabel,
            @Nullable String scanInputDescription) throws IllegalArgumentException {
        this(ThreadPoolManager.getScheduledPool("discovery"), supportedThingTypes, timeout,
                backgroundDiscoveryEnabledByDefault, scanInputLabel, scanInputDescription);
    }

    protected AbstractDiscoveryService(ScheduledExecutorService scheduler,
            @Nullable Set<ThingTypeUID> supportedThingTypes, int timeout, boolean backgroundDiscoveryEnabledByDefault,
            @Nullable String scanInputLabel, @Nullable String scanInputDescription) throws IllegalArgumentException {
        if (timeout < 0) {
            throw new IllegalArgumentException("Scan timeout: " + timeout);
        }
        this.scheduler = scheduler;
        this.supportedThingTypes = supportedThingTypes == null ? Set.of() : Set.copyOf(supportedThingTypes);
        this.timeout = timeout;
        this.backgroundDiscoveryEnabled = backgroundDiscoveryEnabledByDefault;
        this.scanInputLabel = scanInputLabel;
        this.scanInputDescription = scanInputDescription;
    }

    protected AbstractDiscoveryService(@Nullable Set<ThingTypeUID> supportedThingTypes, int timeout,
            boolean backgroundDiscoveryEnabledByDefault) throws IllegalArgumentException {
        this(supportedThingTypes, timeout, backgroundDiscoveryEnabledByDefault, null, null);
    }

    protected AbstractDiscoveryService(@Nullable Set<ThingTypeUID> supportedThingTypes, int timeout)
            throws IllegalArgumentException {
        this(supportedThingTypes, timeout, true);
    }

    protected AbstractDiscoveryService(int timeout) throws IllegalArgumentException {
        this(null, timeout);
    }

    @Override
    public Set<ThingTypeUID> getSupportedThingTypes() {
        return supportedThingTypes;
    }

    @Override
    public boolean isScanInputSupported() {
        return scanInputLabel != null && scanInputDescription != null;
    }

    @Override
    public @Nullable String getScanInputLabel() {
        return scanInputLabel;
    }

    @Override
    public @Nullable String getScanInputDescription() {
        return scanInputDescription;
    }

    @Override
    public int getScanTimeout() {
        return timeout;
    }

    @Override
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
        scan(null, listener);
    }

    @Override
    public void startScan(String input, @Nullable ScanListener listener) {
        scan(input, listener);
    }

    private void scan(@Nullable String input, @Nullable ScanListener listener) {
        stopScan();
        synchronized (this) {
            cancelStop(false);
            scanListener = listener;
            if (getScanTimeout() > 0) {
                scheduledStop = scheduler.schedule(this::stopScan, getScanTimeout(), TimeUnit.SECONDS);
            }
            timestampOfLastScan = Instant.now();
        }
        try {
            if (input != null && isScanInputSupported()) {
                startScan(input);
            } else {
                startScan();
            }
        } catch (RuntimeException e) {
            synchronized (this) {
                cancelStop(false);
                scanListener = null;
            }
            throw e;
        }
    }

    private void cancelStop(boolean interrupt) {
        ScheduledFuture<?> stop = scheduledStop;
        if (stop != null) {
            stop.cancel(interrupt);
            scheduledStop = null;
        }
    }

    private @Nullable ScanListener takeScanListener() {
        ScanListener listener = scanListener;
        scanListener = null;
        return listener;
    }

    @Override
    public void abortScan() {
        ScanListener listener;
        synchronized (this) {
            cancelStop(true);
            listener = takeScanListener();
        }
        if (listener != null) {
            listener.onErrorOccurred(new CancellationException("Scan has been aborted."));
        }
    }

    /** Starts to search and returns at once. */
    protected abstract void startScan();

    protected void startScan(String input) {
        logger.warn("{} takes no input", getClass().getName());
    }

    /** Called when the time is over; may be called by the service that is done. */
    protected void stopScan() {
        ScanListener listener;
        synchronized (this) {
            listener = takeScanListener();
        }
        if (listener != null) {
            listener.onFinished();
        }
    }

    protected void thingDiscovered(final DiscoveryResult discoveryResult) {
        thingDiscovered(discoveryResult, FrameworkUtil.getBundle(getClass()));
    }

    /**
     * @param discoveryResult what was found; a label <code>@text/key</code> is translated
     * @param bundle the bundle with the texts
     */
    protected void thingDiscovered(final DiscoveryResult discoveryResult, @Nullable Bundle bundle) {
        DiscoveryResult result = getLocalizedDiscoveryResult(discoveryResult, bundle);
        cachedResults.put(result.getThingUID(), result);
        for (DiscoveryListener listener : discoveryListeners) {
            scheduler.execute(() -> tell(listener, to -> to.thingDiscovered(this, result)));
        }
    }

    private void tell(DiscoveryListener listener, Consumer<DiscoveryListener> news) {
        try {
            news.accept(listener);
        } catch (RuntimeException e) {
            logger.error("Listener {} failed", listener.getClass().getName(), e);
        }
    }

    protected void thingRemoved(ThingUID thingUID) {
        discoveryListeners.forEach(listener -> tell(listener, to -> to.thingRemoved(this, thingUID)));
        cachedResults.remove(thingUID);
    }

    protected void deactivate() {
        if (backgroundDiscoveryEnabled) {
            stopBackgroundDiscovery();
        }
    }

    protected void startBackgroundDiscovery() {
    }

    protected void stopBackgroundDiscovery() {
    }

    protected DiscoveryResult getLocalizedDiscoveryResult(final DiscoveryResult discoveryResult,
            @Nullable Bundle bundle) {
        TranslationProvider texts = i18nProvider;
        LocaleProvider language = localeProvider;
        String label = discoveryResult.getLabel();
        if (texts == null || language == null) {
            return discoveryResult;
        }
        String[] keyAndArguments = I18nUtil
                .stripConstantOr(label, () -> "discovery."
                        + discoveryResult.getThingUID().getAsString().replace(AbstractUID.SEPARATOR, ".") + ".label")
                .split("\\s+", 2);
        Object[] arguments = keyAndArguments.length == 1 ? new Object[0]
                : Stream.of(keyAndArguments[1].replaceAll("[\\[\\]\"]", "").split(",")).map(String::trim)
                        .filter(argument -> !argument.isEmpty()).toArray();
        String text = texts.getText(bundle, keyAndArguments[0], label, language.getLocale(), arguments);
        return label.equals(text) ? discoveryResult
                : DiscoveryResultBuilder.create(discoveryResult).withLabel(text).build();
    }
}
