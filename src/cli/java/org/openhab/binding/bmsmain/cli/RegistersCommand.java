/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.LocationLine.LineException;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.PortHolders;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code bms registers}: shows the registers of a board, and searches for the place of a value.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Command(name = "registers", mixinStandardHelpOptions = true, description = "Shows the registers of a board, or looks for "
        + "a value in them. Only reads.", sortOptions = false, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:registers were shown, or the value was found", "2:bad arguments",
                "3:the device could not be read, or the value was not found" })
final class RegistersCommand implements Callable<Integer> {

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().serializeSpecialFloatingPointValues()
            .create();
    /** Range of the documented register map. */
    private static final String WHOLE_MAP = "0x2000-0x24FF";
    private static final double SHARE = 0.005;
    private static final int LONGEST_NUMBER = 100;
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})([sm]?)");
    private static final int SECONDS_PER_MINUTE = 60;
    private static final long LONGEST_SECONDS = 86_400;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private LinkOptions link = new LinkOptions();

    /** The task: exactly one of these. */
    static final class Task {
        @Option(names = "--dump", paramLabel = "FROM-TO", required = true, description = "Show these registers, such as "
                + "0x2100-0x2180.")
        @Nullable
        String dump;

        @Option(names = "--find", paramLabel = "VALUE", required = true, converter = Reading.class, //
                description = "Find registers that may contain this value, read on a multimeter or in another tool.")
        @Nullable
        BigDecimal find;

        @Option(names = "--suggest", required = true, description = "Search for the registers of values that are not "
                + "public, while the board is polled as usual and its current changes.")
        boolean suggest;

        @Option(names = "--report", required = true, description = "The same, as text for an issue of the project. It "
                + "contains the firmware version, but nothing that identifies the installation.")
        boolean report;
    }

    /** A number as read from a display. */
    static final class Reading implements ITypeConverter<BigDecimal> {
        @Override
        public BigDecimal convert(@Nullable String text) {
            BigDecimal number = number(text);
            if (number == null) {
                throw new TypeConversionException("'" + text + "' is not a number");
            }
            return number;
        }
    }

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Task task = new Task();

    @Option(names = "--table", paramLabel = "input|holding", defaultValue = "input", description = "Which registers "
            + "(default: ${DEFAULT-VALUE}).")
    private Table table = Table.INPUT;

    @Option(names = "--tolerance", paramLabel = "T", description = "Maximum difference between register and value "
            + "(default: half a percent, at least half of its last digit).")
    private @Nullable Double tolerance;

    @Option(names = "--range", paramLabel = "FROM-TO", defaultValue = WHOLE_MAP, description = "Registers to search "
            + "(default: ${DEFAULT-VALUE}).")
    private String range = WHOLE_MAP;

    @Option(names = "--changed", description = "Ask for further readings, and keep only the registers that match them.")
    private boolean changed;

    @Option(names = "--channel", paramLabel = "ID", defaultValue = "battery#voltage", description = "Channel "
            + "of the printed lines (default: ${DEFAULT-VALUE}).")
    private String channel = "";

    @Option(names = "--for", paramLabel = "TIME", defaultValue = "2m", description = "Duration of the search, such as "
            + "90s or 10m, with --suggest and --report (default: ${DEFAULT-VALUE}). It ends early if all results are "
            + "sure.")
    private String duration = "";

    @Option(names = "--cells", description = "Also search the window of the BMS Logic boards.")
    private boolean cells;

    @Option(names = "--in-use", paramLabel = "LINE", description = "A line of the parameter registers that is in use, "
            + "such as 'battery#voltage = input:0x2104:REAL32', for --report.")
    private List<String> inUse = List.of();

    @Option(names = "--format", paramLabel = "table|json", defaultValue = "table", description = "Text, or one JSON "
            + "object per line (default: ${DEFAULT-VALUE}).")
    private FormatOptions.Format format = FormatOptions.Format.TABLE;

    @Override
    public Integer call() throws IOException {
        link.check();
        if (task.suggest || task.report) {
            return suggest();
        }
        ModbusLine line = link.line(Ticker.system());
        ModbusSettings settings = link.settings();
        String dump = task.dump;
        BigDecimal value = task.find;
        Double allowed = tolerance;
        if (allowed != null && !(allowed >= 0)) {
            throw new ParameterException(spec.commandLine(), "--tolerance must be a number of at least 0");
        }
        Point point = Catalogue.byId(channel);
        if (point == null || !point.isChannel()) {
            throw new ParameterException(spec.commandLine(),
                    "--channel must be a channel of the binding, not " + channel);
        }
        RegisterRange registers;
        try {
            registers = RegisterRange.parse(table, dump == null ? range : dump);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        ProgressLine progress = ProgressLine.of(spec.commandLine().getErr());
        try (RegisterReader reader = new RegisterReader(line, settings, registers, Ticker.system(), progress)) {
            return value == null ? dump(registers, reader) : find(value, reader, settings);
        } catch (LinkException e) {
            spec.commandLine().getErr().println(
                    Texts.of(PortHolders.explain(e.failure(), line.name()), link.wire(), line.name(), link.address()));
            return ExitCode.NO_DEVICE;
        }
    }

    // ---- suggest ----

    private int suggest() {
        Matcher time = TIME.matcher(duration);
        if (!time.matches()) {
            throw new ParameterException(spec.commandLine(),
                    "--for must be a time such as 90s or 10m, not " + duration);
        }
        long seconds = Long.parseLong(time.group(1)) * ("m".equals(time.group(2)) ? SECONDS_PER_MINUTE : 1);
        if (seconds < 1 || seconds > LONGEST_SECONDS) {
            throw new ParameterException(spec.commandLine(), "--for must be a time from 1s to 1440m, not " + duration);
        }
        try {
            return new RegisterSuggest(link, inUse, cells, spec.commandLine().getOut(), spec.commandLine().getErr())
                    .run(Duration.ofSeconds(seconds),
                            task.report ? RegisterSuggest.Show.REPORT
                                    : format == FormatOptions.Format.JSON ? RegisterSuggest.Show.JSON
                                            : RegisterSuggest.Show.TABLE);
        } catch (LineException e) {
            throw new ParameterException(spec.commandLine(),
                    "--in-use " + inUse.get(e.line() - 1) + ": " + Texts.of(e.reason()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    // ---- dump ----

    private int dump(RegisterRange range, RegisterReader reader) throws LinkException {
        TreeMap<Integer, Integer> values = reader.read();
        PrintWriter out = spec.commandLine().getOut();
        if (format == FormatOptions.Format.TABLE) {
            out.println("address    hex    U16    S16 text  U32 little     U32 big  REAL32 little     REAL32 big");
        }
        int hole = -1;
        for (int address = range.first(); address <= range.last() + 1; address++) {
            boolean there = address <= range.last() && values.containsKey(address);
            if (hole >= 0 && (there || address > range.last() || reader.isHole(address) != reader.isHole(hole))) {
                printHole(out, hole, address - 1, reader.isHole(hole));
                hole = -1;
            }
            if (address > range.last()) {
                break;
            }
            if (there) {
                printRegister(out, address, values);
            } else if (hole < 0) {
                hole = address;
            }
        }
        tellUnexamined(reader);
        return values.isEmpty() ? ExitCode.NO_DEVICE : ExitCode.OK;
    }

    private void tellUnexamined(RegisterReader reader) {
        int count = reader.unexamined();
        if (count > 0) {
            spec.commandLine().getErr().println(count + " registers were not examined one by one: the board returns "
                    + "no data around them, and each attempt takes time. Use a smaller range to examine them.");
        }
    }

    private void printHole(PrintWriter out, int first, int last, boolean examined) {
        if (format == FormatOptions.Format.JSON) {
            JsonObject object = new JsonObject();
            object.addProperty("from", first);
            object.addProperty("to", last);
            object.addProperty("hole", true);
            object.addProperty("examined", examined);
            out.println(GSON.toJson(object));
        } else {
            out.println(String.format(Locale.ROOT, "0x%04X %s %s", first,
                    first == last ? "         " : String.format(Locale.ROOT, "to 0x%04X", last),
                    examined ? "the board has no registers here" : "not examined: no data around here"));
        }
    }

    private void printRegister(PrintWriter out, int address, Map<Integer, Integer> values) {
        int word = values.getOrDefault(address, 0);
        Integer next = values.get(address + 1);
        boolean pair = next != null;
        int little = (next == null ? 0 : next) << 16 | word;
        int big = word << 16 | (next == null ? 0 : next);
        if (format == FormatOptions.Format.JSON) {
            JsonObject object = new JsonObject();
            object.addProperty("address", address);
            object.addProperty("hex", String.format(Locale.ROOT, "%04X", word));
            object.addProperty("u16", word);
            object.addProperty("s16", (short) word);
            if (pair) {
                object.addProperty("u32little", Integer.toUnsignedLong(little));
                object.addProperty("u32big", Integer.toUnsignedLong(big));
                object.addProperty("real32little", finite(little));
                object.addProperty("real32big", finite(big));
            }
            out.println(GSON.toJson(object));
        } else {
            out.println(String.format(Locale.ROOT, "0x%04X    %04X  %5d %6d   %s%s  %10s  %10s %14s %14s", address,
                    word, word, (short) word, character(word), character(word >> 8),
                    pair ? Integer.toUnsignedString(little) : "", pair ? Integer.toUnsignedString(big) : "",
                    pair ? real(little) : "", pair ? real(big) : "").stripTrailing());
        }
    }

    private static @Nullable Double finite(int bits) {
        float real = Float.intBitsToFloat(bits);
        return Float.isNaN(real) || Float.isInfinite(real) ? null : Double.valueOf(Float.toString(real));
    }

    private static String real(int bits) {
        return RegisterGuess.number(Float.intBitsToFloat(bits));
    }

    private static char character(int code) {
        int low = code & 0xFF;
        return low > ' ' && low < 0x7F ? (char) low : '.';
    }

    // ---- find ----

    private int find(BigDecimal reading, RegisterReader reader, ModbusSettings settings)
            throws LinkException, IOException {
        TreeMap<Integer, Integer> values = reader.read();
        List<RegisterGuess> guesses = new ArrayList<>(
                RegisterGuess.all(table, values, reading.doubleValue(), tolerance(reading)));
        WordOrder order = settings.wordOrder();
        guesses.removeIf(guess -> order != null && guess.location().registers() > 1 && guess.order() != order);
        PrintWriter err = spec.commandLine().getErr();
        if (changed) {
            // Not closed: standard input is shared.
            Lines in = Lines.ofInput();
            while (guesses.size() > 1) {
                err.println(guesses.size() + " places. Wait until the value has changed, then enter the new reading; "
                        + "an empty line ends.");
                BigDecimal next = number(in.next());
                if (next == null) {
                    break;
                }
                TreeMap<Integer, Integer> now = reader.readAgain();
                guesses.removeIf(guess -> !guess.reads(now, next.doubleValue(), tolerance(next)));
                values = now;
            }
        }
        if (guesses.isEmpty()) {
            err.println("The value was not found in these registers. Try another --range, --table or --tolerance.");
            tellUnexamined(reader);
            return ExitCode.NO_DEVICE;
        }
        for (RegisterGuess guess : guesses) {
            print(guess, values);
        }
        return ExitCode.OK;
    }

    private static @Nullable BigDecimal number(@Nullable String line) {
        if (line == null || line.isBlank() || line.length() > LONGEST_NUMBER) {
            // A display has few digits, and parsing many digits takes quadratic time.
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(line.strip());
            return Double.isInfinite(number.doubleValue()) ? null : number;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private double tolerance(BigDecimal reading) {
        Double given = tolerance;
        double halfDigit = Math.pow(10, -Math.max(0, reading.scale())) / 2;
        return given != null ? given : Math.max(halfDigit, Math.abs(reading.doubleValue()) * SHARE);
    }

    private void print(RegisterGuess guess, Map<Integer, Integer> values) {
        PrintWriter out = spec.commandLine().getOut();
        double value = guess.value(values);
        if (format == FormatOptions.Format.JSON) {
            JsonObject object = new JsonObject();
            object.addProperty("line", guess.line(channel));
            object.addProperty("address", guess.location().address());
            object.addProperty("type", guess.location().type().name());
            object.addProperty("scale", guess.location().scale());
            object.addProperty("wordOrder", guess.location().registers() == 1 ? null : guess.order().id());
            object.addProperty("value", value);
            out.println(GSON.toJson(object));
        } else {
            out.println(String.format(Locale.ROOT, "%-45s %-17s reads %s", guess.line(channel), guess.condition(),
                    RegisterGuess.number(value)).stripTrailing());
        }
    }
}
