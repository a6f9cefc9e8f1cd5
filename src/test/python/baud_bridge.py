#!/usr/bin/env python3
"""Joins two pseudo terminals like an RS-485 line: what one side writes arrives at the other side intact only while
both have set the same speed; otherwise as other bytes. Prints the two device names, then runs until its input ends."""
import os
import select
import sys
import termios
import tty


def end():
    master, slave = os.openpty()
    tty.setraw(slave)
    return master, slave


def speed(slave):
    return termios.tcgetattr(slave)[4]


def garbled(data):
    # a receiver at another speed sees other bytes, and not as many
    return bytes((b * 37 + 11) & 0xFF for b in data[::2])


def main():
    (master_a, slave_a), (master_b, slave_b) = end(), end()
    print(os.ttyname(slave_a), os.ttyname(slave_b), flush=True)
    far = {master_a: master_b, master_b: master_a}
    while True:
        for ready in select.select([master_a, master_b, sys.stdin], [], [])[0]:
            if ready is sys.stdin:
                return
            data = os.read(ready, 4096)
            same = speed(slave_a) == speed(slave_b)
            os.write(far[ready], data if same else garbled(data))


main()
