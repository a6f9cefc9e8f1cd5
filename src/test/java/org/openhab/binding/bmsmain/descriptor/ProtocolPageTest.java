/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.descriptor;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Confidence;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;

/**
 * The page about the protocol is the catalogue. {@code mvn test -Dtest=ProtocolPageTest -Dbmsmain.write=true} writes
 * it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ProtocolPageTest {

    private static final Path PAGE = Path.of("docs/protocol.md");
    private static final String INTRODUCTION = """
            # The Board on the Wire

            This page is made of the binding's catalogue; a test holds both together. It lists each value by its place, with the mark
            that tells how sure the place is.

            | mark | the place was |
            |---|---|
            | V | read on a page of the vendor about this board |
            | N | read on a page of the vendor about a sibling with the same numbers |
            | C | taken from public third-party decoding of a sibling, with bus captures |
            | I | concluded, not verified |

            The mark is that of the Modbus place. On CAN, places in TPDO1 and TPDO2 are N or C at best, those in TPDO3 C or I; SDO
            objects are V.

            A Modbus place is written as in the parameter `registers`: `table:address[.bit]:type[:scale]`. The address counts from 0. A
            type of 32 bits takes two registers; their order is the parameter `wordOrder`. VERSION and CLOCK are read by the binding
            only. On CAN, a bit is counted from the named byte on, over as many bytes as the value has, lowest first.
            """;

    @Test
    void pageIsThatOfTheCatalogue() throws IOException {
        String expected = page();
        if (Boolean.getBoolean("bmsmain.write")) {
            Files.writeString(PAGE, expected);
        }
        assertEquals(expected, Files.readString(PAGE));
    }

    private static String page() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        page.append("\n## Modbus\n\n| place | value | unit | mark |\n|---|---|---|---|\n");
        Catalogue.all().stream().filter(point -> point.register() != null)
                .sorted(Comparator.comparing(ProtocolPageTest::address).thenComparing(ProtocolPageTest::bit))
                .forEach(point -> page.append("| `").append(point.register()).append("` | `").append(point.id())
                        .append("` | ").append(point.unit().symbol()).append(" | ").append(point.confidence())
                        .append(" |\n"));
        page.append("\n## CANopen\n\n| value | unit | places, most current first | mark |\n|---|---|---|---|\n");
        Catalogue.all().stream().filter(point -> !point.canLocations().isEmpty()).forEach(point -> page.append("| `")
                .append(point.id()).append("` | ").append(point.unit().symbol()).append(" | ")
                .append(point.canLocations().stream().map(place -> "`" + place + "`").collect(Collectors.joining(", ")))
                .append(" | ").append(point.confidence()).append(" |\n"));
        page.append(
                """

                        ## Not Published

                        These have no public register: over Modbus they stay undefined until a line of `registers` names their place.
                        On CAN, the voltage and the temperatures are in TPDO1, with the marks N and C.

                        """);
        Catalogue.all().stream().filter(point -> point.confidence() == Confidence.GAP)
                .forEach(point -> page.append("- `").append(point.id()).append("`\n"));
        Map<Confidence, Long> count = Catalogue.all().stream()
                .collect(Collectors.groupingBy(Point::confidence, TreeMap::new, Collectors.counting()));
        page.append("\n## How Sure the Places Are\n\n| mark | values |\n|---|---|\n");
        for (Confidence confidence : List.of(Confidence.values())) {
            page.append("| ").append(confidence).append(" | ").append(count.getOrDefault(confidence, 0L))
                    .append(" |\n");
        }
        return page.toString().replaceAll(" {2,}\\|", " |");
    }

    private static int address(Point point) {
        RegisterLocation register = Objects.requireNonNull(point.register());
        return (register.table() == RegisterLocation.Table.INPUT ? 0 : 0x10000) + register.address();
    }

    private static int bit(Point point) {
        return Objects.requireNonNull(point.register()).bit();
    }
}
