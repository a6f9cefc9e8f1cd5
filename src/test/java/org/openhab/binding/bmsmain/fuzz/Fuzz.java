/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Assertions;

/**
 * Invalid inputs of all kinds: examples from {@code src/test/resources/fuzz}, cut, joined and changed at random.
 * <p>
 * The seed is new on each run. A failing test reports the seed and the input; add that input to the examples.
 * {@code -Dbmsmain.fuzz=N} sets the number of inputs, {@code -Dbmsmain.seed=N} repeats a run.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Fuzz {

    private static final int INPUTS = Integer.getInteger("bmsmain.fuzz", 20_000);
    private static final int LONGEST = 3_000;

    private final List<byte[]> examples;
    private final long seed = Rounds.seed(7_341_205);
    private final Random random = new Random(seed);

    private Fuzz(List<byte[]> examples) {
        this.examples = examples;
    }

    /** Examples as bytes in hexadecimal, one per line. */
    public static Fuzz ofHex(String file) {
        return new Fuzz(lines(file).stream().map(HexFormat.of()::parseHex).toList());
    }

    /** Examples that are lines of text. */
    public static Fuzz ofText(String file) {
        return new Fuzz(lines(file).stream().map(line -> line.getBytes(StandardCharsets.ISO_8859_1)).toList());
    }

    private static List<String> lines(String file) {
        try (InputStream in = Fuzz.class.getResourceAsStream("/fuzz/" + file)) {
            Assertions.assertNotNull(in, file);
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The code under test, called with each input. */
    public interface Trial {
        void run(byte[] input, Random random) throws Exception;
    }

    /** Tests each example and many modified ones. */
    public void run(Trial trial) {
        examples.forEach(example -> tryOne(trial, example));
        for (int i = 0; i < INPUTS; i++) {
            tryOne(trial, changed());
        }
    }

    private void tryOne(Trial trial, byte[] input) {
        try {
            trial.run(input, random);
        } catch (Exception | AssertionError e) {
            throw new AssertionError("seed " + seed + ", input " + HexFormat.of().formatHex(input) + " = "
                    + new String(input, StandardCharsets.ISO_8859_1), e);
        }
    }

    private byte[] changed() {
        byte[] bytes = example();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            bytes = switch (random.nextInt(7)) {
                case 0 -> joined(bytes, at, new byte[] { (byte) random.nextInt(256) }, at);
                case 1 -> bytes.length == 0 ? bytes : joined(bytes, at, new byte[0], at + 1);
                case 2 -> Arrays.copyOf(bytes, at);
                case 3 -> joined(bytes, bytes.length, example(), bytes.length);
                case 4 -> joined(bytes, at, example(), at);
                case 5 -> repeated(bytes);
                default -> flipped(bytes, at);
            };
        }
        return bytes.length > LONGEST ? Arrays.copyOf(bytes, LONGEST) : bytes;
    }

    private byte[] example() {
        return examples.get(random.nextInt(examples.size())).clone();
    }

    private byte[] repeated(byte[] bytes) {
        byte[] result = bytes;
        for (int i = random.nextInt(5); i > 0 && result.length < LONGEST; i--) {
            result = joined(result, result.length, bytes, result.length);
        }
        return result;
    }

    private byte[] flipped(byte[] bytes, int at) {
        if (bytes.length > 0) {
            bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private static byte[] joined(byte[] bytes, int headLength, byte[] middle, int tailFrom) {
        int tail = bytes.length - tailFrom;
        byte[] result = new byte[headLength + middle.length + tail];
        System.arraycopy(bytes, 0, result, 0, headLength);
        System.arraycopy(middle, 0, result, headLength, middle.length);
        System.arraycopy(bytes, tailFrom, result, headLength + middle.length, tail);
        return result;
    }
}
