/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.discovery;

import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.*;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.config.ConfigReader;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusLineFactory;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusScan;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusScan.ScanResult;
import org.openhab.binding.bmsmain.internal.diagnosis.Progress;
import org.openhab.binding.bmsmain.internal.transport.PortNames;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialTransport;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.core.config.discovery.AbstractDiscoveryService;
import org.openhab.core.config.discovery.DiscoveryResultBuilder;
import org.openhab.core.config.discovery.DiscoveryService;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingRegistry;
import org.openhab.core.thing.ThingUID;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Discovers boards on serial ports when a user starts a scan. There is no background discovery: unexpected bytes can
 * disturb devices on a port. Ports named in the configuration of any Thing are skipped, and so are ports in use by
 * another program.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Component(service = DiscoveryService.class, configurationPid = "discovery.bmsmain")
public class BoardDiscovery extends AbstractDiscoveryService {

    private static final int LONGEST_SECONDS = 60;
    private static final int TIME_TO_LIVE_SECONDS = 600;
    private static final int STANDARD_BAUD_RATE = 9600;
    /** Maximum wait for the end of the scan thread; covers the response timeout of a device. */
    private static final long LONGEST_END_MILLIS = 2_000;

    private final Logger logger = LoggerFactory.getLogger(BoardDiscovery.class);
    private final ThingRegistry things;
    private final Supplier<List<String>> ports;
    private final PortNames names;
    private final Ticker ticker;
    private final ModbusLineFactory wires;
    private volatile @Nullable Thread running;

    @Activate
    public BoardDiscovery(@Reference ThingRegistry things) {
        this(things, Ticker.system());
    }

    private BoardDiscovery(ThingRegistry things, Ticker ticker) {
        this(things, SerialTransport::ports, new PortNames(), ticker, ModbusLineFactory.system(ticker));
    }

    BoardDiscovery(ThingRegistry things, Supplier<List<String>> ports, PortNames names, Ticker ticker,
            ModbusLineFactory wires) {
        super(Set.of(THING_TYPE_SERIAL), LONGEST_SECONDS, false, "@text/discovery.port.label",
                "@text/discovery.port.description");
        this.things = things;
        this.ports = ports;
        this.names = names;
        this.ticker = ticker;
        this.wires = wires;
    }

    @Override
    protected void startScan() {
        start("");
    }

    @Override
    protected void startScan(String input) {
        start(input.strip());
    }

    private void start(String port) {
        Thread thread = new Thread(() -> scan(port.isEmpty() ? ports.get() : List.of(port)), "bmsmain-discovery");
        thread.setDaemon(true);
        running = thread;
        thread.start();
    }

    @Override
    protected void stopScan() {
        end();
        super.stopScan();
    }

    @Override
    public void abortScan() {
        end();
        super.abortScan();
    }

    private @Nullable Thread end() {
        Thread thread = running;
        running = null;
        if (thread != null) {
            thread.interrupt();
        }
        return thread;
    }

    /** Waits for the scan to end: the next version of this bundle may start immediately, and needs the ports. */
    @Override
    protected void deactivate() {
        Thread thread = end();
        super.deactivate();
        try {
            if (thread != null) {
                thread.join(LONGEST_END_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void scan(List<String> places) {
        Set<String> taken = takenPorts();
        for (String port : places) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            if (!taken.contains(PortNames.real(port))) {
                logger.debug("looking for boards on {}", port);
                ModbusScan scan = new ModbusScan(wires, ticker, ModbusScan.STANDARD_TIMEOUT, Progress.NONE);
                scan.serialAtStandardAddress(port);
                logger.debug("{}: found {}, other masters {}, failure {}", port, scan.found(), scan.heardAddresses(),
                        scan.failure());
                scan.found().stream().filter(ScanResult::isBoard).forEach(this::tell);
            }
        }
        if (Thread.currentThread().equals(running)) {
            running = null;
            super.stopScan();
        }
    }

    /** All texts in the configurations of all Things that may name a port, including Things of other bindings. */
    private Set<String> takenPorts() {
        Set<String> taken = new HashSet<>();
        for (Thing thing : things.getAll()) {
            ConfigReader.ofStored(thing.getConfiguration()).texts().forEach(text -> taken.add(PortNames.real(text)));
        }
        return taken;
    }

    private void tell(ScanResult found) {
        SerialSettings serial = found.parameters().serial();
        if (serial == null) {
            return;
        }
        // Port numbers are assigned in the order of detection, and may change at a restart.
        String port = names.stable(serial.port());
        int address = found.parameters().address();
        Map<String, Object> properties = new HashMap<>();
        properties.put("port", port);
        properties.put("address", address);
        if (serial.baudRate() != STANDARD_BAUD_RATE) {
            properties.put("baudRate", serial.baudRate());
        }
        properties.put(PROPERTY_BUS_ADDRESS, busAddress(port, address));
        ThingUID uid = new ThingUID(THING_TYPE_SERIAL, foundId(port, address));
        thingDiscovered(DiscoveryResultBuilder.create(uid).withProperties(properties)
                .withRepresentationProperty(PROPERTY_BUS_ADDRESS).withTTL(TIME_TO_LIVE_SECONDS)
                .withLabel("BMS Main 2.1 (" + port + ", " + address + ")").build());
    }
}
