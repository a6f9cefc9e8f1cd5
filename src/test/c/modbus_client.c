/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */

/*
 * Reads the same block again and again with libmodbus, and prints what that took.
 *
 *     modbus_client tcp PORT UNIT READS COUNT
 *     modbus_client rtu PATH BAUD UNIT READS COUNT SILENCE_MICROSECONDS
 *
 * Prints the median and the 99th percentile of the round trips, the CPU time of each, and the whole time, all in
 * microseconds. The silence is kept before each request; libmodbus itself keeps none.
 */
#include <modbus.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double now_micros(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static double cpu_micros(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static int ascending(const void *one, const void *other)
{
    double difference = *(const double *) one - *(const double *) other;
    return difference < 0 ? -1 : difference > 0;
}

int main(int count, char **arguments)
{
    if (count < 6) {
        return 2;
    }
    int rtu = strcmp(arguments[1], "rtu") == 0;
    modbus_t *context = rtu ? modbus_new_rtu(arguments[2], atoi(arguments[3]), 'N', 8, 1)
                            : modbus_new_tcp("127.0.0.1", atoi(arguments[2]));
    char **rest = arguments + (rtu ? 4 : 3);
    modbus_set_slave(context, atoi(rest[0]));
    int reads = atoi(rest[1]);
    int registers = atoi(rest[2]);
    int silence = rtu ? atoi(rest[3]) : 0;
    modbus_set_response_timeout(context, 2, 0);
    if (modbus_connect(context) != 0) {
        return 1;
    }
    uint16_t words[125];
    double *trips = calloc(reads, sizeof *trips);
    double begun = now_micros();
    double cpu = cpu_micros();
    for (int i = 0; i < reads; i++) {
        if (silence > 0) {
            usleep(silence);
        }
        double sent = now_micros();
        if (modbus_read_input_registers(context, 0x3000 + i % 256, registers, words) != registers) {
            return 1;
        }
        trips[i] = now_micros() - sent;
    }
    double whole = now_micros() - begun;
    cpu = cpu_micros() - cpu;
    qsort(trips, reads, sizeof *trips, ascending);
    printf("%f %f %f %f\n", trips[reads / 2], trips[reads * 99 / 100], cpu / reads, whole / reads);
    return 0;
}
