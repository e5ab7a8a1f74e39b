/* SPDX-License-Identifier: MIT */
/* A volume over memory or over a directory of the host that changes its owner: for tests that run
 * on both. A clock of its own in memory: three seconds from one owner to the next. */
#pragma once

#include "emu/port/clock.h"
#include "emu/port/store.h"

#include <stdbool.h>

struct cow_volume;

struct ground {
    bool is_host;
    char directory[64];
    struct clock clock;
    int64_t now_ns;
    struct store *memory;
    struct cow_volume *v;
};

/* Set-up and tear-down of cmocka; *state is the ground. */
int ground_begin_memory(void **state);
int ground_begin_host(void **state);
int ground_end(void **state);

struct store *ground_store(struct ground *g);
void ground_open(struct ground *g);
/* The owner ends, in order or killed, and another one opens the volume. */
void ground_next_owner(struct ground *g);
void ground_kill_owner(struct ground *g);

/* Writes a file of the origin, made if need be. */
void ground_put(struct ground *g, const char *path, const char *text, off_t offset);
/* A persistent one; its id is "0123456789abcde". */
void ground_snapshot(struct ground *g, unsigned number);
void ground_assert_content(struct ground *g, unsigned view, const char *path, const char *text);
void ground_assert_lost(struct ground *g, unsigned number, bool wanted);
/* While nobody owns it, somebody else writes a file; folder NULL: in the root. */
void ground_change_behind(struct ground *g, const char *folder, const char *name, off_t offset,
                          const char *bytes);

#define GROUND_TEST(f)                                           \
    { "memory: " #f, f, ground_begin_memory, ground_end, NULL }, \
    {                                                            \
        "host: " #f, f, ground_begin_host, ground_end, NULL      \
    }
