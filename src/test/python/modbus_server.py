#!/usr/bin/python3
# Copyright (c) 2026 The BMS Main binding authors
#
# This program and the accompanying materials are made available under the
# terms of the Eclipse Public License 2.0 which is available at
# https://www.eclipse.org/legal/epl-2.0
#
# SPDX-License-Identifier: EPL-2.0
"""A Modbus server on pymodbus that holds the registers it is told.

    modbus_server.py tcp PORT UNIT
    modbus_server.py rtu PATH BAUD UNIT

Standard input holds one register a line, "i ADDRESS VALUE" for an input register or "h ADDRESS VALUE" for a holding
register, until a line "end". With a line "sparse" before it, reads of registers that were not named are refused.
"""
import logging
import os
import sys
import threading

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.server import StartSerialServer, StartTcpServer
from pymodbus.transaction import ModbusRtuFramer


def read_registers():
    tables = {"i": {}, "h": {}}
    sparse = False
    for line in sys.stdin:
        words = line.split()
        if words == ["end"]:
            break
        if words == ["sparse"]:
            sparse = True
        else:
            tables[words[0]][int(words[1])] = int(words[2])
    for table in tables.values():
        if not sparse:
            for address in range(0x10000):
                table.setdefault(address, 0)
        elif not table:
            table[0xFFFF] = 0
    return tables


def end_with_parent():
    while sys.stdin.read(1):
        pass
    os._exit(0)


def main():
    # It complains about each client that leaves and each read that it refuses.
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
    tables = read_registers()
    unit = int(sys.argv[-1])
    slave = ModbusSlaveContext(ir=ModbusSparseDataBlock(tables["i"]), hr=ModbusSparseDataBlock(tables["h"]),
                               zero_mode=True)
    context = ModbusServerContext(slaves={unit: slave}, single=False)
    threading.Thread(target=end_with_parent, daemon=True).start()
    print("ready", flush=True)
    if sys.argv[1] == "tcp":
        StartTcpServer(context=context, address=("127.0.0.1", int(sys.argv[2])))
    else:
        StartSerialServer(context=context, framer=ModbusRtuFramer, port=sys.argv[2], baudrate=int(sys.argv[3]),
                          timeout=0.05)


main()
