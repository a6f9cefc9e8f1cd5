/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.it.probe;

import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.automation.annotation.ActionInput;
import org.openhab.core.automation.annotation.ActionOutput;
import org.openhab.core.automation.annotation.RuleAction;
import org.openhab.core.thing.binding.ThingActions;
import org.openhab.core.thing.binding.ThingActionsScope;
import org.openhab.core.thing.binding.ThingHandler;

/**
 * Actions with and without arguments.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@ThingActionsScope(name = "probe")
public class ProbeActions implements ThingActions {

    private @Nullable ThingHandler handler;

    @Override
    public void setThingHandler(ThingHandler handler) {
        this.handler = handler;
    }

    @Override
    public @Nullable ThingHandler getThingHandler() {
        return handler;
    }

    @RuleAction(label = "Add")
    @ActionOutput(name = "result", type = "java.lang.Integer")
    public int add(@ActionInput(name = "a") int a, @ActionInput(name = "b") int b) {
        return a + b;
    }

    @RuleAction(label = "Describe")
    @ActionOutput(name = "thing", type = "java.lang.String")
    public Map<String, Object> describe() {
        ThingHandler of = handler;
        return of == null ? Map.of() : Map.of("thing", of.getThing().getUID());
    }
}
