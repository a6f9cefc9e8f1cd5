/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.link.FailureCause;
import org.openhab.binding.bmsmain.internal.link.LinkException;
import org.openhab.binding.bmsmain.internal.link.Ticker;

/**
 * SocketCAN where there may be none: errors of the kernel are causes, never exceptions of a library.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class SocketCanAdapterTest {

    /** The numbers of {@code errno} on Linux. */
    @ParameterizedTest
    @CsvSource({ "97, NO_CAN", "93, NO_CAN", "100, INTERFACE_DOWN", "19, PORT_MISSING", "1, NO_PERMISSION",
            "13, NO_PERMISSION", "5, CONNECTION_LOST" })
    void errorsOfTheKernelAreCauses(int errno, FailureCause cause) {
        assertEquals(cause, SocketCanAdapter.causeOf(errno));
    }

    /** A kernel without CAN says so at the first call; one with CAN has no interface of that name. */
    @Test
    void aMissingInterfaceOrKernelModuleIsACause() throws IOException {
        LinkException e = assertThrows(LinkException.class,
                () -> CanLine.socketCan("bmsnone0", false, Ticker.system()).open());
        assertTrue(e.isSessionLost());
        boolean linux = System.getProperty("os.name", "").startsWith("Linux");
        boolean can = linux && Files.readString(Path.of("/proc/net/protocols")).contains("CAN");
        assertEquals(can ? FailureCause.PORT_MISSING : FailureCause.NO_CAN, e.failure().cause());
        assertEquals(can ? "" : linux ? "AF_CAN" : "Linux", e.failure().detail());
    }

    @Test
    void closingTwiceIsNothing() throws LinkException {
        assumeTrue(System.getProperty("os.name", "").startsWith("Linux"));
        SocketCanAdapter adapter = new SocketCanAdapter("bmsnone0", false, Ticker.system());
        adapter.close();
        adapter.close();
        LinkException e = assertThrows(LinkException.class, () -> adapter.receive(new CanFrame(), 0));
        assertEquals(FailureCause.CONNECTION_LOST, e.failure().cause());
    }

    /** openHAB may lack JNA: its import is optional. */
    @Test
    void withoutJnaOnlySocketCanIsMissing() throws ReflectiveOperationException, IOException {
        URL classes = CanLine.class.getProtectionDomain().getCodeSource().getLocation();
        ClassLoader parent = CanLine.class.getClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] { classes }, parent) {
            @Override
            protected Class<?> loadClass(@Nullable String name, boolean resolve) throws ClassNotFoundException {
                String wanted = String.valueOf(name);
                if (wanted.startsWith("com.sun.jna")) {
                    throw new ClassNotFoundException(wanted);
                }
                if (wanted.startsWith("org.openhab.binding.bmsmain.internal.canopen.")) {
                    Class<?> loaded = findLoadedClass(wanted);
                    return loaded != null ? loaded : findClass(wanted);
                }
                return super.loadClass(wanted, resolve);
            }
        }) {
            Class<?> line = loader.loadClass(CanLine.class.getName());
            Object socketCan = Objects
                    .requireNonNull(line.getMethod("socketCan", String.class, boolean.class, Ticker.class).invoke(line,
                            "can0", false, Ticker.system()));
            Exception e = assertThrows(ReflectiveOperationException.class,
                    () -> line.getMethod("open").invoke(socketCan));
            LinkException cause = assertInstanceOf(LinkException.class, e.getCause());
            assertEquals(FailureCause.NO_CAN, cause.failure().cause());
            assertEquals("JNA", cause.failure().detail());
        }
    }
}
