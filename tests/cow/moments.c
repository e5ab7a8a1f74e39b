/* SPDX-License-Identifier: MIT */
/* See moments.h. */
#include "tests/cow/moments.h"

#include "tests/support/cmocka_vss.h"

#include "emu/base/mem.h"
#include "provider_sim/cow/cow_volume.h"
#include "provider_sim/cow/cow_work.h"
#include "tests/cow/tape_store.h"
#include "tests/support/cow_dump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_NS INT64_C(170000000) /* the witness is renewed every few steps */

#define SLOW_NS INT64_C(2100000000) /* and always, so that a mute one has witnessed nothing */

static char *origin_of(struct cow_volume *v)
{
    return cow_dump(v, VOLUME_ORIGIN, 65536, false);
}

static void note(struct recording *r)
{
    array_add(&r->origins, origin_of(r->v));
    array_add(&r->lengths, r->tape->changes.count);
}

static struct recorded_snapshot *alive(struct recording *r)
{
    size_t n = 0, choice = steps_draw(&r->random, 1000);

    for (size_t i = 0; i < r->snapshots.count; i++)
        n += r->snapshots.items[i].deleted == SIZE_MAX;
    if (!n)
        return NULL;
    n = choice % n;
    for (size_t i = 0;; i++) {
        if (r->snapshots.items[i].deleted == SIZE_MAX && n-- == 0)
            return &r->snapshots.items[i];
    }
}

/* As a set of snapshots that is finished now. */
static void keep_pending(struct recording *r)
{
    const struct cow_snapshot_info info = { .is_persistent = true,
                                            .properties = "kept",
                                            .properties_size = 4 };

    if (!r->has_pending)
        return;
    struct recorded_snapshot *s = &r->snapshots.items[r->snapshots.count - 1];
    int error = cow_volume_keep(r->v, s->number, &info);

    r->has_pending = false;
    if (!error)
        s->made = r->tape->changes.count;
    else
        assert_true(r->tape->fail_at != 0);
}

static void commit_one(struct recording *r)
{
    const struct cow_snapshot_info info = { .is_persistent = true };

    keep_pending(r);
    struct recorded_snapshot s = { .number = cow_volume_next_number(r->v),
                                   .begun = r->tape->changes.count,
                                   .deleting = SIZE_MAX,
                                   .deleted = SIZE_MAX };

    s.text = cow_dump(r->v, VOLUME_ORIGIN, 65536, true);
    bool is_kept_later = s.number % 2;
    int error = is_kept_later ? cow_volume_commit(r->v, s.number)
                              : cow_volume_commit_as(r->v, s.number, &info);
    if (error) {
        assert_true(r->tape->fail_at != 0);
        free(s.text);
        return;
    }
    s.made = is_kept_later ? SIZE_MAX - 1 : r->tape->changes.count;
    r->has_pending = is_kept_later;
    array_add(&r->snapshots, s);
}

static void end_work(struct recording *r)
{
    if (r->work)
        assert_int_equal(cow_work_end(r->work), 0);
    r->work = NULL;
}

/* None, one or two pieces. */
static void go_on_with_work(struct recording *r)
{
    for (uint64_t n = steps_draw(&r->pace, 3); n && r->work; n--) {
        if (!cow_work_step(r->work))
            end_work(r);
    }
}

static int delete_number(struct recording *r, unsigned number)
{
    end_work(r);
    return steps_draw(&r->pace, 3) ? cow_volume_begin_deletion(r->v, number, &r->work)
                                   : cow_volume_delete_snapshot(r->v, number);
}

static void delete_one(struct recording *r)
{
    keep_pending(r);
    struct recorded_snapshot *s = alive(r);

    if (!s)
        return;
    s->deleting = r->tape->changes.count;
    int error = delete_number(r, s->number);
    if (!error)
        s->deleted = r->tape->changes.count;
    else
        assert_true(r->tape->fail_at != 0);
}

/* While it goes on the origin is neither this nor that, and each snapshot is what it was. */
static void revert_one(struct recording *r)
{
    keep_pending(r);
    struct recorded_snapshot *s = alive(r);

    end_work(r);
    if (!s)
        return;
    assert_int_equal(cow_volume_revert(r->v, s->number), 0);
    array_add(&r->reverts, r->lengths.count);
}

static void plan(struct tape *tape, const struct planned_fault *fault)
{
    tape->n_area_calls = 0;
    tape->fail_at = fault->at;
    tape->fails_for_ever = fault->is_for_ever;
    tape->fail_error = fault->error;
}

struct recording *recording_make(uint64_t seed, int n_steps, bool is_durable,
                                 const struct planned_fault *fault)
{
    struct recording *r = mem_new(struct recording);

    r->random = seed;
    r->pace = ~seed;
    r->tape = tape_new();
    assert_int_equal(cow_volume_open(tape_store(r->tape), &r->v), 0);
    assert_int_equal(cow_volume_set_durable(r->v, is_durable), 0);
    r->has_reverts = !fault && !is_durable && seed % 3 == 0;
    if (fault)
        plan(r->tape, fault);
    note(r);
    for (int i = 0; i < n_steps; i++) {
        struct step s = steps_draw_step(&r->random);

        if (i < n_steps / 8) /* something to begin with */
            s.what = i % 3 == 0 ? STEP_MKDIR : i % 3 == 1 ? STEP_CREATE : STEP_WRITE;
        uint64_t chance = steps_draw(&r->random, 24);

        go_on_with_work(r);
        r->tape->now_ns += fault ? SLOW_NS : STEP_NS;
        if (i == n_steps / 8 || (i > n_steps / 8 && chance < 2))
            commit_one(r);
        else if (chance == 2)
            delete_one(r);
        else if (chance == 3)
            cow_volume_sync(r->v, NULL);
        else if (chance == 4 && r->has_reverts)
            revert_one(r);
        else
            steps_do(r->v, r->held, &s);
        if (chance > 20)
            keep_pending(r);
        note(r);
    }
    keep_pending(r);
    return r;
}

void recording_end(struct recording *r)
{
    if (!r->v)
        return;
    r->tape->now_ns += STEP_NS;
    steps_let_go(r->v, r->held);
    end_work(r);
    cow_volume_free(r->v);
    r->v = NULL;
}

void recording_free(struct recording *r)
{
    recording_end(r);
    for (size_t i = 0; i < r->snapshots.count; i++)
        free(r->snapshots.items[i].text);
    for (size_t i = 0; i < r->origins.count; i++)
        free(r->origins.items[i]);
    array_free(&r->snapshots);
    array_free(&r->origins);
    array_free(&r->lengths);
    array_free(&r->reverts);
    tape_free(r->tape);
    free(r);
}

/* ---- checks ---- */

static bool find(struct cow_volume *v, unsigned number, bool *ret_is_lost)
{
    unsigned there;

    for (size_t i = 0; (there = cow_volume_snapshot(v, i, ret_is_lost)) != 0; i++) {
        if (there == number)
            return true;
    }
    return false;
}

static void complain(const char *what, size_t n, const char *which, const char *wanted,
                     const char *got)
{
    fprintf(stderr, "%s, after %zu changes: %s was\n%s\nand is\n%s\n", what, n, which, wanted, got);
    fail();
}

size_t recording_check_snapshots(struct recording *r, struct cow_volume *v, size_t n,
                                 bool may_be_lost, const char *what)
{
    size_t n_lost = 0;

    for (size_t i = 0; i < r->snapshots.count; i++) {
        const struct recorded_snapshot *s = &r->snapshots.items[i];
        bool is_lost = false, is_there = find(v, s->number, &is_lost);
        char name[32];

        snprintf(name, sizeof(name), "snapshot %u", s->number);
        if (is_there && n < s->begun)
            complain(what, n, name, "not made yet", "there");
        /* With the last change of its commit or deletion the sync is still missing. */
        if (!is_there && n >= s->made + may_be_lost && n < s->deleting)
            complain(what, n, name, s->text, "gone");
        if (is_there && n >= s->deleted && n > s->deleting && !may_be_lost)
            complain(what, n, name, "deleted", "there");
        if (!is_there)
            continue;
        n_lost += is_lost;
        /* Of a header that was torn nobody can say whether its commit was over. */
        if (is_lost && (may_be_lost || (r->tape->torn_to != SIZE_MAX && n < s->made)))
            continue;
        char *text = cow_dump(v, s->number, 65536, true);

        if (strcmp(text, s->text) != 0)
            complain(what, n, name, s->text, text);
        free(text);
    }
    return n_lost;
}

static bool is_in_revert(const struct recording *r, size_t step, size_t n)
{
    for (size_t i = 0; i < r->reverts.count; i++) {
        if (r->reverts.items[i] == step + 1 && n > r->lengths.items[step])
            return true;
    }
    return false;
}

void recording_check_origin(struct recording *r, struct cow_volume *v, size_t n, const char *what)
{
    char *text = origin_of(v);
    size_t step = 0;

    while (step + 1 < r->lengths.count && r->lengths.items[step + 1] <= n)
        step++;
    bool is_right = strcmp(text, r->origins.items[step]) == 0 ||
                    (step + 1 < r->origins.count && r->lengths.items[step] < n &&
                     strcmp(text, r->origins.items[step + 1]) == 0);

    if (!is_right && !is_in_revert(r, step, n))
        complain(what, n, "the origin", r->origins.items[step], text);
    free(text);
}
