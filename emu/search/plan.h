/* SPDX-License-Identifier: MIT */
/* A plan: what the search varies, as numbers. It is drawn from a seed, read from any bytes, written
 * as bytes, and stands for a scenario, so that shrinking, files, other fuzzers' inputs and our own
 * search speak of the same thing. Every plan that these functions make is valid: indices are below
 * their counts. Form of the bytes: docs/search.md. */
#pragma once

#include "emu/base/array.h"
#include "emu/port/faults.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scenario;

#define PLAN_MAX_WRITERS  20
#define PLAN_MAX_FAULTS   8
#define PLAN_MAX_STEPS    160
#define PLAN_MAX_SESSIONS 2
#define PLAN_MAX_VOLUMES  3
#define PLAN_ANYBODY      0xff

struct plan_fault {
    uint8_t actor;    /* enum fault_actor */
    uint8_t subject;  /* of a writer, volume: its index; PLAN_ANYBODY */
    uint16_t point;   /* below fault_point_count */
    uint8_t nth;      /* 0: every time */
    uint8_t action;   /* enum fault_action, one that the point allows */
    uint8_t code;     /* of plan_code */
    uint8_t duration; /* of plan_duration */
};

struct plan_step {
    uint8_t row;     /* of plan_steps.h */
    uint8_t session; /* which requester */
    uint8_t writer, component;
    uint8_t value;
};

struct plan {
    uint16_t seed;     /* of the world */
    uint8_t schedule;  /* of plan_schedule */
    uint8_t windows;   /* enum windows_version */
    uint8_t n_volumes; /* C:, D:, E: */
    uint8_t n_writers, n_faults, n_steps;
    uint8_t writers[PLAN_MAX_WRITERS]; /* of emu/scenario/cast.h */
    struct plan_fault faults[PLAN_MAX_FAULTS];
    struct plan_step steps[PLAN_MAX_STEPS];
};

/* ---- values that a plan names by number ---- */

#define PLAN_N_CODES     24
#define PLAN_N_DURATIONS 12
#define PLAN_N_SCHEDULES 8

/* An HRESULT, or of a volume an errno. */
int32_t plan_code(enum fault_actor actor, unsigned i);
int64_t plan_duration(unsigned i); /* nanoseconds, from a moment to hours, around every window */
const char *plan_schedule(unsigned i); /* the text behind --schedule; NULL: the default */

/* ---- making one ---- */

/* What a draw may choose from. All zero: everything. */
struct plan_wishes {
    bool no_requester; /* a program is the requester: no steps */
    bool no_writers;
    bool takes_all; /* a program is a writer: every component of everybody */
    bool no_faults;
    bool is_brief;       /* a program works all the time: hours of it are expensive */
    uint8_t max_writers; /* 0: PLAN_MAX_WRITERS */
};

/* Of a seed, always the same. Each draws from a part of what there is (swarm testing), so that
 * faults which hide each other are also met alone. */
void plan_draw(uint64_t seed, const struct plan_wishes *wishes, struct plan *ret_plan);
/* Zeroes what lies behind the counts, so that equal plans are equal as memory. */
void plan_trim(struct plan *plan);
/* Of whatever bytes; where they end, lists end, and numbers are zero. */
void plan_from_bytes(const uint8_t *data, size_t size, struct plan *ret_plan);
/* The bytes that plan_from_bytes makes the same plan of: an array, freed with array_free. */
struct plan_bytes {
    uint8_t *items;
    size_t count, capacity;
};
void plan_to_bytes(const struct plan *plan, struct plan_bytes *ret_bytes);

/* ---- as a scenario ---- */

/* ret_scenario is uninitialised; freed with scenario_fini. */
void plan_to_scenario(const struct plan *plan, struct scenario *ret_scenario);
/* False: it has something that no plan has, which *ret_error names; the caller frees. */
bool plan_from_scenario(const struct scenario *scenario, struct plan *ret_plan, char **ret_error);
