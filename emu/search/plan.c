/* SPDX-License-Identifier: MIT */
/* The values behind the numbers, and the bytes. One function walks through a plan for reading and
 * for writing, so that the two cannot differ. */
#include "emu/search/plan.h"

#include "emu/proto/choices.h"
#include "emu/proto/fault_rules.h"
#include "emu/scenario/cast.h"
#include "emu/search/plan_steps.h"

#include <errno.h>
#include <string.h>

#define MS     INT64_C(1000000)
#define SECOND (1000 * MS)
#define MINUTE (60 * SECOND)

/* Documented ones, undocumented ones, successes that are none. */
static const uint32_t codes[PLAN_N_CODES] = {
    0x800423F0, 0x800423F1, 0x800423F2, 0x800423F3, 0x800423F4, 0x80042336, 0x80042306, 0x8004230F,
    0x8004230C, 0x8004230E, 0x8004231F, 0x80042314, 0x80042313, 0x80042302, 0x80042308, 0x80070057,
    0x80070005, 0x8007000E, 0x8000FFFF, 0x80004005, 0x80042301, 0x00000001, 0x80041234, 0x80004004,
};
static const int errors[] = { EIO, ENOSPC, EACCES, EROFS, ENODEV, ENOENT, ENOMEM, EBUSY };

/* Learn: windows of 60 s (freeze), 10 s (hold), 180 s (idle time-out); ours of 10 minutes. */
static const int64_t durations[PLAN_N_DURATIONS] = {
    1 * MS,      100 * MS,    2 * SECOND, 9 * SECOND,  11 * SECOND, 21 * SECOND,
    59 * SECOND, 61 * SECOND, 4 * MINUTE, 11 * MINUTE, 60 * MINUTE, 25 * 60 * MINUTE,
};
static const char *const schedules[PLAN_N_SCHEDULES] = {
    NULL, "random", "pct:2", "pct:3", "pct:4", "bounded:1", "bounded:2", "bounded:3",
};

int32_t plan_code(enum fault_actor actor, unsigned i)
{
    if (actor == FAULT_VOLUME)
        return errors[i % (sizeof(errors) / sizeof(errors[0]))];
    return (int32_t)codes[i];
}

int64_t plan_duration(unsigned i)
{
    return durations[i];
}

const char *plan_schedule(unsigned i)
{
    return schedules[i];
}

/* ---- bytes ---- */

struct codec {
    struct plan_bytes *out; /* NULL: reads */
    const uint8_t *data;
    size_t size, at;
};

static uint8_t code_byte(struct codec *c, uint8_t value)
{
    if (c->out) {
        array_add(c->out, value);
        return value;
    }
    return c->at < c->size ? c->data[c->at++] : 0;
}

/* A number below n, n at most 65536. */
static unsigned code_number(struct codec *c, unsigned value, unsigned n)
{
    unsigned low = code_byte(c, (uint8_t)(value & 0xff));
    unsigned high = n > 256 ? code_byte(c, (uint8_t)(value >> 8)) : 0;

    return (low | (high << 8)) % n;
}

static uint8_t code_small(struct codec *c, uint8_t value, unsigned n)
{
    return (uint8_t)code_number(c, value, n);
}

/* Who it happens to: one of n, or anybody. */
static uint8_t code_subject(struct codec *c, uint8_t value, unsigned n)
{
    unsigned number = code_number(c, value == PLAN_ANYBODY ? 0 : value + 1u, n + 1);

    return number ? (uint8_t)(number - 1) : PLAN_ANYBODY;
}

/* Actions that this place allows, counted. */
static unsigned count_actions(const struct plan_fault *f)
{
    unsigned n = 0;

    for (unsigned i = 0; i < N_FAULT_ACTIONS; i++)
        n += fault_rules_allow((enum fault_actor)f->actor, f->point, (enum fault_action)i);
    return n;
}

static uint8_t nth_action(const struct plan_fault *f, unsigned nth)
{
    unsigned i = 0;

    for (;; i++) {
        if (fault_rules_allow((enum fault_actor)f->actor, f->point, (enum fault_action)i) && !nth--)
            return (uint8_t)i;
    }
}

static unsigned place_of_action(const struct plan_fault *f)
{
    unsigned place = 0;

    for (unsigned i = 0; i < f->action; i++)
        place += fault_rules_allow((enum fault_actor)f->actor, f->point, (enum fault_action)i);
    return place;
}

static void code_fault(struct codec *c, const struct plan *plan, struct plan_fault *f)
{
    bool is_volume;

    f->actor = code_small(c, f->actor, N_FAULT_ACTORS);
    is_volume = f->actor == FAULT_VOLUME;
    f->subject = f->actor == FAULT_WRITER || is_volume
                     ? code_subject(c, f->subject, is_volume ? plan->n_volumes : plan->n_writers)
                     : PLAN_ANYBODY;
    f->point = (uint16_t)code_number(
        c, f->point, (unsigned)fault_point_count_of_backups((enum fault_actor)f->actor));
    unsigned n = count_actions(f), place = code_number(c, c->out ? place_of_action(f) : 0, 256);

    f->action = n ? nth_action(f, place % n) : N_FAULT_ACTIONS;
    f->nth = code_byte(c, f->nth);
    f->code = code_small(c, f->code, PLAN_N_CODES);
    f->duration = code_small(c, f->duration, PLAN_N_DURATIONS);
}

static void code_step(struct codec *c, const struct plan *plan, struct plan_step *step)
{
    unsigned n_writers = plan->n_writers ? plan->n_writers : 1;

    step->row = code_small(c, step->row, plan_step_count());
    step->session = code_small(c, step->session, PLAN_MAX_SESSIONS);
    step->writer = plan_step_takes_writer(step->row) ? code_small(c, step->writer, n_writers) : 0;
    step->component = plan_step_takes_component(step->row)
                          ? code_small(c, step->component, plan_step_n_components(plan, step))
                          : 0;
    step->value = plan_step_n_values(plan, step->row) > 1
                      ? code_small(c, step->value, plan_step_n_values(plan, step->row))
                      : 0;
}

/* A list of n: where the bytes end, it ends too. */
static bool goes_on(const struct codec *c, unsigned i, uint8_t *n)
{
    if (i < *n && !c->out && c->at >= c->size)
        *n = (uint8_t)i;
    return i < *n;
}

static void code_plan(struct codec *c, struct plan *p)
{
    p->seed = (uint16_t)code_number(c, p->seed, 65536);
    p->schedule = code_small(c, p->schedule, PLAN_N_SCHEDULES);
    p->windows = code_small(c, p->windows, N_WINDOWS_VERSIONS);
    p->n_volumes = (uint8_t)(code_number(c, p->n_volumes - 1u, PLAN_MAX_VOLUMES) + 1);
    p->n_writers = code_small(c, p->n_writers, PLAN_MAX_WRITERS + 1);
    for (unsigned i = 0; goes_on(c, i, &p->n_writers); i++)
        p->writers[i] = code_small(c, p->writers[i], (unsigned)cast_count());
    p->n_faults = code_small(c, p->n_faults, PLAN_MAX_FAULTS + 1);
    for (unsigned i = 0; goes_on(c, i, &p->n_faults); i++)
        code_fault(c, p, &p->faults[i]);
    p->n_steps = code_small(c, p->n_steps, PLAN_MAX_STEPS + 1);
    for (unsigned i = 0; goes_on(c, i, &p->n_steps); i++)
        code_step(c, p, &p->steps[i]);
}

void plan_trim(struct plan *p)
{
    memset(&p->writers[p->n_writers], 0, sizeof(p->writers) - p->n_writers);
    memset(&p->faults[p->n_faults], 0, (PLAN_MAX_FAULTS - p->n_faults) * sizeof(p->faults[0]));
    memset(&p->steps[p->n_steps], 0, (PLAN_MAX_STEPS - p->n_steps) * sizeof(p->steps[0]));
}

/* A place where nothing can happen is none. */
static void drop_idle_faults(struct plan *p)
{
    unsigned n = 0;

    for (unsigned i = 0; i < p->n_faults; i++) {
        if (p->faults[i].action < N_FAULT_ACTIONS)
            p->faults[n++] = p->faults[i];
    }
    p->n_faults = (uint8_t)n;
}

void plan_from_bytes(const uint8_t *data, size_t size, struct plan *ret_plan)
{
    struct codec codec = { .data = data, .size = size };

    *ret_plan = (struct plan){ .n_volumes = 1 };
    code_plan(&codec, ret_plan);
    drop_idle_faults(ret_plan);
    plan_trim(ret_plan);
}

void plan_to_bytes(const struct plan *plan, struct plan_bytes *ret_bytes)
{
    struct codec codec = { .out = ret_bytes };
    struct plan copy = *plan;

    *ret_bytes = (struct plan_bytes){ 0 };
    code_plan(&codec, &copy);
}
