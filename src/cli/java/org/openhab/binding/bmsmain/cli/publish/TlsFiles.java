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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientSslConfigBuilder;

/**
 * Certificates and keys in PEM files, as OpenSSL makes them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class TlsFiles {

    private static final int HANDSHAKE_SECONDS = 10;
    private static final Pattern PEM = Pattern.compile("(?s)-----BEGIN ([A-Z ]*PRIVATE) KEY-----(.*?)-----END");
    private static final String PKCS8 = "PRIVATE";
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    private TlsFiles() {
    }

    /**
     * Creates the TLS configuration.
     *
     * @param ca certificates of the CAs that sign brokers; null = those that Java trusts
     * @param certificate client certificate, followed by the intermediate ones; null = none
     * @param key its private key, PKCS#8 without a pass phrase
     * @throws BrokerException with the file that cannot be used
     */
    public static MqttClientSslConfig config(@Nullable Path ca, @Nullable Path certificate, @Nullable Path key)
            throws BrokerException {
        MqttClientSslConfigBuilder builder = MqttClientSslConfig.builder().handshakeTimeout(HANDSHAKE_SECONDS,
                TimeUnit.SECONDS);
        try {
            if (ca != null) {
                KeyStore trusted = empty();
                int number = 0;
                for (Certificate each : certificates(ca)) {
                    trusted.setCertificateEntry("ca-" + number++, each);
                }
                TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                trust.init(trusted);
                builder.trustManagerFactory(trust);
            }
            if (certificate != null && key != null) {
                KeyStore own = empty();
                own.setKeyEntry("client", privateKey(key), new char[0],
                        certificates(certificate).toArray(Certificate[]::new));
                KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(own, new char[0]);
                builder.keyManagerFactory(keys);
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new BrokerException("These certificates cannot be used: " + e.getClass().getSimpleName());
        }
        return builder.build();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file) throws BrokerException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new BrokerException(file + " contains no certificate");
            }
            return certificates;
        } catch (IOException e) {
            throw new BrokerException(file + " cannot be read");
        } catch (GeneralSecurityException e) {
            throw new BrokerException(file + " is not a file of certificates (PEM)");
        }
    }

    private static PrivateKey privateKey(Path file) throws BrokerException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new BrokerException(file + " cannot be read");
        }
        Matcher pem = PEM.matcher(text);
        if (!pem.find()) {
            throw new BrokerException(file + " contains no private key (PEM)");
        } else if (!PKCS8.equals(pem.group(1))) {
            throw new BrokerException(file + " is not a PKCS#8 key without a pass phrase. To convert it: "
                    + "openssl pkcs8 -topk8 -nocrypt -in FILE -out NEW");
        }
        byte[] bytes;
        try {
            bytes = Base64.getMimeDecoder().decode(pem.group(2));
        } catch (IllegalArgumentException e) {
            throw new BrokerException(file + " is damaged");
        }
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
            } catch (GeneralSecurityException e) {
                // Not a key of this type.
            }
        }
        throw new BrokerException(file + " contains a key of an unknown type: RSA, EC and Ed25519 are supported");
    }
}
