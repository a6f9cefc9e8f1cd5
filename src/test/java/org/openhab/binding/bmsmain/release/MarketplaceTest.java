/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.release;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Checks the marketplace texts against the files that are published with them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class MarketplaceTest {

    private static final Path TEXTS = Path.of("src/release/marketplace");

    /** A file that is mentioned but missing cannot be published, and one that is not mentioned would be forgotten. */
    @ParameterizedTest
    @CsvSource({ "widgets.md, examples/ui/widgets", "blocks.md, examples/ui/blocks",
            "rule-templates.md, ESH-INF/automation/templates" })
    void textNamesEveryFile(String text, Path folder) throws IOException {
        Set<String> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
        Set<String> named = new TreeSet<>();
        Matcher name = Pattern.compile("[\\w-]+\\.yaml").matcher(Files.readString(TEXTS.resolve(text)));
        while (name.find()) {
            named.add(name.group());
        }
        assertEquals(files, named);
    }

    @Test
    void everyKindHasAText() throws IOException {
        try (Stream<Path> all = Files.list(TEXTS)) {
            assertEquals(Set.of("binding.md", "blocks.md", "rule-templates.md", "widgets.md"),
                    all.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
        }
    }
}
