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
 * A Modbus server on libmodbus.
 *
 *     modbus_server tcp PORT UNIT [PORTS]
 *     modbus_server rtu PATH BAUD UNIT TURN_MICROSECONDS
 *
 * Standard input holds one register a line, "i ADDRESS VALUE" or "h ADDRESS VALUE", until a line "end". A line "truth
 * MILLISECONDS" lets the registers change with the wall clock instead: each is a function of its address and of the
 * number of that step of time, the one that the class Truth of the tests computes too.
 */
#include <errno.h>
#include <modbus.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static modbus_mapping_t *mapping;
static int step_millis;

static uint32_t mix(uint32_t address, uint32_t step)
{
    uint32_t h = address * 2654435761u + step * 2246822519u + 374761393u;
    h ^= h >> 15;
    h *= 0x2C1B3C6Du;
    h ^= h >> 12;
    h *= 0x297A2D39u;
    h ^= h >> 15;
    return h;
}

static int is_real(uint32_t address)
{
    return (address >= 0x2001 && address <= 0x2006 && address % 2 == 1) || address == 0x2100 || address == 0x2185 ||
           (address >= 0x218E && address <= 0x2194 && address % 2 == 0) || address == 0x219F || address == 0x21A1 ||
           (address >= 0x2420 && address <= 0x2428 && address % 2 == 0);
}

static uint16_t truth(uint32_t address, uint32_t step)
{
    uint32_t h = mix(address, step);
    if (is_real(address)) {
        return (uint16_t) h;
    }
    switch (address) {
    case 0x2000:
    case 0x2007:
    case 0x200E:
    case 0x20F4:
    case 0x2411:
        return (uint16_t) h;
    case 0x2008:
        return h & 0x3FFF;
    case 0x2009:
        return h & 0xF7FF;
    case 0x200A:
        return h & 0x0FFF;
    case 0x200B:
        return h & 0x000F;
    case 0x200F:
        return h & 0x0003;
    case 0x2010:
        return h % 248;
    case 0x2102:
        return 1 + h % 23;
    case 0x2410:
        return h % 7;
    case 0x2412:
        return h & 0x00FF;
    default:
        /* the high word of a number from 1 to 2: plausible wherever it lands */
        return 0x3F80 + (h & 0x7F);
    }
}

static void update(const uint8_t *query, int at)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t millis = (uint64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
    uint32_t step = (uint32_t) (millis / step_millis);
    int first = query[at + 1] << 8 | query[at + 2];
    int count = query[at + 3] << 8 | query[at + 4];
    for (int i = 0; i < count && i < 125 && first + i < 65536; i++) {
        mapping->tab_input_registers[first + i] = truth(first + i, step);
        mapping->tab_registers[first + i] = truth(first + i, step);
    }
}

static void read_registers(void)
{
    char line[80];
    char table;
    int address;
    int value;
    while (fgets(line, sizeof line, stdin) && strncmp(line, "end", 3) != 0) {
        if (sscanf(line, "truth %d", &value) == 1) {
            step_millis = value;
        } else if (sscanf(line, "%c %d %d", &table, &address, &value) == 3) {
            (table == 'i' ? mapping->tab_input_registers : mapping->tab_registers)[address] = (uint16_t) value;
        }
    }
}

static void *end_with_parent(void *unused)
{
    char byte;
    while (read(0, &byte, 1) > 0) {
    }
    exit(0);
    return unused;
}

static void serve(modbus_t *context, int turn_micros)
{
    uint8_t query[MODBUS_RTU_MAX_ADU_LENGTH + MODBUS_TCP_MAX_ADU_LENGTH];
    int header = modbus_get_header_length(context);
    for (;;) {
        int length = modbus_receive(context, query);
        if (length > 0) {
            if (turn_micros > 0) {
                usleep(turn_micros);
            }
            if (step_millis > 0) {
                update(query, header);
            }
            modbus_reply(context, query, length, mapping);
        } else if (length < 0 && header > 1) {
            return;
        } else if (length < 0 && errno == EIO) {
            usleep(10000);
        }
    }
}

static void *serve_connection(void *argument)
{
    int socket = (int) (intptr_t) argument;
    modbus_t *context = modbus_new_tcp("127.0.0.1", 1);
    modbus_set_socket(context, socket);
    serve(context, 0);
    modbus_close(context);
    modbus_free(context);
    return NULL;
}

/* Listens on this many ports, the given one and those behind it. */
static void serve_ports(int port, int ports)
{
    struct rlimit files = { 8192, 8192 };
    setrlimit(RLIMIT_NOFILE, &files);
    struct pollfd *listeners = calloc(ports, sizeof *listeners);
    for (int i = 0; i < ports; i++) {
        modbus_t *context = modbus_new_tcp("127.0.0.1", port + i);
        listeners[i].fd = modbus_tcp_listen(context, 64);
        listeners[i].events = POLLIN;
        if (listeners[i].fd < 0) {
            fprintf(stderr, "port %d: %s\n", port + i, modbus_strerror(errno));
            return;
        }
    }
    puts("ready");
    fflush(stdout);
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    while (poll(listeners, ports, -1) > 0) {
        for (int i = 0; i < ports; i++) {
            int socket = listeners[i].revents == 0 ? -1 : accept(listeners[i].fd, NULL, NULL);
            if (socket >= 0) {
                int on = 1;
                setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                pthread_t connection;
                pthread_create(&connection, &small, serve_connection, (void *) (intptr_t) socket);
                pthread_detach(connection);
            }
        }
    }
}

int main(int count, char **arguments)
{
    if (count < 4) {
        return 2;
    }
    mapping = modbus_mapping_new(0, 0, 65536, 65536);
    read_registers();
    pthread_t watcher;
    pthread_create(&watcher, NULL, end_with_parent, NULL);
    if (strcmp(arguments[1], "tcp") == 0) {
        serve_ports(atoi(arguments[2]), count > 4 ? atoi(arguments[4]) : 1);
        return 1;
    }
    modbus_t *context = modbus_new_rtu(arguments[2], atoi(arguments[3]), 'N', 8, 1);
    modbus_set_slave(context, atoi(arguments[4]));
    if (modbus_connect(context) != 0) {
        fprintf(stderr, "%s: %s\n", arguments[2], modbus_strerror(errno));
        return 1;
    }
    puts("ready");
    fflush(stdout);
    serve(context, count > 5 ? atoi(arguments[5]) : 0);
    return 0;
}
