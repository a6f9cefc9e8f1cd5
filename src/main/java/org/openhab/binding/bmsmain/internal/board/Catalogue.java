/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import static org.openhab.binding.bmsmain.internal.board.Confidence.*;
import static org.openhab.binding.bmsmain.internal.board.Kind.*;
import static org.openhab.binding.bmsmain.internal.board.PdoLocation.*;
import static org.openhab.binding.bmsmain.internal.board.PollClass.*;
import static org.openhab.binding.bmsmain.internal.board.RegisterLocation.*;
import static org.openhab.binding.bmsmain.internal.board.Unit.*;
import static org.openhab.binding.bmsmain.internal.board.WireType.*;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Point.Builder;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;

/**
 * All values of a BMS Main 2.1, one line per value.
 * <p>
 * A line gives the ID of the value, its kind and unit, its physical limits, its locations on Modbus and CAN, its poll
 * class, the confidence in the source, and the channel style where it does not follow from kind and unit. The read
 * plan and the decoders use these lines; channels, tables and update instructions are generated from them:
 * {@code mvn test -Dtest=GeneratedFilesTest -Dbmsmain.write=true}. A new value is one line here and its texts.
 * <p>
 * The limits are those of physics and of the sensors, not those of a healthy battery: a value outside was not measured.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Catalogue {

    private static final List<Point> POINTS = new ArrayList<>();
    private static final Map<String, Point> BY_ID = new LinkedHashMap<>();

    private static final double MAX_CURRENT = 10_000;
    private static final double MAX_PACK_VOLTAGE = 2_000;
    private static final double MAX_SENSOR_VOLTAGE = 6;
    private static final double THIRTY_YEARS = 1e9;

    private static final List<String> BATTERY_STATES = List.of("state-0", "state-1", "state-2", "state-3", "state-4",
            "state-5", "relaxed-after-discharging");

    // @formatter:off

    // Read once per connection: properties of the Thing, and the clock of the device
    public static final Point HARDWARE_VERSION = add(new Builder("hardwareVersion", TEXT, NONE, V).pollClass(ONCE).register(input(0x0000, VERSION2)));
    public static final Point FIRMWARE_VERSION = add(new Builder("firmwareVersion", TEXT, NONE, V).pollClass(ONCE).register(input(0x0001, VERSION4)));
    public static final Point BOOTLOADER_VERSION = add(new Builder("bootloaderVersion", TEXT, NONE, V).pollClass(ONCE).register(input(0x0003, VERSION4)));
    public static final Point DEVICE_CLOCK = add(new Builder("deviceClock", TEXT, NONE, V).pollClass(ONCE).register(input(0x1000, CLOCK)));
    public static final Point WORD_ORDER = add(new Builder("wordOrder", TEXT, NONE, COMPUTED).origin(Origin.LINK));
    // Learned properties of the device; shown only if there are any
    public static final Point REQUEST_GAP = add(new Builder("requestGap", TEXT, NONE, COMPUTED).origin(Origin.LINK));
    public static final Point WAKE_UP = add(new Builder("wakeUpAfter", TEXT, NONE, COMPUTED).origin(Origin.LINK));
    public static final Point READ_LIMIT = add(new Builder("readLimit", TEXT, NONE, COMPUTED).origin(Origin.LINK));
    public static final Point CONNECT_WAIT = add(new Builder("connectWait", TEXT, NONE, COMPUTED).origin(Origin.LINK));
    public static final Point GATEWAY_HEADER = add(new Builder("gatewayHeader", TEXT, NONE, COMPUTED).origin(Origin.LINK));
    public static final Point MISSING_REGISTERS = add(new Builder("missingRegisters", TEXT, NONE, COMPUTED).origin(Origin.LINK));

    // Battery
    public static final Point STATE_OF_CHARGE = add(measure("battery#state-of-charge", PERCENT, 0, 100, V).fastestChange(5).register(input(0x2100, REAL32)).can(tpdo(1, 8, 5, U8, 1)).tags("Measurement", "StateOfCharge"));
    public static final Point VOLTAGE = add(measure("battery#voltage", VOLT, 0, MAX_PACK_VOLTAGE, GAP).fastestChange(200).can(tpdo(1, 8, 6, U16, 0.1)));
    public static final Point CURRENT = add(measure("battery#current", AMPERE, -MAX_CURRENT, MAX_CURRENT, V).fastestChange(2000).register(input(0x2001, REAL32)).can(tpdo(1, 8, 1, S16, 0.1)));
    public static final Point POWER = add(measure("battery#power", WATT, -MAX_CURRENT * MAX_PACK_VOLTAGE, MAX_CURRENT * MAX_PACK_VOLTAGE, COMPUTED).origin(Origin.DERIVED));
    public static final Point CHARGING = add(internal("battery#charging", 4, C).notWhileInitialising());
    public static final Point DISCHARGING = add(internal("battery#discharging", 6, N).notWhileInitialising());
    public static final Point STATE = add(new Builder("battery#state", CHOICE, NONE, V).range(0, 255).options(BATTERY_STATES).pollClass(SLOW).register(input(0x2410, U16)).category("Battery").advanced());
    public static final Point STATE_DURATION = add(measure("battery#state-duration", SECOND, 0, THIRTY_YEARS, V).pollClass(SLOW).register(input(0x2411, U32)).advanced());
    public static final Point MIN_CELL_VOLTAGE = add(measure("battery#min-cell-voltage", VOLT, 0, MAX_SENSOR_VOLTAGE, GAP).fastestChange(2).tag("Calculation").decimals(3));
    public static final Point MAX_CELL_VOLTAGE = add(measure("battery#max-cell-voltage", VOLT, 0, MAX_SENSOR_VOLTAGE, GAP).fastestChange(2).tag("Calculation").decimals(3));
    public static final Point MIN_CELL_TEMPERATURE = add(temperature("battery#min-cell-temperature", GAP).can(tpdo(1, 8, 3, S8, 1)).tag("Calculation"));
    public static final Point MAX_CELL_TEMPERATURE = add(temperature("battery#max-cell-temperature", GAP).can(tpdo(1, 8, 4, S8, 1)).tag("Calculation"));
    public static final Point CHARGE_CURRENT_LIMIT = add(setting("battery#charge-current-limit", AMPERE, 0, MAX_CURRENT, 0x219F).type("current-limit"));
    public static final Point DISCHARGE_CURRENT_LIMIT = add(setting("battery#discharge-current-limit", AMPERE, 0, MAX_CURRENT, 0x21A1).type("current-limit"));
    public static final Point NOMINAL_CAPACITY = add(setting("battery#nominal-capacity", AMPERE_HOUR, Double.MIN_VALUE, 100_000, 0x2420));
    public static final Point MAX_CHARGE_VOLTAGE = add(setting("battery#max-charge-voltage", VOLT, 0, MAX_PACK_VOLTAGE, 0x2422).type("voltage-setting"));
    public static final Point MIN_DISCHARGE_VOLTAGE = add(setting("battery#min-discharge-voltage", VOLT, 0, MAX_PACK_VOLTAGE, 0x2424).type("voltage-setting"));
    public static final Point MAX_CHARGE_CURRENT = add(setting("battery#max-charge-current", AMPERE, 0, MAX_CURRENT, 0x2426).type("current-setting"));
    public static final Point MAX_DISCHARGE_CURRENT = add(setting("battery#max-discharge-current", AMPERE, 0, MAX_CURRENT, 0x2428).type("current-setting"));

    // Energy: counted by the binding from current and voltage
    public static final Point CHARGED_ENERGY = add(counted("energy#charged-energy", KILOWATT_HOUR).type("counted-energy").advanced());
    public static final Point DISCHARGED_ENERGY = add(counted("energy#discharged-energy", KILOWATT_HOUR).type("counted-energy").advanced());
    public static final Point CHARGED_ENERGY_TODAY = add(counted("energy#charged-energy-today", KILOWATT_HOUR).type("energy-today"));
    public static final Point DISCHARGED_ENERGY_TODAY = add(counted("energy#discharged-energy-today", KILOWATT_HOUR).type("energy-today"));
    public static final Point CHARGE_IN = add(counted("energy#charge-in", AMPERE_HOUR).type("counted-charge").decimals(2).advanced());
    public static final Point CHARGE_OUT = add(counted("energy#charge-out", AMPERE_HOUR).type("counted-charge").decimals(2).advanced());
    public static final Point EQUIVALENT_FULL_CYCLES = add(counted("energy#equivalent-full-cycles", COUNT).type("full-cycles").tag("Calculation").decimals(2).advanced());
    public static final Point REMAINING_CHARGE = add(counted("energy#remaining-charge", AMPERE_HOUR).type("counted-charge").decimals(2).advanced());
    public static final Point REMAINING_ENERGY = add(counted("energy#remaining-energy", KILOWATT_HOUR).category("Battery").tag("Calculation").decimals(2).advanced());
    public static final Point TIME_TO_EMPTY = add(counted("energy#time-to-empty", SECOND).type("time-left").tag("Calculation"));
    public static final Point TIME_TO_FULL = add(counted("energy#time-to-full", SECOND).type("time-left").tag("Calculation"));
    public static final Point CHARGING_POWER = add(counted("energy#charging-power", WATT).type("directed-power").tag("Calculation").advanced());
    public static final Point DISCHARGING_POWER = add(counted("energy#discharging-power", WATT).type("directed-power").tag("Calculation").advanced());
    public static final Point COVERAGE = add(counted("energy#coverage", PERCENT).category("QualityOfService").tags("Measurement", "QualityOfService").decimals(2).advanced());

    // History: extremes of the values shown
    public static final Point HISTORY_BEGIN = add(counted("history#begin", TIME).type("history-time").tag("Calculation").advanced());
    public static final Point DEEPEST_DISCHARGE = add(counted("history#deepest-discharge", PERCENT).type("history-charge").tag("Calculation").advanced());
    public static final Point DEEPEST_DISCHARGE_TIME = add(counted("history#deepest-discharge-time", TIME).type("history-time").tag("Calculation").advanced());
    public static final Point HIGHEST_VOLTAGE = add(counted("history#highest-voltage", VOLT).type("history-voltage").tag("Calculation").decimals(3).advanced());
    public static final Point LOWEST_VOLTAGE = add(counted("history#lowest-voltage", VOLT).type("history-voltage").tag("Calculation").decimals(3).advanced());
    public static final Point LARGEST_CHARGING_CURRENT = add(counted("history#largest-charging-current", AMPERE).type("history-current").tag("Calculation").advanced());
    public static final Point LARGEST_DISCHARGING_CURRENT = add(counted("history#largest-discharging-current", AMPERE).type("history-current").tag("Calculation").advanced());
    public static final Point HIGHEST_TEMPERATURE = add(counted("history#highest-temperature", CELSIUS).type("history-temperature").tag("Calculation").advanced());
    public static final Point LOWEST_TEMPERATURE = add(counted("history#lowest-temperature", CELSIUS).type("history-temperature").tag("Calculation").advanced());
    public static final Point LOWEST_CELL_VOLTAGE = add(counted("history#lowest-cell-voltage", VOLT).type("history-voltage").tag("Calculation").decimals(3).advanced());
    public static final Point LOWEST_CELL = add(counted("history#lowest-cell", TEXT).type("extreme-cell").category("Battery").advanced());
    public static final Point HIGHEST_CELL_VOLTAGE = add(counted("history#highest-cell-voltage", VOLT).type("history-voltage").tag("Calculation").decimals(3).advanced());
    public static final Point HIGHEST_CELL = add(counted("history#highest-cell", TEXT).type("extreme-cell").category("Battery").advanced());
    public static final Point LAST_FULL_CHARGE = add(counted("history#last-full-charge", TIME).type("history-time").tag("Calculation").advanced());
    public static final Point FULL_CHARGES = add(counted("history#full-charges", COUNT).type("history-count").tag("Calculation").advanced());
    public static final Point FAULT_COUNT = add(counted("history#fault-count", COUNT).type("history-count").tag("Calculation").advanced());

    // Sensors: headers P12 (current) and P13 (humidity, temperature)
    public static final Point HUMIDITY = add(measure("sensors#humidity", PERCENT, 0, 100, V).fastestChange(20).register(input(0x2005, REAL32)).category("Humidity").tags("Measurement", "Humidity"));
    public static final Point EXTERNAL_TEMPERATURE = add(temperature("sensors#external-temperature", V).register(input(0x2003, REAL32)));
    public static final Point CURRENT_SENSOR_VOLTAGE = add(sensor("sensors#current-sensor-voltage", 0x218E));
    public static final Point CURRENT_SENSOR_REFERENCE = add(sensor("sensors#current-sensor-reference", 0x2190));
    public static final Point CURRENT_SENSOR_REFERENCE_CALIBRATED = add(sensor("sensors#current-sensor-reference-calibrated", 0x2185));
    public static final Point AUX_CURRENT_SENSOR_VOLTAGE = add(sensor("sensors#aux-current-sensor-voltage", 0x2192));
    public static final Point AUX_CURRENT_SENSOR_REFERENCE = add(sensor("sensors#aux-current-sensor-reference", 0x2194));

    // Relays on P8, P9, P6, P7: state of the function that the installer assigned to them
    public static final Point RELAY_1 = add(derived("relays#relay-1", FLAG).type("relay").tags("Status", "OpenState"));
    public static final Point RELAY_2 = add(derived("relays#relay-2", FLAG).type("relay").tags("Status", "OpenState"));
    public static final Point RELAY_3 = add(derived("relays#relay-3", FLAG).type("relay").tags("Status", "OpenState"));
    public static final Point RELAY_4 = add(derived("relays#relay-4", FLAG).type("relay").tags("Status", "OpenState"));

    // Discrete inputs of P11: the input signal that the installer assigned to them
    public static final Point IN_1 = add(derived("inputs#in-1", CONTACT).type("input").advanced());
    public static final Point IN_2 = add(derived("inputs#in-2", CONTACT).type("input").advanced());
    public static final Point IN_3 = add(derived("inputs#in-3", CONTACT).type("input").advanced());
    public static final Point IN_4 = add(derived("inputs#in-4", CONTACT).type("input").advanced());

    // Discrete outputs of P11
    public static final Point OUT_1 = add(output(1));
    public static final Point OUT_2 = add(output(2));
    public static final Point OUT_3 = add(output(3));
    public static final Point OUT_4 = add(output(4));

    // Indicators
    public static final Point DS1 = add(indicator("ds1"));
    public static final Point DS2 = add(indicator("ds2"));
    public static final Point DS3 = add(indicator("ds3"));
    public static final Point DS4 = add(indicator("ds4"));
    public static final Point DS5 = add(indicator("ds5"));
    public static final Point DS6 = add(indicator("ds6"));
    public static final Point DS7 = add(indicator("ds7"));
    public static final Point DS8 = add(indicator("ds8"));

    // Input signals (protocol, section 5)
    public static final Point BATTERY_COVER = add(signal(0, "battery-cover", V));
    public static final Point CHARGER_CONNECTED = add(signal(1, "charger-connected", V));
    public static final Point POWER_REQUEST = add(signal(2, "power-request", N));
    public static final Point INHIBIT_CHARGING = add(signal(3, "inhibit-charging", N));
    public static final Point INHIBIT_DISCHARGING = add(signal(4, "inhibit-discharging", N));
    public static final Point CHARGING_CONTACTOR_FEEDBACK = add(signal(5, "charging-contactor-feedback", V));
    public static final Point DISCHARGING_CONTACTOR_FEEDBACK = add(signal(6, "discharging-contactor-feedback", N));
    public static final Point INSULATION_STATUS = add(signal(7, "insulation-status", N));
    public static final Point CHARGE_REQUEST = add(signal(8, "charge-request", V));
    public static final Point PRECHARGE_REQUEST = add(signal(9, "precharge-request", I));
    public static final Point DISCHARGE_REQUEST = add(signal(10, "discharge-request", I));
    public static final Point PRECHARGE_CONTACTOR_FEEDBACK = add(signal(11, "precharge-contactor-feedback", I));
    public static final Point COMMON_CONTACTOR_FEEDBACK = add(signal(12, "common-contactor-feedback", V));
    public static final Point MAIN_CONTACTOR_FEEDBACK = add(signal(13, "main-contactor-feedback", I));
    public static final Point INTERLOCK = add(signal(14, "interlock", I));
    public static final Point FUSE_1 = add(signal(15, "fuse-1", I));
    public static final Point FUSE_2 = add(signal(16, "fuse-2", V));
    public static final Point FUSE_3 = add(signal(17, "fuse-3", V));
    public static final Point CIRCUIT_BREAKER = add(signal(18, "circuit-breaker", V));
    public static final Point BALANCING_REQUEST = add(signal(19, "balancing-request", V));
    public static final Point CLOSE_MAIN_CONTACTOR = add(signal(20, "close-main-contactor", V));
    public static final Point CLOSE_EXTERNAL_1 = add(signal(21, "close-external-1", V));

    // Internal signals (protocol, section 6); bits 4 and 6 are battery#charging and battery#discharging
    public static final Point LOW_SOC = add(internal(0, "low-soc", N).type("low-soc").category("LowBattery").tags("Alarm", "LowBattery").advanced().retyped(2));
    public static final Point HIGH_CHARGING_CURRENT = add(internal(1, "high-charging-current", N));
    public static final Point CHARGING_CONTACTOR = add(internal(2, "charging-contactor", C));
    public static final Point ALLOW_CHARGING = add(internal(3, "allow-charging", V));
    public static final Point DISCHARGING_CONTACTOR = add(internal(5, "discharging-contactor", C));
    public static final Point VOLTAGE_TOO_HIGH = add(internal(7, "voltage-too-high", N));
    public static final Point HEATER = add(internal(8, "heater", N));
    public static final Point COOLER = add(internal(9, "cooler", N));
    public static final Point HYG_SHUTDOWN = add(internal(10, "hyg-shutdown", N));
    public static final Point INITIALISATION = add(internal("internal-signals#initialisation", 11, C).retyped(2));
    public static final Point PRECHARGING_CONTACTOR = add(internal(12, "precharging-contactor", C));
    public static final Point COMBILIFT_SHUTDOWN = add(internal(13, "combilift-shutdown", C));
    public static final Point CELL_ANALYSIS = add(internal(14, "cell-analysis", N));
    public static final Point BALANCING_1 = add(internal(15, "balancing-1", V));
    public static final Point BALANCING_2 = add(internal(16, "balancing-2", V));
    public static final Point DISCHARGING_AUX_CONTACTOR = add(internal(17, "discharging-aux-contactor", N));
    public static final Point POWER_DOWN_ACKNOWLEDGED = add(internal(18, "power-down-acknowledged", N));
    public static final Point CROWN_EWS = add(internal(19, "crown-ews", C));
    public static final Point MAIN_CONTACTOR = add(internal(20, "main-contactor", C));
    public static final Point SERVICE_RESET = add(internal(21, "service-reset", C));
    public static final Point COMMON_CONTACTOR = add(internal(22, "common-contactor", C));
    public static final Point READY_TO_CHARGE = add(internal(23, "ready-to-charge", C));
    public static final Point READY_TO_DISCHARGE = add(internal(24, "ready-to-discharge", C));
    public static final Point POWER_UP = add(internal(25, "power-up", V));
    public static final Point EXTERNAL_1 = add(internal(26, "external-1", V));
    public static final Point HEATER_AUX = add(internal(27, "heater-aux", V));

    // Faults (protocol, section 7)
    public static final Point ALARM = add(derived("faults#alarm", TEXT).category("Alarm").tag("Alarm"));
    public static final Point ACTIVE_COUNT = add(derived("faults#active-count", COUNT).category("Alarm").advanced());
    public static final Point CRITICAL = add(derived("faults#critical", FLAG).category("Alarm").tag("Alarm"));
    public static final Point LAST_EVENT = add(new Builder("faults#last-event", TEXT, NONE, COMPUTED).origin(Origin.JOURNAL).category("Alarm").advanced());
    public static final Point LAST_EVENT_TIME = add(new Builder("faults#last-event-time", TIME, NONE, COMPUTED).origin(Origin.JOURNAL).tags("Status", "Info").advanced());
    public static final Point JOURNAL = add(new Builder("faults#journal", TEXT, NONE, COMPUTED).origin(Origin.JOURNAL).type("fault-journal").category("Alarm").advanced().since(2));
    public static final Point ERRORS_1 = add(new Builder("faults#errors-1", BITS, NONE, V).register(input(0x2007, U32)).can(tpdo(2, 8, 4, U32, 1), new SdoLocation(0x4020, 0, U32, Location.NO_BIT, 1)).unusedBits(0xC000_0000L).type("error-register").advanced());
    public static final Point ERRORS_2 = add(new Builder("faults#errors-2", BITS, NONE, V).register(input(0x200E, U32)).can(tpdo(3, 0, 0, U32, 1)).unusedBits(0xFFFC_0000L).type("error-register").advanced());
    public static final Point OVERCURRENT = add(fault1(0, "overcurrent", C));
    public static final Point UNDERVOLTAGE = add(fault1(1, "undervoltage", C));
    public static final Point OVERVOLTAGE = add(fault1(2, "overvoltage", C));
    public static final Point LOW_TEMPERATURE_DISCHARGING = add(fault1(3, "low-temperature-discharging", C));
    public static final Point HIGH_TEMPERATURE_DISCHARGING = add(fault1(4, "high-temperature-discharging", C));
    public static final Point BATTERY_COVER_OPEN = add(fault1(5, "battery-cover-open", V).critical());
    public static final Point HIGH_HUMIDITY = add(fault1(6, "high-humidity", N));
    public static final Point WATER = add(fault1(7, "water", N));
    public static final Point BMS_LOGIC_OVERHEATED = add(fault1(8, "bms-logic-overheated", V));
    public static final Point BMS_LOGIC_OFFLINE = add(fault1(9, "bms-logic-offline", N));
    public static final Point CRITICAL_ERROR = add(fault1(10, "critical-error", C).critical());
    public static final Point CROWN_TRUCK = add(fault1(11, "crown-truck", C));
    public static final Point CELL_COUNT_MISMATCH = add(fault1(12, "cell-count-mismatch", V).critical());
    public static final Point HYG_OFFLINE = add(fault1(13, "hyg-offline", C));
    public static final Point JOURNAL_UNACKNOWLEDGED = add(fault1(14, "journal-unacknowledged", C));
    public static final Point COMBILIFT_OFFLINE = add(fault1(15, "combilift-offline", C));
    public static final Point SHORT_CIRCUIT = add(fault1(16, "short-circuit", C));
    public static final Point CONTACTOR_OVERHEATED = add(fault1(17, "contactor-overheated", C));
    public static final Point ADC_ERROR = add(fault1(19, "adc-error", V).critical());
    public static final Point CURRENT_SENSOR_FAULT = add(fault1(20, "current-sensor-fault", C));
    public static final Point CHARGING_CONTACTOR_CYCLE_LIMIT = add(fault1(21, "charging-contactor-cycle-limit", V));
    public static final Point DISCHARGING_CONTACTOR_CYCLE_LIMIT = add(fault1(22, "discharging-contactor-cycle-limit", C));
    public static final Point CURRENT_SENSOR_MODULE_OFFLINE = add(fault1(23, "current-sensor-module-offline", C));
    public static final Point CURRENT_SENSOR_MODULE_FAULT = add(fault1(24, "current-sensor-module-fault", C));
    public static final Point WATCHDOG_RESTART = add(fault1(26, "watchdog-restart", C));
    public static final Point NO_TEMPERATURE_SENSORS = add(fault1(27, "no-temperature-sensors", C));
    public static final Point TEMPERATURE_SENSOR_SHORTED = add(fault1(28, "temperature-sensor-shorted", C));
    public static final Point SPIRIT_OFFLINE = add(fault1(29, "spirit-offline", C));
    public static final Point LOW_TEMPERATURE_CHARGING = add(fault2(0, "low-temperature-charging", V));
    public static final Point HIGH_TEMPERATURE_CHARGING = add(fault2(1, "high-temperature-charging", C));
    public static final Point SD_CARD_MOUNT = add(fault2(2, "sd-card-mount", C));
    public static final Point SD_CARD_READ_WRITE = add(fault2(3, "sd-card-read-write", C));
    public static final Point CHARGING_THROUGH_DISCHARGING_CONTACTOR = add(fault2(4, "charging-through-discharging-contactor", C));
    public static final Point CONTACTOR_STUCK = add(fault2(5, "contactor-stuck", C));
    public static final Point INSULATION_FAULT = add(fault2(8, "insulation-fault", C));
    public static final Point CONTACTOR_FEEDBACK_ERROR = add(fault2(12, "contactor-feedback-error", C));
    public static final Point GENERAL_ERROR = add(fault2(13, "general-error", V));
    public static final Point PRECHARGE_ERROR = add(fault2(17, "precharge-error", V));

    // BMS Logic boards on P15
    public static final Point BOARD_COUNT = add(new Builder("logic#board-count", COUNT, NONE, V).range(1, 23).register(input(0x2102, U16)).advanced());
    public static final Point SELECTED_BOARD = add(new Builder("logic#selected-board", COUNT, NONE, V).range(0, 247).register(input(0x2010, U16)).advanced());
    public static final Point CELL_VOLTAGE_DIFFERENCE = add(measure("logic#cell-voltage-difference", VOLT, 0, MAX_SENSOR_VOLTAGE, COMPUTED).origin(Origin.DERIVED).tag("Calculation").decimals(3).advanced());
    public static final Point AVERAGE_CELL_VOLTAGE = add(measure("logic#average-cell-voltage", VOLT, 0, MAX_SENSOR_VOLTAGE, COMPUTED).origin(Origin.DERIVED).tag("Calculation").decimals(3).advanced().since(2));
    public static final Point MIN_VOLTAGE_CELL = add(derived("logic#min-voltage-cell", TEXT).type("extreme-cell").category("Battery").advanced());
    public static final Point MAX_VOLTAGE_CELL = add(derived("logic#max-voltage-cell", TEXT).type("extreme-cell").category("Battery").advanced());

    // The connection
    public static final Point LAST_UPDATE = add(new Builder("link#last-update", TIME, NONE, COMPUTED).origin(Origin.LINK));
    public static final Point ONLINE = add(new Builder("link#online", FLAG, NONE, COMPUTED).origin(Origin.LINK).category("Network").advanced().since(2));
    public static final Point RESPONSE_TIME = add(measure("link#response-time", MILLISECOND, 0, THIRTY_YEARS, COMPUTED).origin(Origin.LINK).advanced());
    public static final Point REQUESTS = add(counter("requests"));
    public static final Point FAILED_REQUESTS = add(counter("failed-requests"));
    public static final Point REJECTED_VALUES = add(counter("rejected-values"));
    public static final Point RECONNECTS = add(counter("reconnects"));
    public static final Point QUALITY = add(measure("link#quality", PERCENT, 0, 100, COMPUTED).origin(Origin.LINK).type("link-quality").category("QualityOfService").tags("Measurement", "QualityOfService").decimals(0).advanced().since(2));
    public static final Point BUS_LOAD = add(measure("link#bus-load", PERCENT, 0, 100, COMPUTED).origin(Origin.LINK).category("QualityOfService").tags("Measurement", "QualityOfService").advanced());

    // @formatter:on

    /**
     * Values that stay valid without a link: the time of the last reading, the journal, the history, and the counters
     * that only a user resets. Values of one day are not included.
     */
    public static final Set<Point> LASTING = POINTS.stream()
            .filter(point -> point.origin() == Origin.JOURNAL || "history".equals(point.group())
                    || List.of(LAST_UPDATE, CHARGED_ENERGY, DISCHARGED_ENERGY, CHARGE_IN, CHARGE_OUT).contains(point))
            .collect(Collectors.toUnmodifiableSet());
    /** The points of the four relays, relay 1 first. */
    public static final List<Point> RELAYS = List.of(RELAY_1, RELAY_2, RELAY_3, RELAY_4);
    /** The indicators that show relays 1 to 4. */
    public static final List<Point> RELAY_INDICATORS = List.of(DS7, DS8, DS5, DS6);
    /** The points of the four discrete inputs, input 1 first. */
    public static final List<Point> INPUTS = List.of(IN_1, IN_2, IN_3, IN_4);
    /** The input signals by their number (protocol, section 5). All of them can be controlled by software. */
    public static final List<Point> SIGNALS = POINTS.stream().filter(point -> "input-signals".equals(point.group()))
            .toList();
    /** The faults that have a name, ordered by word (errors 1 first) and bit. */
    public static final List<Point> FAULTS = POINTS.stream()
            .filter(point -> "faults".equals(point.group()) && point.origin() == Origin.WIRE && point.kind() == FLAG)
            .toList();

    private Catalogue() {
    }

    /** Number of points in the catalogue; custom points have higher indexes. */
    public static int size() {
        return POINTS.size();
    }

    /** All points in the order of the catalogue; the position is the index. */
    public static List<Point> all() {
        return Collections.unmodifiableList(POINTS);
    }

    /** The points that are shown in channels. */
    public static List<Point> channels() {
        return POINTS.stream().filter(Point::isChannel).toList();
    }

    /** The points that are shown as properties of the Thing. */
    public static List<Point> properties() {
        return POINTS.stream().filter(point -> !point.isChannel()).toList();
    }

    /**
     * Finds a point by its ID.
     *
     * @param id {@code group#channel} or the name of a property
     * @return null when there is none
     */
    public static @Nullable Point byId(String id) {
        return BY_ID.get(id);
    }

    private static Point add(Builder builder) {
        Point point = new Point(builder, POINTS.size());
        POINTS.add(point);
        BY_ID.put(point.id(), point);
        return point;
    }

    private static Builder measure(String id, Unit unit, double min, double max, Confidence confidence) {
        return new Builder(id, MEASUREMENT, unit, confidence).range(min, max);
    }

    private static Builder temperature(String id, Confidence confidence) {
        return measure(id, CELSIUS, Point.MIN_TEMPERATURE, Point.MAX_TEMPERATURE, confidence).fastestChange(5);
    }

    /** Outputs and reference lines of the current sensors, read by a 5 V converter. */
    private static Builder sensor(String id, int address) {
        return setting(id, VOLT, -1, MAX_SENSOR_VOLTAGE, address).type("sensor-voltage").decimals(4);
    }

    /** Settings, and other values that are read as rarely. */
    private static Builder setting(String id, Unit unit, double min, double max, int address) {
        return measure(id, unit, min, max, V).pollClass(SLOW).register(input(address, REAL32)).tag("Status").advanced();
    }

    private static Builder counted(String id, Unit unit) {
        return new Builder(id, MEASUREMENT, unit, COMPUTED).origin(Origin.COUNTED).since(2);
    }

    private static Builder counted(String id, Kind kind) {
        return new Builder(id, kind, NONE, COMPUTED).origin(Origin.COUNTED).since(2);
    }

    private static Builder flag(String id, Confidence confidence) {
        return new Builder(id, FLAG, NONE, confidence);
    }

    private static Builder derived(String id, Kind kind) {
        return new Builder(id, kind, NONE, COMPUTED).origin(Origin.DERIVED);
    }

    private static Builder output(int number) {
        return flag("outputs#out-" + number, I).register(inputBit(0x200B, U16, number - 1)).type("output").advanced();
    }

    private static Builder indicator(String name) {
        return derived("indicators#" + name, CHOICE).options(Indicator.IDS).type("indicator").category("Light")
                .tags("Status", "Light").advanced();
    }

    private static Builder signal(int number, String name, Confidence confidence) {
        Builder builder = flag("input-signals#" + name, confidence).type("input-signal").advanced();
        int bit = number % 16;
        SdoLocation object = new SdoLocation(number < 16 ? 0x4000 : 0x4001, 0, U16, bit, 1);
        builder.register(inputBit(number < 16 ? 0x2000 : 0x20F4, U16, bit));
        return number < 8 ? builder.can(tpdoBit(1, 8, 0, U8, number), object)
                : builder.can(tpdoBit(3, 0, 4, U16, number - 8), object);
    }

    private static Builder internal(int bit, String name, Confidence confidence) {
        return internal("internal-signals#" + name, bit, confidence).type("internal-signal").advanced();
    }

    private static Builder internal(String id, int bit, Confidence confidence) {
        return flag(id, confidence).register(inputBit(0x2009, U32, bit)).can(tpdoBit(2, 8, 0, U32, bit));
    }

    private static Builder fault1(int bit, String name, Confidence confidence) {
        return fault(name, confidence).register(inputBit(0x2007, U32, bit)).can(tpdoBit(2, 8, 4, U32, bit),
                new SdoLocation(0x4020, 0, U32, bit, 1));
    }

    private static Builder fault2(int bit, String name, Confidence confidence) {
        return fault(name, confidence).register(inputBit(0x200E, U32, bit)).can(tpdoBit(3, 0, 0, U32, bit));
    }

    private static Builder fault(String name, Confidence confidence) {
        return flag("faults#" + name, confidence).type("fault").category("Alarm").tag("Alarm").advanced();
    }

    private static Builder counter(String name) {
        return new Builder("link#" + name, COUNT, NONE, COMPUTED).origin(Origin.LINK).type("counter")
                .category("QualityOfService").tags("Measurement", "QualityOfService").advanced();
    }
}
