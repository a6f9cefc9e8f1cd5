/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.runtime.host;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Implements only those methods of an openHAB interface that are called here.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Partial {

    private Partial() {
    }

    /**
     * @param type the interface
     * @param answers object with public methods of the same names and parameters; calls of other methods throw an
     *            {@link UnsupportedOperationException}
     * @return the interface
     */
    static <T> T of(Class<T> type, Object answers) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
                    if ("equals".equals(method.getName())) {
                        return arguments != null && proxy == arguments[0];
                    }
                    Method answer = Stream.of(answers.getClass().getMethods())
                            .filter(own -> own.getName().equals(method.getName())
                                    && Arrays.equals(own.getParameterTypes(), method.getParameterTypes()))
                            .findAny().orElseThrow(() -> new UnsupportedOperationException(method.toString()));
                    answer.setAccessible(true);
                    try {
                        return answer.invoke(answers, arguments);
                    } catch (InvocationTargetException e) {
                        throw Objects.requireNonNull(e.getCause());
                    }
                }));
    }
}
