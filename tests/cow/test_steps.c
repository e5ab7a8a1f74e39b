/* SPDX-License-Identifier: MIT */
/* A snapshot is deleted in steps, and after any number of them something else happens to the
 * volume: what the others have stays as it is, for this owner and, after a kill, for the next. */
#include "tests/support/cmocka_vss.h"

#include "provider_sim/cow/cow_check.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_state.h"
#include "provider_sim/cow/cow_view_change.h"
#include "provider_sim/cow/cow_work.h"
#include "tests/cow/ground.h"
#include "tests/support/cow_dump.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_SNAPSHOTS 3u
#define N_FILES     4u

struct scene {
    struct ground *g;
    unsigned going, heir;
    bool is_heir_open;
    int64_t used;                  /* of the area, before anything goes */
    struct cow_work *work;         /* NULL: it has ended with its owner */
    char *wanted[N_SNAPSHOTS + 1]; /* what the snapshots have; NULL: it is not there any more */
};

static void change_files(struct ground *g, unsigned first, unsigned n, const char *text)
{
    char name[24];

    for (unsigned i = first; i < first + n; i++) {
        snprintf(name, sizeof(name), "f%u", i);
        ground_put(g, name, text, 0);
        ground_put(g, "large", text, (off_t)i * COW_BLOCK_SIZE);
    }
}

static void remember(struct scene *s, unsigned number)
{
    free(s->wanted[number]);
    s->wanted[number] = cow_dump(s->g->v, number, 65536, true);
}

static void forget(struct scene *s, unsigned number)
{
    free(s->wanted[number]);
    s->wanted[number] = NULL;
}

/* Each snapshot has something that no other one has, and something that all of them have. */
static void begin(struct scene *s, unsigned going, bool is_heir_passing)
{
    void *ground;

    assert_int_equal(ground_begin_memory(&ground), 0);
    *s = (struct scene){ .g = ground, .going = going, .heir = going - 1 };
    change_files(s->g, 0, 4 * N_FILES, "before");
    for (unsigned number = 1; number <= N_SNAPSHOTS; number++) {
        if (number == s->heir && is_heir_passing)
            assert_int_equal(cow_volume_commit(s->g->v, number), 0);
        else
            ground_snapshot(s->g, number);
        change_files(s->g, 0, N_FILES, "changed by all");
        change_files(s->g, number * N_FILES, N_FILES, "changed by one");
    }
    for (unsigned number = 1; number <= N_SNAPSHOTS; number++)
        remember(s, number);
    forget(s, going);
}

static void check_all(struct scene *s)
{
    for (unsigned number = 1; number <= N_SNAPSHOTS; number++) {
        if (!s->wanted[number])
            continue;
        char *is = cow_dump(s->g->v, number, 65536, true);

        assert_string_equal(is, s->wanted[number]);
        free(is);
    }
}

static void end_work(struct scene *s)
{
    if (s->work)
        assert_int_equal(cow_work_end(s->work), 0);
    s->work = NULL;
}

static void end(struct scene *s)
{
    void *ground = s->g;

    for (unsigned number = 1; number <= N_SNAPSHOTS; number++)
        forget(s, number);
    ground_end(&ground);
}

/* ---- what happens meanwhile ---- */

static void origin_is_changed(struct scene *s)
{
    change_files(s->g, 0, 4 * N_FILES, "meanwhile");
}

static void another_one_is_made(struct scene *s)
{
    unsigned number = cow_volume_next_number(s->g->v);

    ground_snapshot(s->g, number);
    change_files(s->g, 0, 4 * N_FILES, "after the fourth");
    ground_assert_content(s->g, number, "f0", "changed by all");
}

/* It may have been open before the deletion began. */
static void heir_is_changed(struct scene *s)
{
    struct cow_volume *v = s->g->v;
    struct cow_node *node;

    if (!s->heir)
        return;
    if (!s->is_heir_open)
        assert_int_equal(cow_volume_open_snapshot(v, s->heir), 0);
    for (unsigned i = 0; i < 4 * N_FILES; i++) {
        char name[24];

        snprintf(name, sizeof(name), "f%u", i);
        assert_int_equal(cow_path_find(v, s->heir, name, true, &node), 0);
        assert_int_equal(cow_view_write(v, s->heir, node, "recovered", 9, 0), 9);
        cow_node_unref(v, node);
    }
    remember(s, s->heir);
    check_all(s);
    end_work(s);
    assert_int_equal(cow_volume_seal_snapshot(v, s->heir), 0);
}

/* In a volume that was opened before the deletion began. */
static void heir_was_open_and_is_changed(struct scene *s)
{
    heir_is_changed(s);
}

static void heir_is_kept_anew(struct scene *s)
{
    const struct cow_snapshot_info info = { .id = "another name ..", .created = 7 };

    if (s->heir)
        assert_int_equal(cow_volume_keep(s->g->v, s->heir, &info), 0);
}

static void heir_is_deleted(struct scene *s)
{
    if (!s->heir)
        return;
    assert_int_equal(cow_volume_delete_snapshot(s->g->v, s->heir), 0);
    forget(s, s->heir);
}

static void heir_is_lost(struct scene *s)
{
    if (!s->heir)
        return;
    cow_lose_snapshot(s->g->v, cow_snapshot_find(s->g->v, s->heir));
    forget(s, s->heir);
    ground_assert_lost(s->g, s->going == 3 ? 2 : 1, true);
}

static void limit_to_what_is_used(struct scene *s)
{
    const struct diff_area_limits limits = { .maximum = (int64_t)cow_volume_diff_bytes(s->g->v) };

    cow_volume_limit_area(s->g->v, &limits);
}

/* What goes makes room: nobody else need go. */
static void area_is_full(struct scene *s)
{
    change_files(s->g, N_FILES, 1, "meanwhile");
    for (size_t i = 0; i < s->g->v->snapshots.count; i++)
        assert_true(s->g->v->snapshots.items[i]->number == s->going ||
                    !s->g->v->snapshots.items[i]->is_lost);
}

static void blocks_are_checked(struct scene *s)
{
    struct cow_block_report report;

    cow_check_blocks(s->g->v, &report);
    assert_int_equal(report.n_bad, 0);
}

static void owner_leaves(struct scene *s)
{
    cow_volume_leave(s->g->v, false);
}

static void owner_is_killed(struct scene *s)
{
    s->g->v->is_closing = true; /* nothing comes to the disk any more */
    end_work(s);
    ground_kill_owner(s->g);
}

static void (*const events[])(struct scene *s) = {
    origin_is_changed, another_one_is_made, heir_is_changed,    heir_was_open_and_is_changed,
    heir_is_kept_anew, heir_is_deleted,     heir_is_lost,       area_is_full,
    owner_leaves,      owner_is_killed,     blocks_are_checked,
};

/* ---- the tests ---- */

static bool play(unsigned going, void (*event)(struct scene *s), unsigned n_steps)
{
    struct scene s;
    bool is_going_on = true;

    begin(&s, going, event == heir_is_kept_anew);
    s.is_heir_open = event == heir_was_open_and_is_changed && s.heir;
    if (event == area_is_full)
        limit_to_what_is_used(&s);
    if (s.is_heir_open)
        assert_int_equal(cow_volume_open_snapshot(s.g->v, s.heir), 0);
    assert_int_equal(cow_volume_begin_deletion(s.g->v, going, &s.work), 0);
    for (unsigned i = 0; i < n_steps && is_going_on; i++)
        is_going_on = cow_work_step(s.work);
    struct cow_node *root = cow_volume_root(s.g->v), *node;

    assert_int_equal(cow_volume_lookup(s.g->v, going, root, "f0", &node), -ESTALE);
    cow_node_unref(s.g->v, root);
    event(&s);
    check_all(&s);
    end_work(&s);
    check_all(&s);
    size_t n_records = s.g->v->n_records, n_blocks = extent_map_count(s.g->v->extents);

    ground_kill_owner(s.g);
    check_all(&s);
    if (event != owner_leaves) {
        assert_int_equal(s.g->v->n_records, n_records);
        assert_int_equal(extent_map_count(s.g->v->extents), n_blocks);
    }
    assert_null(cow_volume_snapshot_info(s.g->v, going));
    end(&s);
    return is_going_on;
}

static void others_stay_what_they_are_whatever_happens_meanwhile(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        for (unsigned going = 1; going <= N_SNAPSHOTS; going++) {
            for (unsigned n_steps = 0; play(going, events[i], n_steps); n_steps += 1 + n_steps / 8)
                ;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(others_stay_what_they_are_whatever_happens_meanwhile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
