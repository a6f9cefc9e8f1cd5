/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli.publish;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;

import javax.net.ssl.SSLException;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;

/**
 * Address and credentials of a broker.
 *
 * @param tls certificates; null for a connection without TLS
 * @param user name of the user; null for none, or when the certificate identifies the user
 * @param password its password; null for none
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record Broker(String host, int port, @Nullable MqttClientSslConfig tls, @Nullable String user,
        byte @Nullable [] password) {

    private static final int MOST_CAUSES = 10;
    private static final String CLOSED = "the connection was closed";

    /** Host and port, without user and password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }

    /** Why a connection cannot be made, and what to check, as text without secrets. */
    String refusal(Throwable failure) {
        String reason = reason(failure);
        return !CLOSED.equals(reason) ? reason
                : tls == null ? "it closes the connection; does it require TLS (mqtts://)?"
                        : "it closes the connection; does it require a client certificate (--cert, --key)?";
    }

    /** Why a connection was lost, as text without secrets. */
    String reason(Throwable failure) {
        Throwable cause = failure;
        String words = "";
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            String known = words(cause);
            // The inner cause is the better reason.
            words = known.isEmpty() ? words : known;
            cause = cause.getCause();
        }
        return words.isEmpty() ? "it does not respond like an MQTT broker (" + failure.getClass().getSimpleName() + ")"
                : words;
    }

    private String words(Throwable cause) {
        if (cause instanceof Mqtt5ConnAckException refusal) {
            return switch (refusal.getMqttMessage().getReasonCode()) {
                case BAD_USER_NAME_OR_PASSWORD, NOT_AUTHORIZED, BAD_AUTHENTICATION_METHOD ->
                    user == null ? "it requires user and password, or a client certificate"
                            : "it refuses user or password";
                case UNSUPPORTED_PROTOCOL_VERSION -> "it does not support MQTT 5";
                default -> "it refuses the connection: "
                        + refusal.getMqttMessage().getReasonCode().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            };
        } else if (cause instanceof Mqtt5DisconnectException ending) {
            return "it ended the connection: "
                    + ending.getMqttMessage().getReasonCode().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        } else if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return "the host name is unknown";
        } else if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
            return "its certificate is not signed by the given CA, or has expired";
        } else if (cause instanceof CertificateException) {
            return "its certificate is not trusted, or is for another host";
        } else if (cause instanceof SSLException) {
            return certificateWanted(String.valueOf(cause.getMessage()))
                    ? "it requires a client certificate that it trusts (--cert, --key)"
                    : "TLS fails; is this its TLS port?";
        } else if (cause instanceof ConnectException) {
            return String.valueOf(cause.getMessage()).contains("timed out") ? "it does not respond"
                    : "nothing listens on this port";
        } else if (cause instanceof SocketException && String.valueOf(cause.getMessage()).contains("unreachable")) {
            return "the network or host is unreachable";
        }
        String name = cause.getClass().getSimpleName();
        if (cause instanceof IOException || name.endsWith("ConnectionClosedException")) {
            return CLOSED;
        }
        return name.contains("Timeout") ? "it does not respond" : "";
    }

    private static boolean certificateWanted(String alert) {
        return alert.contains("certificate_required") || alert.contains("bad_certificate")
                || alert.contains("unknown_ca") || alert.contains("certificate_unknown");
    }
}
