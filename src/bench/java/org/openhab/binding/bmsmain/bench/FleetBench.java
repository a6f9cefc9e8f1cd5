/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.bench;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.TrustManagerFactory;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openhab.binding.bmsmain.cli.Bms;
import org.openhab.binding.bmsmain.peer.Mosquitto;
import org.openhab.binding.bmsmain.peer.Wait;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;

/**
 * One collector ({@code bms publish} in its own process), one broker with TLS, and boards on Modbus TCP that are
 * read every second. Measures the cost, and the latency from the reading of a value to a subscriber.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(600)
class FleetBench {

    private static final int SECONDS = 30;
    private static final int SETTLE_SECONDS = 15;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void fleet() throws Exception {
        Page page = new Page("fleet");
        page.head("boards", "JVM flags", "CPU of the collector, % of a core", "CPU of mosquitto, %",
                "memory of the collector (VmHWM), MiB", "threads", "messages per second",
                "from reading to subscriber: median, ms", "99 %, ms", "worst, ms");
        measure(page, 10, "-Xms8m -Xmx16m -Xss256k -XX:-UsePerfData");
        measure(page, 200, "-Xmx96m -Xss256k -XX:-UsePerfData");
        page.publish();
    }

    private void measure(Page page, int count, String flags) throws Exception {
        List<Twin> twins = new ArrayList<>();
        Path place = Files.createDirectories(folder.resolve("of-" + count));
        Process collector = null;
        try (Mosquitto broker = Mosquitto.start(place, "")) {
            StringBuilder boards = new StringBuilder("boards:\n");
            for (int i = 0; i < count; i++) {
                Twin twin = Twin.tcp(0, new TwinBoard());
                twins.add(twin);
                boards.append("  - name: board-").append(i).append("\n    tcp: 127.0.0.1:").append(twin.port())
                        .append('\n');
            }
            Files.writeString(place.resolve("boards.yaml"), boards);
            collector = collector(broker, place, flags);
            long pid = collector.pid();
            Subscriber subscriber = new Subscriber(broker);
            Wait.until("the first boards are there", () -> !subscriber.ready.isEmpty());
            for (int i = 0; i < 10 && subscriber.ready.size() < count; i++) {
                TimeUnit.SECONDS.sleep(10);
            }
            if (subscriber.ready.size() < count) {
                throw new IllegalStateException("only " + subscriber.ready.size() + " boards are ready");
            }
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            subscriber.begin();
            long begun = System.nanoTime();
            long cpu = cpuNanos(pid);
            long brokerCpu = cpuNanos(broker.pid());
            TimeUnit.SECONDS.sleep(SECONDS);
            double seconds = (System.nanoTime() - begun) / 1e9;
            List<Long> delays = subscriber.end();
            double share = (cpuNanos(pid) - cpu) / 1e7 / seconds;
            double brokerShare = (cpuNanos(broker.pid()) - brokerCpu) / 1e7 / seconds;
            page.row(Integer.toString(count), "`" + flags + "`", Page.number(share, 1), Page.number(brokerShare, 1),
                    Page.number(status(pid, "VmHWM") / 1024.0, 1), Long.toString(status(pid, "Threads")),
                    Page.number(subscriber.messages.get() / seconds, 0), quantile(delays, 0.5), quantile(delays, 0.99),
                    quantile(delays, 1));
            subscriber.close();
        } finally {
            if (collector != null) {
                collector.destroyForcibly();
            }
            twins.forEach(Twin::close);
        }
    }

    private static String quantile(List<Long> sorted, double share) {
        return sorted.isEmpty() ? "" : Long.toString(sorted.get((int) Math.round((sorted.size() - 1) * share)));
    }

    private static Process collector(Mosquitto broker, Path place, String flags) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(String.valueOf(System.getProperty("java.home")), "bin/java").toString()));
        command.addAll(List.of(flags.split(" ")));
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
                String.valueOf(System.getProperty("java.class.path")), Bms.class.getName(), "publish", "--boards",
                place.resolve("boards.yaml").toString(), "--broker", "mqtts://localhost:" + broker.port(), "--ca",
                broker.file("ca.crt"), "--credentials", broker.file("root.cred"), "--homie", "--homeassistant"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(Redirect.to(place.resolve("log").toFile()));
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        return builder.start();
    }

    private static long cpuNanos(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration()).orElse(Duration.ZERO)
                .toNanos();
    }

    private static long status(long pid, String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith(name + ":")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no " + name);
    }

    /** Receives all messages and compares the time of each reading with the clock. */
    private static final class Subscriber {
        private final Set<String> ready = ConcurrentHashMap.newKeySet();
        private final AtomicLong messages = new AtomicLong();
        private final Mqtt5AsyncClient client;
        private volatile List<Long> delays = Collections.synchronizedList(new ArrayList<>());

        Subscriber(Mosquitto broker) throws Exception {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            try (InputStream in = Files.newInputStream(Path.of(broker.file("ca.crt")))) {
                trusted.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            client = Mqtt5Client.builder().identifier("bench").serverHost(Mosquitto.HOST).serverPort(broker.port())
                    .sslConfig(MqttClientSslConfig.builder().trustManagerFactory(trust).build()).buildAsync();
            client.connectWith().simpleAuth().username("root")
                    .password(Mosquitto.secret("root").getBytes(StandardCharsets.UTF_8)).applySimpleAuth().send()
                    .get(10, TimeUnit.SECONDS);
            client.subscribeWith().topicFilter("homie/#").callback(this::heard).send().get(10, TimeUnit.SECONDS);
        }

        private void heard(Mqtt5Publish message) {
            String topic = message.getTopic().toString();
            messages.incrementAndGet();
            if (topic.endsWith("/$state") && topic.contains("/board-")
                    && "ready".equals(new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8))) {
                ready.add(topic);
            } else if (topic.endsWith("/battery/current") && !message.isRetain()) {
                for (Mqtt5UserProperty property : message.getUserProperties().asList()) {
                    delays.add(
                            Duration.between(Instant.parse(property.getValue().toString()), Instant.now()).toMillis());
                }
            }
        }

        void begin() {
            messages.set(0);
            delays = Collections.synchronizedList(new ArrayList<>());
        }

        List<Long> end() {
            List<Long> heard = new ArrayList<>(delays);
            Collections.sort(heard);
            return heard;
        }

        void close() {
            client.disconnect();
        }
    }
}
