/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which name of a port refers to the same adapter after a restart.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class PortNamesTest {

    private static final String FTDI = "by-id/usb-FTDI_FT232R_A50285BI-if00-port0";
    private static final String CHEAP = "by-id/usb-1a86_USB_Serial-if00-port0";
    private static final String LEFT = "by-path/pci-0000:00:14.0-usb-0:1:1.0-port0";
    private static final String RIGHT = "by-path/pci-0000:00:14.0-usb-0:2:1.0-port0";

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void nameWithoutLinks() throws IOException {
        folder = folder.toRealPath();
    }

    @Test
    void anAdapterIsCalledWhatItIs() throws IOException {
        String port = port("ttyUSB0", FTDI, LEFT);
        assertEquals(link(FTDI), names().stable(port));
        assertEquals(List.of(link(FTDI)), names().all());
    }

    /** Two adapters without serial numbers share one name, which leads to either of them. */
    @Test
    void adaptersThatShareANameAreCalledByTheirSockets() throws IOException {
        String left = port("ttyUSB0", LEFT);
        String right = port("ttyUSB1", CHEAP, RIGHT);
        assertEquals(link(LEFT), names().stable(left));
        assertEquals(link(RIGHT), names().stable(right));
        assertEquals(List.of(link(LEFT), link(RIGHT)), names().all());
    }

    /** An on-board port is not an adapter, and hides no name of one. */
    @Test
    void aPortWithoutAnAdapterIsCalledByItsSocket() throws IOException {
        String soldered = port("ttyAMA0", "by-path/platform-fe201000.serial");
        String adapter = port("ttyUSB0", FTDI, LEFT);
        assertEquals(link("by-path/platform-fe201000.serial"), names().stable(soldered));
        assertEquals(link(FTDI), names().stable(adapter));
    }

    /** Newer systems name a socket twice. */
    @Test
    void ofTwoNamesOfASocketTheFirstIsTaken() throws IOException {
        String port = port("ttyUSB0", LEFT.replace("usb-", "usbv2-"), LEFT);
        assertEquals(link(LEFT), names().stable(port));
    }

    @Test
    void aPortWithoutALinkKeepsItsName() throws IOException {
        port("ttyUSB0", FTDI);
        assertEquals(port("ttyS0"), names().stable(folder.resolve("ttyS0").toString()));
        assertEquals("COM3", names().stable("COM3"));
        assertEquals("no\0path", names().stable("no\0path"));
        assertEquals(List.of(), new PortNames(folder.resolve("elsewhere")).all());
    }

    /** A name from a udev rule, or of a socket, was chosen deliberately. */
    @Test
    void aLinkThatSomebodyChoseIsKept() throws IOException {
        port("ttyUSB0", FTDI, LEFT, "rs485-cellar");
        assertEquals(link("rs485-cellar"), names().stable(link("rs485-cellar")));
        assertEquals(link(LEFT), names().stable(link(LEFT)));
        assertEquals(folder.resolve("ttyUSB0").toString(), PortNames.real(link("rs485-cellar")));
    }

    @ParameterizedTest
    @CsvSource({ "COM3, \\, COM3", "com3, \\, COM3", "\\\\.\\COM12, \\, COM12", "/dev/ttyUSB0, /, /dev/ttyUSB0",
            "/dev/tty.usbserial-1, /, /dev/cu.usbserial-1", "/dev/cu.usbserial-1, /, /dev/cu.usbserial-1" })
    void namesOfOnePortOnOtherSystems(String port, char separator, String real) {
        assertEquals(real, PortNames.real(port, separator));
    }

    private PortNames names() {
        return new PortNames(folder.resolve("serial"));
    }

    private String port(String name, String... links) throws IOException {
        Path port = Files.createFile(folder.resolve(name));
        for (String link : links) {
            Path path = Path.of(link(link));
            Files.createDirectories(path.resolveSibling(""));
            Files.createSymbolicLink(path, port);
        }
        return port.toString();
    }

    private String link(String name) {
        return folder.resolve("serial").resolve(name).toString();
    }
}
