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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The description of a device for others.
 *
 * @param topic prefix of its topics: base topic and ID
 * @param id permanent ID
 * @param label name for people
 * @param model type of device
 * @param nodes labels of its nodes by their ID
 * @param properties its values, in the order of their nodes
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record Description(String topic, String id, String label, String model, Map<String, String> nodes,
        List<Property> properties) {

    /** Version of the Homie convention. */
    static final String HOMIE = "4.0.0";
    static final String STATE = "/$state";

    /** Topic of the state of the device: ready, lost, disconnected, init. */
    String stateTopic() {
        return topic + STATE;
    }

    String topic(Property property) {
        return topic + "/" + property.path();
    }

    /** The attributes of the Homie convention as topics and payloads; without the state. */
    Map<String, String> homie() {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put(topic + "/$homie", HOMIE);
        attributes.put(topic + "/$name", label);
        attributes.put(topic + "/$nodes", String.join(",", nodes.keySet()));
        attributes.put(topic + "/$extensions", "");
        attributes.put(topic + "/$implementation", "bmsmain");
        nodes.forEach((node, name) -> {
            attributes.put(topic + "/" + node + "/$name", name);
            attributes.put(topic + "/" + node + "/$type", node);
            attributes.put(topic + "/" + node + "/$properties",
                    properties.stream().filter(property -> property.node().equals(node)).map(Property::id)
                            .collect(Collectors.joining(",")));
        });
        for (Property property : properties) {
            String place = topic(property);
            attributes.put(place + "/$name", property.label());
            attributes.put(place + "/$datatype", property.datatype().id());
            if (!property.unit().isEmpty()) {
                attributes.put(place + "/$unit", property.unit());
            }
            if (!property.format().isEmpty()) {
                attributes.put(place + "/$format", property.format());
            }
            if (property.isSettable()) {
                attributes.put(place + "/$settable", "true");
            }
        }
        return attributes;
    }
}
