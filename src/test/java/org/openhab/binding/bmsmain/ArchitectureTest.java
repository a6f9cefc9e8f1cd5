/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.*;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.*;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.eclipse.jdt.annotation.NonNullByDefault;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/**
 * Allowed dependencies between packages, see docs/architecture.md. The compiler enforces the boundaries of the
 * source trees (main, cli, twin, runtime): each is compiled separately.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@AnalyzeClasses(packages = "org.openhab.binding.bmsmain", importOptions = ProductOnly.class)
class ArchitectureTest {

    private static final String ROOT = "org.openhab.binding.bmsmain.internal";
    private static final String INTERNAL = ROOT + "..";
    private static final String[] OPENHAB_ROOMS = { ROOT, ROOT + ".handler..", ROOT + ".config..",
            ROOT + ".discovery..", ROOT + ".action..", ROOT + ".console..", ROOT + ".ui.." };

    /** The board package contains only data and computations: no openHAB, no connection, not even logging. */
    @ArchTest
    static final ArchRule BOARD_USES_NOTHING = classes().that().resideInAPackage(ROOT + ".board..").should()
            .onlyDependOnClassesThat().resideInAnyPackage(ROOT + ".board..", "java..", "org.eclipse.jdt.annotation..");

    @ArchTest
    static final ArchRule TRANSPORT = room("transport", "board");

    @ArchTest
    static final ArchRule BUS = room("bus", "transport");

    @ArchTest
    static final ArchRule DEVICE = room("device", "bus", "transport", "board");

    @ArchTest
    static final ArchRule MODBUS = room("modbus", "device", "bus", "transport", "board");

    @ArchTest
    static final ArchRule CANOPEN = room("canopen", "device", "bus", "transport", "board");

    @ArchTest
    static final ArchRule DIAGNOSIS = room("diagnosis", "modbus", "canopen", "device", "bus", "transport", "board");

    /** The UI components may be missing in openHAB; then only the package that needs them may fail to load. */
    @ArchTest
    static final ArchRule ONLY_UI_USES_UI_COMPONENTS = noClasses().that().resideInAPackage(INTERNAL).and()
            .resideOutsideOfPackage(ROOT + ".ui..").should().dependOnClassesThat()
            .resideInAPackage("org.openhab.core.ui..");

    @ArchTest
    static final ArchRule ONLY_OPENHAB_ROOMS_USE_OPENHAB = noClasses().that().resideInAPackage(INTERNAL).and()
            .resideOutsideOfPackages(OPENHAB_ROOMS).should().dependOnClassesThat()
            .resideInAnyPackage("org.openhab.core..", "org.osgi..");

    @ArchTest
    static final ArchRule ONLY_ONE_CLASS_USES_JSERIALCOMM = noClasses().that().resideInAPackage(INTERNAL).and()
            .haveNameNotMatching(".*\\.transport\\.SerialTransport(\\$.*)?").should().dependOnClassesThat()
            .resideInAPackage("com.fazecast..");

    /**
     * A house may have thousands of links, so code must query the links of a channel or an Item instead of
     * iterating over all.
     */
    @ArchTest
    static final ArchRule NOBODY_WALKS_OVER_ALL_LINKS = noClasses().that().resideInAPackage(INTERNAL).should()
            .callMethod("org.openhab.core.thing.link.ItemChannelLinkRegistry", "getAll");

    @ArchTest
    static final ArchRule ROOMS_FORM_NO_CIRCLE = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule CLASSES_FORM_NO_CIRCLE = slices().assignedFrom(new SliceAssignment() {
        @Override
        @NonNullByDefault({})
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            JavaClass outer = javaClass;
            while (outer.getEnclosingClass().isPresent()) {
                outer = outer.getEnclosingClass().get();
            }
            return outer.getPackageName().startsWith(ROOT) ? SliceIdentifier.of(outer.getName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "top-level classes";
        }
    }).should().beFreeOfCycles();

    /**
     * The diagram of the packages in docs/architecture.md matches the code; transitive arrows are omitted.
     * {@code mvn test -Dtest=ArchitectureTest -Dbmsmain.write=true} redraws it.
     */
    @ArchTest
    static void pictureIsThatOfTheCode(JavaClasses classes) throws IOException {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass each : classes) {
            for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
                String from = roomOf(each);
                String to = roomOf(dependency.getTargetClass());
                if (!from.equals(to) && !from.isEmpty() && !to.isEmpty()) {
                    uses.computeIfAbsent(from, room -> new TreeSet<>()).add(to);
                }
            }
        }
        StringBuilder picture = new StringBuilder("graph TD\n");
        uses.forEach((from, rooms) -> rooms.stream()
                .filter(to -> rooms.stream().noneMatch(between -> !between.equals(to) && reaches(uses, between, to)))
                .forEach(to -> picture.append("    ").append(from).append(" --> ").append(to).append('\n')));
        Path page = Path.of("docs/architecture.md");
        String text = Files.readString(page);
        String drawn = text.replaceFirst("(?s)(```mermaid\n).*?(```)", "$1" + picture + "$2");
        if (Boolean.getBoolean("bmsmain.write")) {
            Files.writeString(page, drawn);
        } else {
            assertEquals(drawn, text, "to draw it anew: mvn test -Dtest=ArchitectureTest -Dbmsmain.write=true");
        }
    }

    private static boolean reaches(Map<String, Set<String>> uses, String from, String to) {
        Set<String> next = uses.getOrDefault(from, Set.of());
        return next.contains(to) || next.stream().anyMatch(room -> reaches(uses, room, to));
    }

    private static String roomOf(JavaClass javaClass) {
        String name = javaClass.getPackageName();
        return name.startsWith(ROOT + ".") ? name.substring(ROOT.length() + 1) : "";
    }

    private static ArchRule room(String name, String... uses) {
        String[] allowed = new String[uses.length + 1];
        allowed[0] = ROOT + "." + name + "..";
        for (int i = 0; i < uses.length; i++) {
            allowed[i + 1] = ROOT + "." + uses[i] + "..";
        }
        return noClasses().that().resideInAPackage(ROOT + "." + name + "..").should().dependOnClassesThat(
                resideInAPackage("org.openhab.binding.bmsmain..").and(resideOutsideOfPackages(allowed)));
    }
}
