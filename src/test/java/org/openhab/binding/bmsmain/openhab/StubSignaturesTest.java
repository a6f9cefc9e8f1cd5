/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.openhab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * Compares the stubs of openHAB's API with a list of signatures that was generated from openHAB's own artefacts.
 * <p>
 * In the default build the types of {@code org.openhab.core} are the stubs of {@code src/openhab-stubs}: each of their
 * public and protected members must be in the list. In the profile {@code openhab} they are openHAB's own, and must
 * match the list exactly. {@code mvn -Popenhab test -Dtest=StubSignaturesTest -Dbmsmain.write=true} regenerates it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class StubSignaturesTest {

    private static final Path STUBS = Path.of("src/openhab-stubs/java");
    private static final Path LIST = Path.of("src/openhab-stubs/signatures.txt");
    private static final boolean REAL = Path.of(System.getProperty("bmsmain.build", "target"))
            .endsWith("target-openhab");
    private static final int VISIBLE = Modifier.PUBLIC | Modifier.PROTECTED;

    @Test
    @DisabledIfSystemProperty(named = "openhab.version", matches = "(?!5\\.2\\.).*", disabledReason = "listed is openHAB 5.2")
    void stubsHaveTheSignaturesOfOpenHab() throws IOException {
        List<String> present = signatures();
        if (REAL && Boolean.getBoolean("bmsmain.write")) {
            Files.write(LIST, present);
        }
        Set<String> listed = new TreeSet<>(Files.readAllLines(LIST));
        if (REAL) {
            assertEquals(String.join("\n", listed), String.join("\n", present));
        } else {
            Set<String> unknown = new TreeSet<>(present);
            unknown.removeAll(listed);
            assertEquals("", String.join("\n", unknown), "openHAB has no such members");
        }
        assertFalse(present.isEmpty());
    }

    private static List<String> signatures() throws IOException {
        Set<String> lines = new TreeSet<>();
        try (Stream<Path> files = Files.walk(STUBS)) {
            files.map(STUBS::relativize).map(Path::toString).filter(file -> file.endsWith(".java"))
                    .map(file -> file.substring(0, file.length() - ".java".length()).replace('/', '.'))
                    .filter(name -> !name.endsWith("package-info")).forEach(name -> add(load(name), lines));
        }
        return List.copyOf(lines);
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, StubSignaturesTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(Class<?> type, Set<String> lines) {
        if ((type.getModifiers() & VISIBLE) == 0) {
            return;
        }
        String name = type.getName();
        lines.add(name + " " + type.toGenericString());
        Type parent = type.getGenericSuperclass();
        if (parent != null && parent != Object.class) {
            lines.add(name + " extends " + parent.getTypeName());
        }
        for (Type each : type.getGenericInterfaces()) {
            lines.add(name + " implements " + each.getTypeName());
        }
        for (Method method : type.getDeclaredMethods()) {
            if (!method.isSynthetic() && (method.getModifiers() & VISIBLE) != 0) {
                // the modifiers synchronized and native belong to the implementation
                lines.add(name + " " + method.toGenericString().replace("synchronized ", "").replace("native ", ""));
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (!constructor.isSynthetic() && (constructor.getModifiers() & VISIBLE) != 0) {
                lines.add(name + " " + constructor.toGenericString());
            }
        }
        for (Field field : type.getDeclaredFields()) {
            if (!field.isSynthetic() && (field.getModifiers() & VISIBLE) != 0) {
                lines.add(name + " " + field.toGenericString() + constant(field));
            }
        }
        List<Class<?>> nested = new ArrayList<>(List.of(type.getDeclaredClasses()));
        nested.forEach(each -> add(each, lines));
    }

    /** The value of a constant, because compilers copy it into the classes that use it. */
    private static String constant(Field field) {
        int fixed = Modifier.STATIC | Modifier.FINAL;
        Class<?> type = field.getType();
        if ((field.getModifiers() & fixed) != fixed || !type.isPrimitive() && type != String.class) {
            return "";
        }
        try {
            field.setAccessible(true);
            @Nullable
            Object value = field.get(null);
            return " = " + value;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
