/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.cli.publish.Broker;
import org.openhab.binding.bmsmain.cli.publish.BrokerException;
import org.openhab.binding.bmsmain.cli.publish.TlsFiles;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options for the broker. User and password come from a file or from the environment: command lines are visible to
 * all users of a machine.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class BrokerOptions {

    static final String USER_VARIABLE = "BMS_MQTT_USER";
    static final String PASSWORD_VARIABLE = "BMS_MQTT_PASSWORD";

    private static final String PLAIN = "mqtt";
    private static final String TLS = "mqtts";
    private static final Map<String, Integer> PORTS = Map.of(PLAIN, 1883, TLS, 8883);
    private static final int MAX_PORT = 65535;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--broker", paramLabel = "URL", required = true, description = "The MQTT broker: "
            + "mqtts://HOST[:8883], or mqtt://HOST[:1883] without encryption.")
    private String broker = "";

    @Option(names = "--ca", paramLabel = "FILE", description = "CA certificates (PEM) for the certificate of the "
            + "broker (default: the CAs that Java trusts).")
    private @Nullable Path ca;

    @Option(names = "--cert", paramLabel = "FILE", description = "Client certificate (PEM), for a broker that requires "
            + "one.")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "Private key of --cert (PEM, PKCS#8, no pass phrase).")
    private @Nullable Path key;

    @Option(names = "--credentials", paramLabel = "FILE", description = "File with the user in the first line and the "
            + "password in the second (default: the environment variables " + USER_VARIABLE + " and "
            + PASSWORD_VARIABLE + ").")
    private @Nullable Path credentials;

    /** Options for secrets, accepted so that their values are not printed, and then refused. */
    @Option(names = { "--user", "--username", "-u", "--password", "-P", "--pw" }, hidden = true, arity = "0..1")
    private @Nullable List<String> secrets;

    /** The broker. @throws ParameterException when an option is invalid */
    Broker broker() {
        require(secrets == null,
                "User and password are not accepted on the command line, where others can see them: "
                        + "use --credentials FILE, or the environment variables " + USER_VARIABLE + " and "
                        + PASSWORD_VARIABLE);
        URI uri;
        try {
            uri = new URI(broker);
        } catch (URISyntaxException e) {
            throw wrong();
        }
        String scheme = uri.getScheme();
        String host = uri.getHost();
        require(uri.getRawUserInfo() == null && !broker.contains("@"),
                "--broker must not contain user or password: use --credentials FILE");
        Integer usual = scheme == null ? null : PORTS.get(scheme);
        boolean isBare = uri.getRawPath() == null || uri.getRawPath().isEmpty() || "/".equals(uri.getRawPath());
        int port = uri.getPort() < 0 && usual != null ? usual : uri.getPort();
        if (usual == null || host == null || !isBare || uri.getRawQuery() != null || port < 1 || port > MAX_PORT) {
            throw wrong();
        }
        boolean isEncrypted = TLS.equals(scheme);
        require(isEncrypted || ca == null && certificate == null && key == null,
                "--ca, --cert and --key require mqtts://");
        require(certificate == null == (key == null), "--cert and --key must be given together");
        List<String> secret = secret();
        try {
            return new Broker(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port,
                    isEncrypted ? TlsFiles.config(ca, certificate, key) : null, secret.isEmpty() ? null : secret.get(0),
                    secret.size() < 2 ? null : secret.get(1).getBytes(StandardCharsets.UTF_8));
        } catch (BrokerException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private ParameterException wrong() {
        return new ParameterException(spec.commandLine(), "--broker must be mqtts://HOST[:PORT] or mqtt://HOST[:PORT]");
    }

    /** User and password, or only the user, or an empty list. */
    private List<String> secret() {
        Path file = credentials;
        if (file == null) {
            @Nullable
            String user = System.getenv(USER_VARIABLE);
            @Nullable
            String password = System.getenv(PASSWORD_VARIABLE);
            require(user != null || password == null, PASSWORD_VARIABLE + " is set, but " + USER_VARIABLE + " is not");
            return user == null ? List.of() : password == null ? List.of(user) : List.of(user, password);
        }
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            require(!lines.isEmpty() && !lines.get(0).isEmpty() && lines.size() <= 2,
                    file + " must contain the user in the first line, the password in the second, and no other line");
            return lines;
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), file + " cannot be read", e);
        }
    }

    private void require(boolean condition, String message) {
        LinkOptions.require(spec, condition, message);
    }
}
