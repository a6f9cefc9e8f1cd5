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

import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.io.console.Console;
import org.openhab.core.io.console.ConsoleCommandCompleter;
import org.openhab.core.io.console.StringsCompleter;
import org.openhab.core.io.console.extensions.AbstractConsoleCommandExtension;

/**
 * Prints its arguments.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ProbeConsole extends AbstractConsoleCommandExtension {

    /** Called by DS. */
    public ProbeConsole() {
        super("probe", "A probe");
    }

    @Override
    public void execute(String[] args, Console console) {
        if (args.length == 0) {
            printUsage(console);
        } else {
            console.println(String.join("+", args));
        }
    }

    @Override
    public List<String> getUsages() {
        return List.of(buildCommandUsage("say", "says it"));
    }

    @Override
    public @Nullable ConsoleCommandCompleter getCompleter() {
        return new StringsCompleter(List.of("say", "sing", "shout"), false);
    }
}
