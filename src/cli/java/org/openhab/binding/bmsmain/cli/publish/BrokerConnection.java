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

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.bus.Backoff;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

import com.hivemq.client.mqtt.MqttClientExecutorConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfigBuilder;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuth;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishBuilder;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;

import io.reactivex.schedulers.Schedulers;

/**
 * The connection of one device to the broker. Homie needs one per device, because a connection has only one last will.
 * <p>
 * Messages are not queued without a connection: the listener is notified of the next connection, and publishes
 * everything again. Sessions are never resumed, so the broker keeps no commands either. For the given thread only,
 * which also calls the listener.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class BrokerConnection {

    /** Name of the user property with the time at which a value was read or a command was given (ISO 8601). */
    static final String TIME = "time";
    /** Commands that may be older are refused. */
    static final long COMMAND_AGE_NANOS = 5_000_000_000L;

    /** Maximum number of messages without acknowledgement. */
    private static final int WINDOW = 64;
    private static final int CONNECT_SECONDS = 10;
    private static final int KEEP_ALIVE_SECONDS = 20;
    /** A connection that lasted this long resets the back-off. */
    private static final long GOOD_NANOS = 30_000_000_000L;

    /** The owner of the connection. */
    interface Listener {
        /** The connection was made; the broker may have no values, or outdated ones. */
        void connected();

        /** A message was published on a subscribed topic. */
        void command(Incoming command);
    }

    /**
     * A message from the broker.
     *
     * @param isRetained whether the broker retained it, or was asked to
     * @param given time at which it was given, if its sender provides it; null otherwise
     * @param isFresh whether it certainly was not delayed by more than {@link #COMMAND_AGE_NANOS}
     */
    record Incoming(String topic, String payload, boolean isRetained, @Nullable Instant given, boolean isFresh) {
    }

    private final String device;
    private final Broker broker;
    private final BrokerLog log;
    private final ScheduledExecutorService thread;
    private final Ticker ticker;
    private final Mqtt5AsyncClient client;
    private final Mqtt5Connect connect;
    private final List<String> subscriptions;
    private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private final Outbox outbox = new Outbox();
    private @Nullable Listener listener;
    private boolean connected;
    private boolean closed;
    private boolean refusalTold;
    private int onTheWay;
    private long generation;
    private long attempted;
    private long made;
    private long sent;
    private long proof;

    /**
     * @param device ID of the device, part of the client ID
     * @param will message that the broker publishes when the connection breaks
     * @param subscriptions topics of commands
     */
    BrokerConnection(String device, Broker broker, Message will, List<String> subscriptions, BrokerLog log,
            ScheduledExecutorService thread, Ticker ticker) {
        this.device = device;
        this.broker = broker;
        this.subscriptions = subscriptions;
        this.log = log;
        this.thread = thread;
        this.ticker = ticker;
        this.client = client("bmsmain-" + device);
        Mqtt5ConnectBuilder builder = Mqtt5Connect.builder().cleanStart(true).keepAlive(KEEP_ALIVE_SECONDS)
                .willPublish(publish(will));
        String user = broker.user();
        byte[] password = broker.password();
        if (user != null) {
            Mqtt5SimpleAuthBuilder.Complete auth = Mqtt5SimpleAuth.builder().username(user);
            builder.simpleAuth((password == null ? auth : auth.password(password)).build());
        }
        this.connect = builder.build();
    }

    private Mqtt5AsyncClient client(String id) {
        MqttClientTransportConfigBuilder transport = MqttClientTransportConfig.builder().serverHost(broker.host())
                .serverPort(broker.port()).socketConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                .mqttConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS);
        if (broker.tls() != null) {
            transport.sslConfig(broker.tls());
        }
        return Mqtt5Client.builder().identifier(id).transportConfig(transport.build())
                .executorConfig(MqttClientExecutorConfig.builder().nettyThreads(1)
                        .applicationScheduler(Schedulers.from(thread)).build())
                .addDisconnectedListener(context -> thread.execute(() -> lost(context.getCause()))).buildAsync();
    }

    void listen(Listener whose) {
        listener = whose;
    }

    /**
     * Connects once. If that succeeds, a connection that is lost later is retried without limit.
     *
     * @return completes when connected; exceptionally, with a {@link BrokerException}, when it failed
     */
    CompletableFuture<@Nullable Void> openOnce() {
        CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
        thread.execute(() -> attempt(reason -> first.completeExceptionally(new BrokerException(reason)),
                () -> first.complete(null)));
        return first;
    }

    /** Connects, with retries without limit. */
    void open() {
        thread.execute(this::again);
    }

    private void again() {
        attempt(this::retry, () -> {
        });
    }

    private void attempt(Consumer<String> failed, Runnable succeeded) {
        if (closed) {
            return;
        }
        attempted = ticker.nanos();
        client.connect(connect).whenCompleteAsync((ack, failure) -> {
            if (failure != null) {
                failed.accept(broker.refusal(failure));
            } else if (client.getState().isConnected()) {
                begin();
                succeeded.run();
            } else {
                failed.accept("it closed the connection immediately");
            }
        }, thread);
    }

    private void begin() {
        connected = true;
        generation++;
        onTheWay = 0;
        outbox.clear();
        made = ticker.nanos();
        proof = attempted;
        subscriptions.forEach(this::subscribe);
        log.back(device);
        Listener whose = listener;
        if (whose != null && !closed) {
            whose.connected();
        }
    }

    private void subscribe(String topic) {
        client.subscribe(Mqtt5Subscribe.builder()
                .addSubscription(Mqtt5Subscription.builder().topicFilter(topic).qos(MqttQos.AT_LEAST_ONCE)
                        .retainAsPublished(true).build())
                .build(), this::received, thread).whenCompleteAsync((ack, failure) -> {
                    if (failure != null && connected) {
                        refused("the broker rejects the subscription to " + topic + ": check its access list");
                    }
                }, thread);
    }

    private void received(Mqtt5Publish publish) {
        Listener whose = listener;
        if (whose != null && !closed) {
            whose.command(new Incoming(publish.getTopic().toString(),
                    new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8), publish.isRetain(), given(publish),
                    ticker.nanos() - proof <= COMMAND_AGE_NANOS));
        }
    }

    /** A time that cannot be parsed counts as long ago. */
    private static @Nullable Instant given(Mqtt5Publish publish) {
        for (Mqtt5UserProperty property : publish.getUserProperties().asList()) {
            if (property != null && TIME.equals(property.getName().toString())) {
                try {
                    return Instant.parse(property.getValue().toString());
                } catch (DateTimeException e) {
                    return Instant.EPOCH;
                }
            }
        }
        return null;
    }

    private void lost(Throwable cause) {
        if (connected) {
            connected = false;
            outbox.clear();
            retry(broker.reason(cause));
        }
    }

    private void retry(String reason) {
        if (closed) {
            return;
        }
        log.lost(device, reason);
        if (made != 0 && ticker.nanos() - made > GOOD_NANOS) {
            backoff.reset();
        }
        made = 0;
        thread.schedule(this::again, backoff.next(), TimeUnit.NANOSECONDS);
    }

    boolean isConnected() {
        return connected;
    }

    /** Whether no message is pending: all were acknowledged, or there is no connection. */
    boolean isIdle() {
        return !connected || onTheWay == 0 && outbox.size() == 0;
    }

    /** Time since the last message was sent, in nanoseconds. */
    long quietNanos() {
        return ticker.nanos() - sent;
    }

    /** Sends a message as soon as possible; without a connection it is dropped. */
    void send(Message message) {
        if (connected) {
            outbox.put(message);
            pump();
        }
    }

    private void pump() {
        while (connected && onTheWay < WINDOW) {
            Message message = outbox.take();
            if (message == null) {
                return;
            }
            onTheWay++;
            sent = ticker.nanos();
            long at = sent;
            long mine = generation;
            client.publish(publish(message)).whenCompleteAsync((result, failure) -> arrived(message, mine, at, failure),
                    thread);
        }
    }

    private void arrived(Message message, long ofGeneration, long at, @Nullable Throwable failure) {
        if (ofGeneration != generation || !connected) {
            return;
        }
        onTheWay--;
        if (failure == null) {
            // Messages that the broker sends after this acknowledgement are newer than the acknowledged message.
            proof = Math.max(proof, at);
        } else if (inner(failure) instanceof Mqtt5PubAckException) {
            proof = Math.max(proof, at);
            refused("the broker rejects " + message.topic() + ": check its access list");
        }
        pump();
    }

    private static Throwable inner(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private void refused(String words) {
        if (!refusalTold) {
            refusalTold = true;
            log.say(device, words);
        }
    }

    /** Closes the connection without the last will. */
    CompletableFuture<@Nullable Void> close() {
        closed = true;
        boolean open = connected;
        connected = false;
        return open ? client.disconnect().thenApply(nothing -> null) : CompletableFuture.completedFuture(null);
    }

    private static Mqtt5Publish publish(Message message) {
        Mqtt5PublishBuilder.Complete builder = Mqtt5Publish.builder().topic(message.topic()).qos(MqttQos.AT_LEAST_ONCE)
                .retain(true).payload(message.payload().getBytes(StandardCharsets.UTF_8));
        if (message.lifeSeconds() > 0) {
            builder.messageExpiryInterval(message.lifeSeconds());
        }
        Instant time = message.time();
        if (time != null) {
            builder.userProperties(Mqtt5UserProperties.of(Mqtt5UserProperty.of(TIME, time.toString())));
        }
        return builder.build();
    }
}
