# Copyright (c) 2026 The BMS Main binding authors
#
# This program and the accompanying materials are made available under the
# terms of the Eclipse Public License 2.0 which is available at
# https://www.eclipse.org/legal/epl-2.0
#
# SPDX-License-Identifier: EPL-2.0
"""A board on CAN, played by python-can through its slcan interface.

    can_node.py PATH NODE

Standard input gives its objects, one a line: INDEX:SUB HEXBYTES, and the frames that it sends ten times a second:
ID HEXBYTES; a line "end" follows the last one. "ready" is printed when it runs, and each frame that it hears as
ID HEXBYTES. An object of more than two bytes is given in segments, even where it would fit into one frame.
"""
import sys
import time

import can


def main():
    path, node = sys.argv[1], int(sys.argv[2])
    objects, frames = {}, []
    for line in sys.stdin:
        words = line.split()
        if words == ["end"]:
            break
        data = bytes.fromhex("".join(words[1:]))
        if ":" in words[0]:
            index, sub = words[0].split(":")
            objects[int(index, 16), int(sub, 16)] = data
        else:
            frames.append((int(words[0], 16), data))
    bus = can.Bus(interface="slcan", channel=path, bitrate=250000, sleep_after_open=0.1)
    print("ready", flush=True)
    server = Server(bus, node, objects)
    due = 0.0
    while True:
        if time.monotonic() >= due:
            due = time.monotonic() + 0.1
            for identifier, data in frames:
                send(bus, identifier, data)
        message = bus.recv(0.01)
        if message is not None:
            print("%03X %s" % (message.arbitration_id, message.data.hex()), flush=True)
            if message.arbitration_id == 0x600 + node and message.dlc == 8:
                server.answer(message.data)


def send(bus, identifier, data):
    bus.send(can.Message(arbitration_id=identifier, data=data, is_extended_id=False))


class Server:
    """SDO server of CiA 301: expedited and segmented upload, expedited download."""

    def __init__(self, bus, node, objects):
        self.bus, self.node, self.objects = bus, node, objects
        self.rest, self.toggle = b"", 0

    def answer(self, request):
        command, key = request[0] >> 5, request[1:4]
        index, sub = key[0] | key[1] << 8, key[2]
        value = self.objects.get((index, sub))
        if command == 4:
            return
        if command == 3:
            chunk, self.rest = self.rest[:7], self.rest[7:]
            last = 0 if self.rest else 1
            self.reply(bytes([self.toggle << 4 | 7 - len(chunk) << 1 | last]) + chunk)
            self.toggle ^= 1
        elif value is None:
            self.reply(b"\x80" + key + b"\x00\x00\x02\x06")
        elif command == 1:
            length = 4 - (request[0] >> 2 & 3)
            self.objects[index, sub] = bytes(request[4:4 + length])
            self.reply(b"\x60" + key)
        elif len(value) > 2:
            self.rest, self.toggle = value, 0
            self.reply(b"\x41" + key + len(value).to_bytes(4, "little"))
        else:
            self.reply(bytes([0x43 | 4 - len(value) << 2]) + key + value)

    def reply(self, data):
        send(self.bus, 0x580 + self.node, data.ljust(8, b"\x00"))


main()
