/* SPDX-License-Identifier: MIT */
/* Our side of bench/cow: mounts DIRECTORY at MOUNT, with the kernel's writeback cache if a third
 * word is there, and takes one order a line from standard input:
 *
 *     snapshot     a snapshot; answers its number and the microseconds it took
 *     delete N     deletes it; answers the microseconds
 *     quit
 *
 * The first line that it prints is the process that serves. */
#include "emu/host/host_store.h"
#include "emu/port/store.h"
#include "emu/port/volume_wire.h"
#include "provider_sim/fuse/cow_server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int control;

static double now_us(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static uint32_t ask(uint32_t operation, uint32_t argument)
{
    struct volume_wire_request request = { .length = sizeof(request),
                                           .operation = operation,
                                           .argument = argument };
    struct volume_wire_reply reply;

    if (send(control, &request, sizeof(request), MSG_NOSIGNAL) != sizeof(request) ||
        recv(control, &reply, sizeof(reply), MSG_WAITALL) != sizeof(reply) || reply.error) {
        fprintf(stderr, "serve: operation %u failed\n", operation);
        exit(1);
    }
    return reply.value;
}

static void snapshot(void)
{
    uint32_t number = ask(VOLUME_WIRE_NEXT_NUMBER, 0);
    double begin = now_us();

    ask(VOLUME_WIRE_HOLD, 0);
    ask(VOLUME_WIRE_COMMIT, number);
    ask(VOLUME_WIRE_RELEASE, 0);
    printf("%u %.1f\n", number, now_us() - begin);
}

static void delete_one(uint32_t number)
{
    double begin = now_us();

    ask(VOLUME_WIRE_DELETE, number);
    printf("%.1f\n", now_us() - begin);
}

int main(int argc, char **argv)
{
    struct cow_server_volume volume = { .letter = 'C',
                                        .mount_path = argc >= 3 ? argv[2] : NULL,
                                        .has_writeback = argc == 4 };
    struct cow_server *server;
    char *error = NULL;
    char line[64];

    if (argc < 3 || argc > 4 || host_store_open(argv[1], &volume.store) != 0) {
        fprintf(stderr, "usage: serve DIRECTORY MOUNT [writeback]\n");
        return 2;
    }
    if (cow_server_start(&volume, 1, NULL, &server, &error) != 0) {
        fprintf(stderr, "serve: %s\n", error);
        return 1;
    }
    control = volume.control_fd;
    setlinebuf(stdout);
    printf("%d\n", (int)cow_server_pid(server));
    while (fgets(line, sizeof(line), stdin) && strcmp(line, "quit\n") != 0) {
        if (strcmp(line, "snapshot\n") == 0)
            snapshot();
        else if (strncmp(line, "delete ", 7) == 0)
            delete_one((uint32_t)strtoul(line + 7, NULL, 10));
    }
    close(control);
    return cow_server_stop(server) == 0 ? 0 : 1;
}
