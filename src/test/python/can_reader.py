# Copyright (c) 2026 The BMS Main binding authors
#
# This program and the accompanying materials are made available under the
# terms of the Eclipse Public License 2.0 which is available at
# https://www.eclipse.org/legal/epl-2.0
#
# SPDX-License-Identifier: EPL-2.0
"""Listens to a CAN bus by python-can's slcan interface, and does nothing with what it hears.

    can_reader.py PATH

"ready" is printed when it listens; at each frame 7FF, how many frames came since the one before, and the nanoseconds
of CPU time that they took.
"""
import sys
import time

import can


def main():
    sys.stdin.readline()
    bus = can.Bus(interface="slcan", channel=sys.argv[1], bitrate=250000, sleep_after_open=0.1)
    print("ready", flush=True)
    frames, begun = 0, time.process_time_ns()
    while True:
        message = bus.recv()
        if message is None:
            continue
        if message.arbitration_id == 0x7FF:
            print(frames, time.process_time_ns() - begun, flush=True)
            frames, begun = 0, time.process_time_ns()
        else:
            frames += 1


main()
