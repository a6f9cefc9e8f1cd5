/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.template;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.library.types.DecimalType;

/**
 * Executes the part of openHAB's rule language that the rule templates use, and rejects everything else.
 * <p>
 * Statements: {@code val}, {@code var}, assignment, {@code if} and {@code else} with blocks, expressions.
 * Expressions: {@code || && == != < <= > >= + - !}, {@code instanceof}, {@code as}, calls and properties of Java
 * objects, literals. Java objects are called by reflection, so a missing method causes an error here as in openHAB.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class DslScript {

    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?://[^\\n]*\\s*)*(?:(\\d+(?:\\.\\d+)?)|\"([^\"]*)\"|([A-Za-z_]\\w*)|(\\|\\||&&|==|!=|<=|>=|[-+<>!=.,(){}?]))");
    private static final String TYPES = DecimalType.class.getPackageName() + ".";

    private record Token(char kind, String text) {
    }

    private final List<Token> tokens = new ArrayList<>();
    private final Map<String, @Nullable Object> variables = new HashMap<>();
    private final Map<String, Boolean> constants = new HashMap<>();
    private final Map<String, Function<List<@Nullable Object>, @Nullable Object>> functions;
    private int at;

    /**
     * @param globals names available to the script, such as Items and {@code now}, and replacements for Java types,
     *            by their full names
     * @param functions functions that the script may call without an object
     */
    DslScript(String script, Map<String, ? extends Object> globals,
            Map<String, Function<List<@Nullable Object>, @Nullable Object>> functions) {
        variables.putAll(globals);
        globals.keySet().forEach(name -> constants.put(name, true));
        this.functions = functions;
        String text = script.stripTrailing();
        Matcher matcher = TOKEN.matcher(text);
        int from = 0;
        while (from < text.length()) {
            if (!matcher.find(from) || matcher.start() != from) {
                throw new IllegalArgumentException("not understood: " + text.substring(from));
            }
            from = matcher.end();
            for (int group = 1; group <= 4; group++) {
                String found = matcher.group(group);
                if (found != null) {
                    tokens.add(new Token("nsiq".charAt(group - 1), found));
                }
            }
        }
    }

    /** Runs the script. */
    void run() {
        while (at < tokens.size()) {
            statement(true);
        }
    }

    private void statement(boolean live) {
        if (takeWord("if")) {
            expect("(");
            boolean yes = truth(expression(live), live);
            expect(")");
            block(live && yes);
            if (takeWord("else")) {
                if (isWord("if")) {
                    statement(live && !yes);
                } else {
                    block(live && !yes);
                }
            }
        } else if (isWord("val") || isWord("var")) {
            boolean constant = isWord("val");
            at++;
            String name = word();
            expect("=");
            Object value = expression(live);
            if (live) {
                if (variables.containsKey(name)) {
                    throw new IllegalArgumentException(name + " is already defined");
                }
                variables.put(name, value);
                constants.put(name, constant);
            }
        } else if (tokens.get(at).kind == 'i' && at + 1 < tokens.size() && is(at + 1, "=")) {
            String name = word();
            expect("=");
            Object value = expression(live);
            if (live) {
                if (!Boolean.FALSE.equals(constants.get(name))) {
                    throw new IllegalArgumentException(name + " cannot be assigned");
                }
                variables.put(name, value);
            }
        } else {
            expression(live);
        }
    }

    private void block(boolean live) {
        expect("{");
        while (!take("}")) {
            statement(live);
        }
    }

    private @Nullable Object expression(boolean live) {
        Object left = conjunction(live);
        while (take("||")) {
            boolean decided = live && truth(left, live);
            Object right = conjunction(live && !decided);
            left = live ? decided || truth(right, live) : null;
        }
        return left;
    }

    private @Nullable Object conjunction(boolean live) {
        Object left = comparison(live);
        while (take("&&")) {
            boolean decided = live && !truth(left, live);
            Object right = comparison(live && !decided);
            left = live ? !decided && truth(right, live) : null;
        }
        return left;
    }

    private @Nullable Object comparison(boolean live) {
        Object left = sum(live);
        if (takeWord("instanceof")) {
            Class<?> type = type();
            return live ? type.isInstance(left) : null;
        }
        for (String operator : List.of("==", "!=", "<=", ">=", "<", ">")) {
            if (take(operator)) {
                Object right = sum(live);
                return live ? compare(operator, left, right) : null;
            }
        }
        return left;
    }

    private static boolean compare(String operator, @Nullable Object left, @Nullable Object right) {
        if (left instanceof Number a && right instanceof Number b) {
            int order = Double.compare(a.doubleValue(), b.doubleValue());
            return switch (operator) {
                case "==" -> order == 0;
                case "!=" -> order != 0;
                case "<=" -> order <= 0;
                case ">=" -> order >= 0;
                case "<" -> order < 0;
                default -> order > 0;
            };
        }
        return switch (operator) {
            case "==" -> Objects.equals(left, right);
            case "!=" -> !Objects.equals(left, right);
            default -> throw new IllegalArgumentException(left + " " + operator + " " + right);
        };
    }

    private @Nullable Object sum(boolean live) {
        Object left = unary(live);
        while (true) {
            boolean plus = take("+");
            if (!plus && !take("-")) {
                return left;
            }
            Object right = unary(live);
            if (live) {
                if (plus && left instanceof String text) {
                    left = text + right;
                } else if (left instanceof Number a && right instanceof Number b) {
                    left = plus ? a.doubleValue() + b.doubleValue() : a.doubleValue() - b.doubleValue();
                } else {
                    throw new IllegalArgumentException(left + " and " + right);
                }
            }
        }
    }

    private @Nullable Object unary(boolean live) {
        if (take("!")) {
            Object of = unary(live);
            return live ? !truth(of, live) : null;
        }
        Object value = postfix(live);
        if (takeWord("as")) {
            Class<?> type = type();
            return live ? type.cast(value) : null;
        }
        return value;
    }

    private @Nullable Object postfix(boolean live) {
        Object value = primary(live);
        while (take(".")) {
            String member = word();
            List<@Nullable Object> arguments = take("(") ? arguments(live) : List.of();
            value = live ? call(value, member, arguments) : null;
        }
        return value;
    }

    private @Nullable Object primary(boolean live) {
        Token token = tokens.get(at++);
        switch (token.kind) {
            case 'n':
                return token.text.contains(".") ? (Object) Double.valueOf(token.text) : Integer.valueOf(token.text);
            case 's':
                return token.text;
            case 'q':
                if ("(".equals(token.text)) {
                    Object inner = expression(live);
                    expect(")");
                    return inner;
                }
                break;
            default:
                if ("true".equals(token.text) || "false".equals(token.text)) {
                    return Boolean.valueOf(token.text);
                }
                if ("java".equals(token.text)) {
                    return qualified(live);
                }
                if (take("(")) {
                    List<@Nullable Object> arguments = arguments(live);
                    Function<List<@Nullable Object>, @Nullable Object> function = functions.get(token.text);
                    if (function == null) {
                        throw new IllegalArgumentException("no function " + token.text);
                    }
                    return live ? function.apply(arguments) : null;
                }
                if (live && !variables.containsKey(token.text)) {
                    throw new IllegalArgumentException("no variable " + token.text);
                }
                return variables.get(token.text);
        }
        throw new IllegalArgumentException("unexpected " + token.text);
    }

    /** A static call such as {@code java.time.LocalTime.parse("22:00")}. */
    private @Nullable Object qualified(boolean live) {
        StringBuilder name = new StringBuilder("java");
        String part = "";
        while (part.isEmpty() || Character.isLowerCase(part.charAt(0))) {
            expect(".");
            part = word();
            name.append('.').append(part);
        }
        expect(".");
        String method = word();
        expect("(");
        List<@Nullable Object> arguments = arguments(live);
        Object standIn = variables.get(name.toString());
        if (live && standIn != null) {
            return call(standIn, method, arguments);
        }
        try {
            return live ? invoke(Class.forName(name.toString()), null, method, arguments) : null;
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private List<@Nullable Object> arguments(boolean live) {
        List<@Nullable Object> arguments = new ArrayList<>();
        if (!take(")")) {
            do {
                arguments.add(expression(live));
            } while (take(","));
            expect(")");
        }
        return arguments;
    }

    private Class<?> type() {
        String name = word();
        if (take("<")) {
            expect("?");
            expect(">");
        }
        try {
            return Class.forName(TYPES + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static @Nullable Object call(@Nullable Object target, String member, List<@Nullable Object> arguments) {
        Object object = Objects.requireNonNull(target, "null." + member);
        return invoke(object.getClass(), object, member, arguments);
    }

    private static @Nullable Object invoke(Class<?> type, @Nullable Object target, String name,
            List<@Nullable Object> arguments) {
        String getter = "get" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
        for (Method method : type.getMethods()) {
            boolean named = method.getName().equals(name) || arguments.isEmpty() && method.getName().equals(getter);
            if (named && method.getParameterCount() == arguments.size() && !method.isBridge()
                    && Modifier.isStatic(method.getModifiers()) == (target == null)) {
                Object[] fitting = fitting(method.getParameterTypes(), arguments);
                if (fitting != null) {
                    try {
                        return method.invoke(target == null ? type : target, fitting);
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalArgumentException(type.getSimpleName() + "." + name, e);
                    }
                }
            }
        }
        throw new IllegalArgumentException("no " + type.getSimpleName() + "." + name + arguments);
    }

    /**
     * Converts the arguments to the parameters of the method, or returns null: a whole number fits a long, a
     * fraction does not.
     */
    private static Object @Nullable [] fitting(Class<?>[] types, List<@Nullable Object> arguments) {
        Object[] fitting = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            Object argument = arguments.get(i);
            if (types[i] == long.class && argument instanceof Integer number) {
                fitting[i] = number.longValue();
            } else if (argument != null
                    && (types[i].isInstance(argument) || types[i] == long.class && argument instanceof Long)) {
                fitting[i] = argument;
            } else {
                return null;
            }
        }
        return fitting;
    }

    private static boolean truth(@Nullable Object value, boolean live) {
        if (!live) {
            return false;
        }
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw new IllegalArgumentException("neither true nor false: " + value);
    }

    private boolean is(int index, String sign) {
        return index < tokens.size() && tokens.get(index).kind == 'q' && tokens.get(index).text.equals(sign);
    }

    private boolean take(String sign) {
        if (is(at, sign)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String sign) {
        if (!take(sign)) {
            throw new IllegalArgumentException(sign + " expected at " + tokens.subList(at, tokens.size()));
        }
    }

    private boolean isWord(String word) {
        return at < tokens.size() && tokens.get(at).kind == 'i' && tokens.get(at).text.equals(word);
    }

    private boolean takeWord(String word) {
        if (isWord(word)) {
            at++;
            return true;
        }
        return false;
    }

    private String word() {
        if (tokens.get(at).kind != 'i') {
            throw new IllegalArgumentException("name expected at " + tokens.subList(at, tokens.size()));
        }
        return tokens.get(at++).text;
    }
}
