/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.twin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;

/**
 * The state of a simulated board: scripted values, values of the battery model, and values derived from both.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TwinState {

    private static final int CELLS_PER_BOARD = 12;
    private static final double CURRENT_PRESENT = 0.5;

    private static final Set<String> BLOCK_BOTH = Set.of("critical-error", "battery-cover-open", "cell-count-mismatch",
            "adc-error", "short-circuit", "bms-logic-offline", "insulation-fault", "contactor-stuck");
    private static final Set<String> BLOCK_CHARGING = Set.of("overvoltage", "low-temperature-charging",
            "high-temperature-charging", "charging-contactor-cycle-limit");
    private static final Set<String> BLOCK_DISCHARGING = Set.of("undervoltage", "overcurrent",
            "low-temperature-discharging", "high-temperature-discharging", "discharging-contactor-cycle-limit",
            "precharge-error");

    /** Channel ID of each internal signal, by signal name. */
    private static final Map<String, String> INTERNAL_IDS = IntStream.range(0, TwinSignals.INTERNAL.size()).boxed()
            .collect(Collectors.toMap(TwinSignals.INTERNAL::get, TwinSignals::internalId));
    private static final List<String> RELAYS = numbered("relays#relay-");
    private static final List<String> OUTPUTS = numbered("outputs#out-");
    private static final List<Integer> CELLS = IntStream.range(0, BatteryModel.CELLS).boxed().toList();

    private static final double SECONDS_PER_HOUR = 3600;

    private final TwinScript script;
    private final Clock clock;
    private final BatteryModel model;

    /** Layout of the unpublished values; null for the twin's default addresses. */
    private @Nullable HiddenMap hidden;
    private double seconds;
    private Instant last;
    /** Time that the device clock shows. It stands still while the board is frozen. */
    private Instant shown;
    private boolean frozen;
    private double lastCurrent = Double.NaN;
    private double chargeIn;
    private double chargeOut;
    private double energyIn;
    private double energyOut;

    TwinState(TwinScript script, Clock clock, double speed) {
        this.script = script;
        this.clock = clock;
        this.model = new BatteryModel(speed);
        this.last = clock.instant();
        this.shown = last;
    }

    // ---- unpublished values at other places ----

    /** Creates a new layout of the unpublished values, see {@link HiddenMap}. */
    void hide(long seed) {
        hidden = new HiddenMap(seed, BatteryModel.CELLS, script.logicBoards(), number(TwinRow.MAX_CHARGE_VOLTAGE),
                number(TwinRow.MIN_DISCHARGE_VOLTAGE), number(TwinRow.NOMINAL_CAPACITY));
    }

    /** Returns the layout of the unpublished values, or null for the twin's default addresses. */
    @Nullable
    HiddenMap hidden() {
        return hidden;
    }

    /** Returns the seconds since the start, without the time in which the board was frozen. */
    double seconds() {
        return seconds;
    }

    /** Returns the present value of a quantity of the hidden map. */
    double hidden(HiddenMap.Quantity what, int index) {
        switch (what) {
            case PACK_VOLTAGE:
                return number(TwinRow.VOLTAGE);
            case MIN_CELL_VOLTAGE:
                return number(TwinRow.MIN_CELL_VOLTAGE);
            case AVERAGE_CELL_VOLTAGE:
                return number(TwinRow.VOLTAGE) / BatteryModel.CELLS;
            case MAX_CELL_VOLTAGE:
                return number(TwinRow.MAX_CELL_VOLTAGE);
            case MIN_CELL_TEMPERATURE:
                return number(TwinRow.MIN_CELL_TEMPERATURE);
            case MAX_CELL_TEMPERATURE:
                return number(TwinRow.MAX_CELL_TEMPERATURE);
            case POWER:
                return number(TwinRow.VOLTAGE) * number(TwinRow.CURRENT);
            case CELL_VOLTAGE:
                return initialising() ? 0 : model.cellVoltage(index);
            case CELL_TEMPERATURE:
                return initialising() ? 0 : model.cellTemperature(index);
            case CURRENT:
                return number(TwinRow.CURRENT);
            case STATE_OF_CHARGE:
                return number(TwinRow.STATE_OF_CHARGE);
            case EXTERNAL_TEMPERATURE:
                return number(TwinRow.EXTERNAL_TEMPERATURE);
            case HUMIDITY:
                return number(TwinRow.HUMIDITY);
            default:
                throw new IllegalArgumentException("The map calculates this value: " + what);
        }
    }

    // ---- changes over time ----

    /** Stops or restarts the battery model and the device clock. */
    void freeze(boolean stop) {
        frozen = stop;
    }

    /** Advances the battery model and the device clock to the present time. */
    void advance() {
        Instant now = clock.instant();
        double elapsed = Duration.between(last, now).toMillis() / 1000.0;
        if (elapsed == 0) {
            return;
        }
        if (!frozen) {
            shown = now;
            seconds += Math.max(0, elapsed);
            if (elapsed > 0 && !initialising()) {
                model.advance(elapsed, internal("charging-contactor"), internal("discharging-contactor"));
                followStateOfCharge();
            }
        }
        if (elapsed > 0) {
            count(elapsed / SECONDS_PER_HOUR);
        }
        last = now;
    }

    /** Adds charge and energy since the last call, from the mean of the previous and the present current. */
    private void count(double hours) {
        double before = lastCurrent;
        double after = number(TwinRow.CURRENT);
        double voltage = number(TwinRow.VOLTAGE);
        lastCurrent = after;
        if (Double.isNaN(before) || Double.isNaN(after)) {
            return;
        }
        double charge = (before + after) / 2 * hours;
        chargeIn += Math.max(0, charge);
        chargeOut += Math.max(0, -charge);
        energyIn += Math.max(0, charge * voltage / 1000);
        energyOut += Math.max(0, -charge * voltage / 1000);
    }

    /** Returns the totals since the twin was created: kWh in and out, Ah in and out. */
    double[] flowed() {
        return new double[] { energyIn, energyOut, chargeIn, chargeOut };
    }

    /** Sets the model to a scripted state of charge, so that voltages and limits match it. */
    void followStateOfCharge() {
        Double pinned = script.number(TwinRow.STATE_OF_CHARGE);
        if (pinned != null && !pinned.isNaN()) {
            model.stateOfCharge(pinned);
        }
    }

    /** Returns the time that the device clock shows. */
    LocalDateTime deviceTime() {
        return LocalDateTime.ofInstant(shown, clock.getZone());
    }

    // ---- flags ----

    private boolean initialising() {
        return Boolean.TRUE.equals(script.flag("internal-signals#initialisation"));
    }

    private boolean input(String name) {
        Boolean software = script.forced(name);
        if (software != null) {
            return software;
        }
        Boolean pinned = script.flag("input-signals#" + name);
        if (pinned != null) {
            return pinned;
        }
        switch (name) {
            case "charger-connected":
            case "charge-request":
                return model.phase() == BatteryModel.Phase.CHARGING;
            case "discharge-request":
                return model.phase() == BatteryModel.Phase.DISCHARGING;
            case "interlock":
                return true;
            default:
                return false;
        }
    }

    private boolean internal(String name) {
        Boolean pinned = script.flag(String.valueOf(INTERNAL_IDS.get(name)));
        return pinned != null ? pinned : internalByModel(name);
    }

    /** Returns the present value of a flag that is part of a register. */
    boolean flag(String id) {
        String name = id.substring(id.indexOf('#') + 1);
        if (id.startsWith("input-signals#")) {
            return input(name);
        } else if (id.startsWith("faults#")) {
            return script.isRaised(name);
        }
        Boolean pinned = script.flag(id);
        if (pinned != null) {
            return pinned;
        } else if (id.startsWith("relays#")) {
            return relay(name);
        }
        return !id.startsWith("outputs#") && internalByModel(name);
    }

    private boolean relay(String name) {
        switch (name) {
            case "relay-1":
                return internal("discharging-contactor");
            case "relay-2":
                return internal("allow-charging");
            case "relay-3":
                return internal("charging-contactor");
            default:
                return internal("heater");
        }
    }

    private boolean internalByModel(String name) {
        switch (name) {
            case "low-soc":
                return !initialising() && number(TwinRow.STATE_OF_CHARGE) < 10;
            case "charging":
                return number(TwinRow.CURRENT) > CURRENT_PRESENT;
            case "discharging":
                return number(TwinRow.CURRENT) < -CURRENT_PRESENT;
            case "ready-to-charge":
                return !initialising() && !script.isRaised(BLOCK_BOTH) && !script.isRaised(BLOCK_CHARGING);
            case "ready-to-discharge":
                return !initialising() && !script.isRaised(BLOCK_BOTH) && !script.isRaised(BLOCK_DISCHARGING);
            case "allow-charging":
                return internal("ready-to-charge") && !input("inhibit-charging");
            case "charging-contactor":
                return internal("allow-charging") && input("charge-request");
            case "discharging-contactor":
                return internal("ready-to-discharge") && !input("inhibit-discharging") && input("discharge-request")
                        && !model.precharging();
            case "precharging-contactor":
                return internal("ready-to-discharge") && !input("inhibit-discharging")
                        && (input("precharge-request") || input("discharge-request") && model.precharging());
            case "common-contactor":
                return internal("charging-contactor") || internal("discharging-contactor");
            case "main-contactor":
                return internal("common-contactor") || input("close-main-contactor");
            case "voltage-too-high":
                return script.isRaised("overvoltage");
            case "heater":
                return !initialising() && number(TwinRow.MIN_CELL_TEMPERATURE) < 5;
            case "cooler":
                return !initialising() && number(TwinRow.MAX_CELL_TEMPERATURE) > 45;
            case "balancing-1":
                return input("balancing-request") || internal("charging-contactor") && model.stateOfCharge() > 95;
            case "power-up":
                return !initialising();
            case "external-1":
                return input("close-external-1");
            default:
                return false;
        }
    }

    private static List<String> numbered(String prefix) {
        return IntStream.rangeClosed(1, 4).mapToObj(n -> prefix + n).toList();
    }

    // ---- numbers ----

    /** Returns the present value of a numeric row. */
    double number(TwinRow row) {
        Double pinned = script.number(row);
        if (pinned != null) {
            return pinned;
        }
        switch (row) {
            case ERRORS_1:
                return script.errors() & 0xFFFF_FFFFL;
            case ERRORS_2:
                return script.errors() >>> 32;
            case INTERNAL_SIGNALS:
                return bits(TwinSignals.INTERNAL, this::internal);
            case INPUT_SIGNALS_LOW:
                return inputs() & 0xFFFF;
            case INPUT_SIGNALS_HIGH:
                return inputs() >>> 16;
            case RELAYS:
                return bits(RELAYS, this::flag);
            case OUTPUTS:
                return bits(OUTPUTS, this::flag);
            case SELECTED_BOARD:
                return script.selectedBoard();
            case STATE:
                return state();
            case STATE_DURATION:
                return Math.floor(model.secondsInPhase());
            case NOMINAL_CAPACITY:
                return BatteryModel.NOMINAL_CAPACITY;
            case MAX_CHARGE_VOLTAGE:
                return BatteryModel.CELLS * BatteryModel.MAX_CELL_VOLTAGE;
            case MIN_DISCHARGE_VOLTAGE:
                return BatteryModel.CELLS * BatteryModel.MIN_CELL_VOLTAGE;
            case MAX_CHARGE_CURRENT:
                return BatteryModel.MAX_CHARGE_CURRENT;
            case MAX_DISCHARGE_CURRENT:
                return BatteryModel.MAX_DISCHARGE_CURRENT;
            default:
                return initialising() ? 0 : measured(row);
        }
    }

    private double measured(TwinRow row) {
        switch (row) {
            case CURRENT:
                return flowing() ? model.current() : 0;
            case EXTERNAL_TEMPERATURE:
                return model.externalTemperature();
            case HUMIDITY:
                return model.humidity();
            case STATE_OF_CHARGE:
                return model.stateOfCharge();
            case BOARD_COUNT:
                return script.logicBoards();
            case VOLTAGE:
                return CELLS.stream().mapToDouble(model::cellVoltage).sum();
            case MIN_CELL_VOLTAGE:
                return CELLS.stream().mapToDouble(model::cellVoltage).min().orElse(0);
            case MAX_CELL_VOLTAGE:
                return CELLS.stream().mapToDouble(model::cellVoltage).max().orElse(0);
            case MIN_CELL_TEMPERATURE:
                return CELLS.stream().mapToDouble(model::cellTemperature).min().orElse(0);
            case MAX_CELL_TEMPERATURE:
                return CELLS.stream().mapToDouble(model::cellTemperature).max().orElse(0);
            case SENSOR_VOLTAGE:
                return 2.5 + number(TwinRow.CURRENT) * 0.00625;
            case SENSOR_REFERENCE_CALIBRATED:
                return 2.503;
            case SENSOR_REFERENCE:
            case AUX_SENSOR_VOLTAGE:
            case AUX_SENSOR_REFERENCE:
                return 2.5;
            case CHARGE_CURRENT_LIMIT:
                return internal("allow-charging")
                        ? BatteryModel.MAX_CHARGE_CURRENT * Math.min(1, (100 - model.stateOfCharge()) / 10)
                        : 0;
            case DISCHARGE_CURRENT_LIMIT:
                return internal("ready-to-discharge")
                        ? BatteryModel.MAX_DISCHARGE_CURRENT * Math.min(1, model.stateOfCharge() / 15)
                        : 0;
            default:
                return 0;
        }
    }

    private boolean flowing() {
        return internal(model.phase() == BatteryModel.Phase.CHARGING ? "charging-contactor" : "discharging-contactor");
    }

    private int state() {
        switch (model.phase()) {
            case CHARGING:
                return 1;
            case DISCHARGING:
                return 2;
            case RESTING_AFTER_CHARGING:
                return 3;
            default:
                return 6;
        }
    }

    private long inputs() {
        return bits(TwinSignals.INPUT, this::input);
    }

    /** Packs conditions into bits; the position of a name in the list is its bit number. */
    private static long bits(List<String> names, Predicate<String> holds) {
        long bits = 0;
        for (int bit = 0; bit < names.size(); bit++) {
            bits |= holds.test(names.get(bit)) ? 1L << bit : 0;
        }
        return bits;
    }

    // ---- the window of the selected BMS Logic board ----

    /** Returns the registers of the selected BMS Logic board: status, cell voltages, temperatures. */
    int[] window(WordOrder order) {
        int[] registers = new int[TwinRow.Type.WINDOW.registers()];
        if (initialising()) {
            return registers;
        }
        boolean ready = !script.isRaised("bms-logic-offline");
        boolean sensor = !script.isRaised("no-temperature-sensors");
        registers[0] = (ready ? 1 << 2 : 0) | (sensor ? 1 << 4 : 0);
        HiddenMap map = hidden;
        if (map != null) {
            map.fillWindow(registers, script.selectedBoard(), this::hidden, seconds, order);
            return registers;
        }
        int first = (script.selectedBoard() - 1) * CELLS_PER_BOARD;
        for (int cell = 0; cell < CELLS_PER_BOARD && ready; cell++) {
            registers[1 + cell] = (int) Math.round(model.cellVoltage((first + cell) % BatteryModel.CELLS) * 1000);
        }
        for (int n = 0; n < 2 && ready && sensor; n++) {
            registers[13 + n] = (int) Math.round(model.cellTemperature((first + n) % BatteryModel.CELLS) * 10) & 0xFFFF;
        }
        return registers;
    }
}
