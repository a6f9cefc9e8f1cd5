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

import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.cli.publish.Property.Datatype;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/**
 * The discovery message of Home Assistant for a device: one message with all entities, supported since 2024.11. The
 * entities read the topics of Homie.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class HomeAssistant {

    private static final String PREFIX = "bmsmain-";
    private static final String MANUFACTURER = "Movicom Electric";
    private static final String SUPPORT = "https://github.com/bmsmain/openhab-binding-bmsmain";
    /** Home Assistant ignores an empty payload and keeps the old value; "None" sets the state to unknown. */
    private static final String VALUE = "{{ value if value else 'None' }}";
    /** A state of Home Assistant has at most 255 characters. */
    private static final String TEXT = "{{ value[:255] if value else 'None' }}";
    private static final String READY = "{{ 'online' if value == 'ready' else 'offline' }}";
    private static final String MEASUREMENT = "measurement";
    private static final String TOTAL = "total_increasing";
    /** Counters that only increase, and may start again at zero. */
    private static final Set<String> COUNTERS = Set.of("energy#charged-energy", "energy#discharged-energy",
            "energy#charged-energy-today", "energy#discharged-energy-today", "energy#charge-in", "energy#charge-out",
            "energy#equivalent-full-cycles", "history#full-charges", "history#fault-count", "link#requests",
            "link#failed-requests", "link#rejected-values", "link#reconnects");

    private HomeAssistant() {
    }

    /** Topic of the discovery message. */
    static String topic(String prefix, String id) {
        return prefix + "/device/" + PREFIX + id + "/config";
    }

    /**
     * Creates the discovery message.
     *
     * @param collector device that reads the board; null when the device is the collector itself
     * @param lifeSeconds time without a message after which a value expires, in seconds
     * @param hardware hardware version of the board; empty when unknown
     * @param firmware firmware version of the board; empty when unknown
     */
    static JsonObject message(Description device, @Nullable Description collector, long lifeSeconds, String version,
            String hardware, String firmware) {
        JsonObject about = new JsonObject();
        about.add("identifiers", array(PREFIX + device.id()));
        about.addProperty("name", device.label());
        about.addProperty("manufacturer", MANUFACTURER);
        about.addProperty("model", device.model());
        if (!hardware.isEmpty()) {
            about.addProperty("hw_version", hardware);
        }
        if (!firmware.isEmpty()) {
            about.addProperty("sw_version", firmware);
        }
        if (collector != null) {
            about.addProperty("via_device", PREFIX + collector.id());
        }
        JsonObject origin = new JsonObject();
        origin.addProperty("name", "bms publish");
        origin.addProperty("sw_version", version);
        origin.addProperty("support_url", SUPPORT);
        JsonArray availability = new JsonArray();
        availability.add(availability(device));
        JsonArray ofCollector = new JsonArray();
        if (collector != null) {
            availability.add(availability(collector));
            ofCollector.add(availability(collector));
        }
        JsonObject entities = new JsonObject();
        for (Property property : device.properties()) {
            // The journal is too long for a state.
            if (property.point() != Catalogue.JOURNAL) {
                JsonObject entity = entity(device, property, lifeSeconds);
                if (collector != null && staysWithoutLink(property)) {
                    entity.add("availability", ofCollector);
                }
                entities.add(property.node() + "-" + property.id(), entity);
            }
        }
        JsonObject message = new JsonObject();
        message.add("device", about);
        message.add("origin", origin);
        message.add("availability", availability);
        message.addProperty("availability_mode", "all");
        message.addProperty("qos", 1);
        message.add("components", entities);
        return message;
    }

    private static JsonObject availability(Description device) {
        JsonObject availability = new JsonObject();
        availability.addProperty("topic", device.stateTopic());
        availability.addProperty("value_template", READY);
        return availability;
    }

    private static JsonArray array(String... words) {
        JsonArray array = new JsonArray();
        for (String word : words) {
            array.add(word);
        }
        return array;
    }

    /** Whether the property stays valid while the board is lost. */
    private static boolean staysWithoutLink(Property property) {
        return property.isLasting() || property.isOfLink();
    }

    private static JsonObject entity(Description device, Property property, long lifeSeconds) {
        Point point = property.point();
        JsonObject entity = new JsonObject();
        entity.addProperty("platform", property.isSettable() ? "select"
                : property.datatype() == Datatype.BOOLEAN ? "binary_sensor" : "sensor");
        entity.addProperty("unique_id", PREFIX + device.id() + "-" + property.node() + "-" + property.id());
        entity.addProperty("name", property.label());
        entity.addProperty("state_topic", device.topic(property));
        entity.addProperty("value_template", property.datatype() == Datatype.STRING ? TEXT : VALUE);
        if (property.isSettable()) {
            entity.addProperty("command_topic", device.topic(property) + "/set");
            entity.add("options", array(property.options().toArray(String[]::new)));
            return entity;
        }
        if (!property.isLasting()) {
            entity.addProperty("expire_after", lifeSeconds);
        }
        if (property.datatype() == Datatype.BOOLEAN) {
            entity.addProperty("payload_on", "true");
            entity.addProperty("payload_off", "false");
        }
        if (point != null) {
            describe(entity, property, point);
        }
        return entity;
    }

    private static void describe(JsonObject entity, Property property, Point point) {
        String deviceClass = deviceClass(property, point);
        if (!deviceClass.isEmpty()) {
            entity.addProperty("device_class", deviceClass);
        }
        if (property.datatype() == Datatype.ENUM) {
            entity.add("options", array(property.options().toArray(String[]::new)));
        }
        if (!property.unit().isEmpty()) {
            entity.addProperty("unit_of_measurement", property.unit());
        }
        if (COUNTERS.contains(point.id())) {
            entity.addProperty("state_class", TOTAL);
        } else if (point.kind() == Kind.MEASUREMENT) {
            entity.addProperty("state_class", MEASUREMENT);
        }
        if (property.isStepped()) {
            entity.addProperty("suggested_display_precision", point.decimals());
        }
        if (point.origin() == Origin.LINK || !point.isChannel()) {
            entity.addProperty("entity_category", "diagnostic");
        }
        // The energy dashboard needs the energy channels; other advanced channels are disabled by default.
        if (point.style().advanced() && !"energy".equals(point.group()) || !point.isChannel()) {
            entity.addProperty("enabled_by_default", false);
        }
    }

    private static String deviceClass(Property property, Point point) {
        return switch (point.kind()) {
            case MEASUREMENT -> switch (point.unit()) {
                case VOLT -> "voltage";
                case AMPERE -> "current";
                case WATT -> "power";
                case CELSIUS -> "temperature";
                case SECOND, MILLISECOND -> "duration";
                case KILOWATT_HOUR -> COUNTERS.contains(point.id()) ? "energy" : "energy_storage";
                case PERCENT -> percent(point);
                case NONE, AMPERE_HOUR -> "";
            };
            case TIME -> "timestamp";
            case CHOICE -> property.datatype() == Datatype.ENUM ? "enum" : "";
            case FLAG -> flag(point);
            case CONTACT, COUNT, BITS, TEXT -> "";
        };
    }

    private static String percent(Point point) {
        return point.equals(Catalogue.STATE_OF_CHARGE) ? "battery" : point.equals(Catalogue.HUMIDITY) ? "humidity" : "";
    }

    private static String flag(Point point) {
        if (point.isFault() || point.equals(Catalogue.CRITICAL)) {
            return "problem";
        } else if (point.equals(Catalogue.ONLINE)) {
            return "connectivity";
        } else if (point.equals(Catalogue.CHARGING)) {
            return "battery_charging";
        }
        return point.equals(Catalogue.LOW_SOC) ? "battery" : "";
    }
}
