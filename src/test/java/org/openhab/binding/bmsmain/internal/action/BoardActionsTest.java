/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.action;

import static org.junit.jupiter.api.Assertions.*;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.core.automation.annotation.ActionInput;
import org.openhab.core.automation.annotation.ActionOutput;
import org.openhab.core.automation.annotation.RuleAction;
import org.openhab.core.thing.binding.ThingActions;

/**
 * Requirements of openHAB on the actions of a Thing; otherwise it hides them or logs an error each time.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class BoardActionsTest {

    private static Stream<Method> actions() {
        return Stream.of(BoardActions.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(RuleAction.class));
    }

    @Test
    void aSingleResultHasTheNameThatOpenHabGivesIt() {
        assertEquals(11, actions().count());
        actions().forEach(method -> {
            ActionOutput output = Objects.requireNonNull(method.getAnnotation(ActionOutput.class), method.getName());
            assertEquals("result", output.name(), method.getName());
            assertEquals(method.getReturnType().getName(), output.type(), method.getName());
        });
    }

    /** The UI has no field for inputs of other types, and openHAB then hides the action. */
    @Test
    void eachInputHasANameAndAPlainType() {
        actions().forEach(method -> Stream.of(method.getParameters()).forEach(parameter -> {
            assertNotNull(parameter.getAnnotation(ActionInput.class), method.getName());
            assertTrue(List.of(String.class, Integer.class, Double.class).contains(parameter.getType()),
                    method.getName());
        }));
    }

    /** DSL rules call a static method with the actions as an additional first parameter. */
    @Test
    void eachActionIsThereForDslRules() {
        actions()
                .forEach(
                        method -> assertTrue(
                                Stream.of(BoardActions.class.getDeclaredMethods())
                                        .anyMatch(
                                                twin -> twin.getName().equals(method.getName())
                                                        && Modifier.isStatic(twin
                                                                .getModifiers())
                                                        && Arrays.equals(twin.getParameterTypes(),
                                                                Stream.concat(Stream.of(ThingActions.class),
                                                                        Stream.of(method.getParameterTypes()))
                                                                        .toArray())),
                                method.getName()));
    }

    @Test
    void withoutABoardAnActionSaysNothing() {
        BoardActions actions = new BoardActions();
        assertEquals(new TreeSet<>(List.of("")),
                new TreeSet<>(List.of(actions.setSignal("charge-request", "on"),
                        actions.readRegister("input", "0x2000", 1), actions.readObject("0x2000", 0),
                        actions.getFaults(), actions.getJournal(), actions.diagnose(), actions.suggestRegisters(),
                        actions.acceptSuggestion("battery#voltage"))));
    }
}
