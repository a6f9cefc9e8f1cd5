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

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Stable names of serial ports, as Linux provides them: by the identity of an adapter, and by the socket that it is
 * plugged into. With other names two batteries could be swapped after a restart.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class PortNames {

    private static final Path FOLDER = Path.of("/dev/serial");
    /** Name by the USB socket of an adapter, which should have a name by its identity as well. */
    private static final Pattern USB_SOCKET = Pattern.compile(".*-usb(v\\d)?-.*");

    private final Path folder;

    public PortNames() {
        this(FOLDER);
    }

    /** Uses another folder of links; for tests. */
    public PortNames(Path folder) {
        this.folder = folder;
    }

    /** One name for each port that has any, those by identity before those by socket. */
    public List<String> all() {
        return Stream.concat(links("by-id").keySet().stream(), links("by-path").keySet().stream()).map(this::stable)
                .distinct().sorted().toList();
    }

    /** Stable name of a port; the same name when there is none, or when it is already a link. */
    public String stable(String port) {
        if (!real(port).equals(port)) {
            return port;
        }
        Map<String, String> adapters = links("by-id");
        Map<String, String> sockets = links("by-path");
        // Adapters without a serial number share one name, which leads to any of them; the others have only a socket.
        boolean shared = sockets.entrySet().stream().anyMatch(
                socket -> !adapters.containsKey(socket.getKey()) && USB_SOCKET.matcher(socket.getValue()).matches());
        String socket = sockets.getOrDefault(port, port);
        return shared ? socket : adapters.getOrDefault(port, socket);
    }

    /** Name of a port with all links resolved; the same name when the port does not exist. */
    public static String real(String port) {
        try {
            return real(Path.of(port).toRealPath().toString(), File.separatorChar);
        } catch (IOException | InvalidPathException e) {
            return real(port, File.separatorChar);
        }
    }

    /** Windows treats COM3, com3 and \\.\COM3 as one port; macOS has /dev/tty.x and /dev/cu.x for each. */
    static String real(String port, char separator) {
        return separator == '\\' ? port.replaceFirst("^" + Pattern.quote("\\\\.\\"), "").toUpperCase(Locale.ROOT)
                : port.replaceFirst("^/dev/tty\\.", "/dev/cu.");
    }

    /** Links of a kind by the real names of their ports; of several to one port, the first by name. */
    private Map<String, String> links(String kind) {
        Map<String, String> links = new TreeMap<>();
        try (Stream<Path> found = Files.list(folder.resolve(kind))) {
            found.map(Path::toString).sorted().forEach(link -> links.putIfAbsent(real(link), link));
        } catch (IOException e) {
            // Other systems have no such folder, and Linux has none while no adapter is plugged in.
        }
        return links;
    }
}
