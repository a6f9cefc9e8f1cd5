/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.config.core;

import java.net.URI;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.common.registry.Identifiable;

/**
 * Describes the configuration of a thing, a channel or a service.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ConfigDescription implements Identifiable<URI> {

    private final URI uri;
    private final List<ConfigDescriptionParameter> parameters;
    private final List<ConfigDescriptionParameterGroup> parameterGroups;

    ConfigDescription(URI uri, @Nullable List<ConfigDescriptionParameter> parameters,
            @Nullable List<ConfigDescriptionParameterGroup> groups) {
        if (!uri.isAbsolute() || !uri.isOpaque()) {
            throw new IllegalArgumentException("The URI needs a scheme and a scheme specific part: " + uri);
        }
        this.uri = uri;
        this.parameters = parameters == null ? List.of() : List.copyOf(parameters);
        this.parameterGroups = groups == null ? List.of() : List.copyOf(groups);
    }

    @Override
    public URI getUID() {
        return uri;
    }

    public List<ConfigDescriptionParameter> getParameters() {
        return parameters;
    }
}
