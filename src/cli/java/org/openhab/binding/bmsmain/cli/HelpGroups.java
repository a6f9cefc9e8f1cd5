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

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Groups the options of a command in its help by purpose.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class HelpGroups {

    private static final String OTHERS = "Options:";
    private static final String HELP = "Help:";
    /** The headings of option classes that several commands share, in display order. */
    private static final Map<Class<?>, String> HEADINGS = headings();

    private HelpGroups() {
    }

    private static Map<Class<?>, String> headings() {
        Map<Class<?>, String> headings = new LinkedHashMap<>();
        headings.put(LinkOptions.Place.class, "Connection to the board, one of:");
        headings.put(ScanCommand.Place.class, "Where to search, one of:");
        headings.put(LinkOptions.class, "Connection settings:");
        headings.put(ReadingOptions.class, "Readings, and functions of relays and inputs:");
        headings.put(FormatOptions.class, "Output:");
        headings.put(OnceOption.class, "Output:");
        return headings;
    }

    /** Groups the options of all commands. */
    static CommandLine in(CommandLine command) {
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpGroups::render);
        command.getSubcommands().values().forEach(HelpGroups::in);
        return command;
    }

    private static String render(Help help) {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        HEADINGS.values().forEach(heading -> groups.put(heading, new ArrayList<>()));
        groups.put(OTHERS, new ArrayList<>());
        groups.put(HELP, new ArrayList<>());
        for (OptionSpec option : help.commandSpec().options()) {
            List<OptionSpec> group = groups.get(heading(option));
            if (group != null && !option.hidden()) {
                group.add(option);
            }
        }
        StringBuilder text = new StringBuilder();
        groups.forEach((heading, options) -> {
            if (!options.isEmpty()) {
                Layout layout = help.createDefaultLayout(options, List.of(), help.colorScheme());
                layout.addOptions(options, help.createDefaultParamLabelRenderer());
                text.append(System.lineSeparator()).append(heading).append(System.lineSeparator()).append(layout);
            }
        });
        return text.toString();
    }

    private static String heading(OptionSpec option) {
        if (option.usageHelp() || option.versionHelp()) {
            return HELP;
        }
        @Nullable
        Object owner = option.userObject();
        if (owner instanceof Field field) {
            return HEADINGS.getOrDefault(field.getDeclaringClass(), OTHERS);
        }
        return owner == null ? OTHERS : HEADINGS.getOrDefault(owner.getClass(), OTHERS);
    }
}
