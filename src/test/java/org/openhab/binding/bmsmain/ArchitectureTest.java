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

import org.eclipse.jdt.annotation.NonNullByDefault;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Which room of the house may look into which other, see docs/architecture.md.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@AnalyzeClasses(packages = "org.openhab.binding.bmsmain", importOptions = ProductOnly.class)
class ArchitectureTest {

    private static final String OURS = "org.openhab.binding.bmsmain..";
    private static final String INTERNAL = "org.openhab.binding.bmsmain.internal..";
    private static final String BOARD = "org.openhab.binding.bmsmain.internal.board..";
    private static final String LINK = "org.openhab.binding.bmsmain.internal.link..";
    private static final String MODBUS = "org.openhab.binding.bmsmain.internal.modbus..";
    private static final String CANOPEN = "org.openhab.binding.bmsmain.internal.canopen..";
    private static final String DIAGNOSIS = "org.openhab.binding.bmsmain.internal.diagnosis..";
    private static final String THING = "org.openhab.binding.bmsmain.internal.thing..";
    private static final String UI = "org.openhab.binding.bmsmain.internal.ui..";
    private static final String HOST = "org.openhab.binding.bmsmain.tool.host..";

    /** The board is facts and arithmetic: no openHAB, no wire, not even a log. */
    @ArchTest
    static final ArchRule BOARD_KNOWS_NOBODY = classes().that().resideInAPackage(BOARD).should()
            .onlyDependOnClassesThat().resideInAnyPackage(BOARD, "java..", "org.eclipse.jdt.annotation..");

    @ArchTest
    static final ArchRule LINK_KNOWS_THE_BOARD_ONLY = noClasses().that().resideInAPackage(LINK).should()
            .dependOnClassesThat(resideInAPackage(OURS).and(resideOutsideOfPackages(BOARD, LINK)));

    @ArchTest
    static final ArchRule MODBUS_KNOWS_BOARD_AND_LINK = noClasses().that().resideInAPackage(MODBUS).should()
            .dependOnClassesThat(resideInAPackage(OURS).and(resideOutsideOfPackages(BOARD, LINK, MODBUS)));

    @ArchTest
    static final ArchRule CANOPEN_KNOWS_BOARD_AND_LINK = noClasses().that().resideInAPackage(CANOPEN).should()
            .dependOnClassesThat(resideInAPackage(OURS).and(resideOutsideOfPackages(BOARD, LINK, CANOPEN)))
            .allowEmptyShould(true);

    /** The doctor asks on wires; it is asked by Things and by the tool, and knows neither. */
    @ArchTest
    static final ArchRule DIAGNOSIS_KNOWS_THE_WIRES = noClasses().that().resideInAPackage(DIAGNOSIS).should()
            .dependOnClassesThat(
                    resideInAPackage(OURS).and(resideOutsideOfPackages(BOARD, LINK, MODBUS, CANOPEN, DIAGNOSIS)));

    @ArchTest
    static final ArchRule UI_KNOWS_BOARD_AND_THING = noClasses().that().resideInAPackage(UI).should()
            .dependOnClassesThat(resideInAPackage(OURS).and(resideOutsideOfPackages(BOARD, THING, UI)));

    /** The UI's components may be missing in openHAB, and only the room that needs them may then fail to load. */
    @ArchTest
    static final ArchRule ONLY_UI_KNOWS_UI_COMPONENTS = noClasses().that().resideOutsideOfPackages(UI, HOST).should()
            .dependOnClassesThat().resideInAPackage("org.openhab.core.ui..");

    @ArchTest
    static final ArchRule ONLY_THING_AND_UI_KNOW_OPENHAB = noClasses().that().resideOutsideOfPackages(THING, UI, HOST)
            .should().dependOnClassesThat().resideInAPackage("org.openhab.core..");

    @ArchTest
    static final ArchRule ONLY_THING_AND_UI_KNOW_OSGI = noClasses().that().resideInAPackage(INTERNAL).and()
            .resideOutsideOfPackages(THING, UI).should().dependOnClassesThat().resideInAPackage("org.osgi..");

    @ArchTest
    static final ArchRule ADDON_DOES_NOT_KNOW_THE_TOOL = noClasses().that().resideInAPackage(INTERNAL).should()
            .dependOnClassesThat().resideInAPackage("org.openhab.binding.bmsmain.tool..");

    @ArchTest
    static final ArchRule ONE_CLASS_KNOWS_JSERIALCOMM = noClasses().that().resideInAPackage(INTERNAL).and()
            .doNotHaveFullyQualifiedName("org.openhab.binding.bmsmain.internal.transport.SerialTransport").and()
            .haveNameNotMatching(".*\\.internal\\.link\\.SerialTransport\\$.*").should().dependOnClassesThat()
            .resideInAPackage("com.fazecast..");

    @ArchTest
    static final ArchRule ROOMS_FORM_NO_CIRCLE = slices().matching("org.openhab.binding.bmsmain.internal.(*)..")
            .should().beFreeOfCycles();
}
