/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.config.core;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills configuration objects and converts single values.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class ConfigParser {

    private static final Logger LOGGER = LoggerFactory.getLogger(ConfigParser.class);

    private static final Map<Class<?>, Class<?>> WRAPPERS = Map.of(float.class, Float.class, double.class, Double.class,
            long.class, Long.class, int.class, Integer.class, short.class, Short.class, byte.class, Byte.class,
            boolean.class, Boolean.class);

    private static final Map<Class<?>, Object> ZEROS = Map.of(float.class, 0f, double.class, 0d, long.class, 0L,
            int.class, 0, short.class, (short) 0, byte.class, (byte) 0, boolean.class, false, char.class, '\0');

    private ConfigParser() {
    }

    /**
     * Makes an object with a public constructor without parameters and sets its fields, those of its superclasses
     * too, to the values of the same name. Final and transient fields are left alone, and so is a field without a value
     * or with one that cannot be converted. A record gets its components the same way.
     *
     * @param properties the values
     * @param configurationClass the class
     * @return the object, or null if it cannot be made
     */
    public static <T> @Nullable T configurationAs(Map<String, @Nullable Object> properties,
            Class<T> configurationClass) {
        try {
            return configurationClass.isRecord() ? makeRecord(properties, configurationClass)
                    : makeObject(properties, configurationClass);
        } catch (ReflectiveOperationException e) {
            LOGGER.warn("Cannot make a {} of the keys {}: {}", configurationClass.getName(), properties.keySet(),
                    e.getMessage());
            return null;
        }
    }

    private static <T> T makeObject(Map<String, @Nullable Object> properties, Class<T> type)
            throws ReflectiveOperationException {
        T configuration = type.getConstructor().newInstance();
        for (Class<?> level = type; level != null; level = level.getSuperclass()) {
            for (Field field : level.getDeclaredFields()) {
                if ((field.getModifiers() & (Modifier.FINAL | Modifier.TRANSIENT)) == 0) {
                    Object value = convert(properties.get(field.getName()), field.getType(), field.getGenericType(),
                            field.getName());
                    if (value != null) {
                        field.setAccessible(true);
                        field.set(configuration, value);
                    }
                }
            }
        }
        return configuration;
    }

    private static <T> T makeRecord(Map<String, @Nullable Object> properties, Class<T> type)
            throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            types[i] = component.getType();
            Object value = convert(properties.get(component.getName()), component.getType(), component.getGenericType(),
                    component.getName());
            values[i] = value != null ? value : ZEROS.get(component.getType());
        }
        Constructor<T> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    private static @Nullable Object convert(@Nullable Object value, Class<?> type, @Nullable Type genericType,
            String name) {
        if (!(value instanceof Collection<?> collection)) {
            return valueAs(value, type);
        }
        if ((List.class.isAssignableFrom(type) || Set.class.isAssignableFrom(type))
                && genericType instanceof ParameterizedType parameterized
                && parameterized.getActualTypeArguments()[0] instanceof Class<?> elementType) {
            Collection<Object> target = List.class.isAssignableFrom(type) ? new ArrayList<>() : new HashSet<>();
            for (Object element : collection) {
                Object converted = valueAs(element, elementType);
                if (converted != null) {
                    target.add(converted);
                }
            }
            return target;
        }
        LOGGER.warn("Field '{}' cannot take several values: it is no List or Set of a plain class", name);
        return null;
    }

    public static <T> T valueAsOrElse(@Nullable Object value, Class<T> type, T defaultValue) {
        return Objects.requireNonNullElse(valueAs(value, type), defaultValue);
    }

    /**
     * Converts between number types, from text to number, boolean or enum, and from one text to a list or set of it.
     *
     * @param value the value
     * @param type the wanted type, a primitive type stands for its wrapper
     * @return the value in that type, or null if there is no conversion
     */
    @SuppressWarnings("unchecked")
    public static <T> @Nullable T valueAs(@Nullable Object value, Class<T> type) {
        Class<?> target = WRAPPERS.getOrDefault(type, type);
        if (value == null || target.isInstance(value)) {
            return (T) value;
        }
        Object result = null;
        try {
            if (value instanceof Number number) {
                result = fromNumber(number, target);
            } else if (value instanceof String text) {
                result = fromText(text, target);
            }
        } catch (IllegalArgumentException e) {
            LOGGER.debug("{}", e.getMessage());
        }
        if (result == null) {
            LOGGER.warn("Cannot convert '{}' to {}", value, type);
        }
        return (T) result;
    }

    private static @Nullable Object fromNumber(Number number, Class<?> target) {
        if (target == Float.class) {
            return number.floatValue();
        } else if (target == Double.class) {
            return number.doubleValue();
        } else if (target == Long.class) {
            return number.longValue();
        } else if (target == Integer.class) {
            return number.intValue();
        } else if (target == Short.class) {
            return number.shortValue();
        } else if (target == Byte.class) {
            return number.byteValue();
        }
        return target == BigDecimal.class ? new BigDecimal(number.toString()) : null;
    }

    private static @Nullable Object fromText(String text, Class<?> target) {
        if (target == Float.class) {
            return Float.valueOf(text);
        } else if (target == Double.class) {
            return Double.valueOf(text);
        } else if (target == Long.class) {
            return Long.valueOf(text);
        } else if (target == Integer.class) {
            return Integer.valueOf(text);
        } else if (target == Short.class) {
            return Short.valueOf(text);
        } else if (target == Byte.class) {
            return Byte.valueOf(text);
        } else if (target == BigDecimal.class) {
            return new BigDecimal(text);
        } else if (target == Boolean.class) {
            return Boolean.valueOf(text);
        } else if (target.isEnum()) {
            return Stream.of(Objects.requireNonNull(target.getEnumConstants()))
                    .filter(constant -> ((Enum<?>) constant).name().equals(text)).findAny().orElse(null);
        } else if (target.isAssignableFrom(List.class) && Collection.class.isAssignableFrom(target)) {
            return List.of(text);
        }
        return target == Set.class ? Set.of(text) : null;
    }
}
