/* SPDX-License-Identifier: MIT */
/* Bytes of the diff area that are not what was written: what the next owner makes of them. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/checksum.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_journal.h"
#include "tests/cow/ground.h"

#include <errno.h>
#include <string.h>

static void damage_log(struct ground *g, off_t offset)
{
    uint64_t generation = g->v->cs.catalogue.header.generation;

    g->v->is_closing = true;
    cow_volume_free(g->v);
    ground_change_behind(g, COW_SYSTEM_FOLDER, generation & 1 ? "vssemu.log.1" : "vssemu.log.0",
                         offset, "X");
    ground_open(g);
}

static void damaged_log_loses_all_snapshots(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "f", "two", 0);
    ground_snapshot(g, 2);
    ground_put(g, "f", "six", 0);
    damage_log(g, 200);
    ground_assert_lost(g, 1, true);
    ground_assert_content(g, VOLUME_ORIGIN, "f", "six");
    ground_snapshot(g, 9);
    ground_put(g, "f", "ten", 0);
    ground_kill_owner(g);
    ground_assert_lost(g, 1, true);
    ground_assert_lost(g, 9, false);
    ground_assert_content(g, 9, "f", "six");
}

static void torn_tail_is_a_change_that_was_never_made(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "f", "two", 0);
    damage_log(g, (off_t)g->v->log.end + 3);
    ground_assert_lost(g, 1, false);
    ground_assert_content(g, 1, "f", "one");
}

static void damaged_block_loses_the_snapshot_that_sees_it(void **state)
{
    struct ground *g = *state;
    struct cow_node *node;
    char byte;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "f", "two", 0);
    cow_volume_free(g->v);
    ground_change_behind(g, COW_SYSTEM_FOLDER, "vssemu.diff", 1000, "X");
    ground_open(g);
    assert_int_equal(cow_path_find(g->v, 1, "f", true, &node), 0);
    assert_int_equal(cow_volume_read(g->v, 1, node, &byte, 1, 0), -ENXIO);
    ground_assert_lost(g, 1, true);
    cow_node_unref(g->v, node);
    ground_kill_owner(g);
    ground_assert_lost(g, 1, true);
}

/* A directory that stepped aside was forgotten before the log could say that this is over; or the
 * log speaks of one that it has never named. */
static void check_replaced(struct ground *g, uint64_t shift, bool is_damaged)
{
    struct cow_node *root = cow_volume_root(g->v), *node;

    assert_int_equal(cow_path_find(g->v, VOLUME_ORIGIN, "f", true, &node), 0);
    cow_journal_replacing(g->v, root, node, "f");
    assert_int_equal(cow_journal_flush(g->v), 0);
    cow_journal_forgotten(g->v, node);
    node->id += shift;
    cow_journal_replaced(g->v, node);
    node->id -= shift;
    assert_int_equal(cow_journal_flush(g->v), 0);
    cow_node_unref(g->v, node);
    cow_node_unref(g->v, root);
    ground_kill_owner(g);
    ground_assert_lost(g, 1, is_damaged);
}

static void end_of_stepping_aside_may_come_after_the_directory_was_forgotten(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    check_replaced(g, 0, false);
    ground_assert_content(g, 1, "f", "one");
    check_replaced(g, 1000, true);
}

static void catalogue_of_a_later_version_is_refused_and_left_alone(void **state)
{
    struct ground *g = *state;
    struct cow_volume *v;

    ground_snapshot(g, 1);
    struct area_catalogue *c = &g->v->cs.catalogue;
    unsigned char place[512];
    off_t at = (off_t)(c->header.turn & 1) * 512;
    struct store *s = g->v->cs.store;

    assert_int_equal(s->ops->read(s, c->file, place, 88, at), 88);
    place[8]++; /* the version; then the checksum again */
    uint64_t sum = checksum_of(place, 80, 0);
    memcpy(place + 80, &sum, sizeof(sum));
    assert_int_equal(s->ops->write(s, c->file, place, 88, at), 88);
    g->v->is_closing = true;
    cow_volume_free(g->v);
    assert_int_equal(cow_volume_open(ground_store(g), &v), -EPROTONOSUPPORT);
    place[8]--;
    sum = checksum_of(place, 80, 0);
    memcpy(place + 80, &sum, sizeof(sum));
    g->v = NULL;
    s = ground_store(g);
    struct store_node *root = s->ops->root(s), *folder, *file;
    assert_int_equal(s->ops->lookup(s, root, COW_SYSTEM_FOLDER, &folder), 0);
    assert_int_equal(s->ops->lookup(s, folder, "vssemu.catalogue", &file), 0);
    assert_int_equal(s->ops->write(s, file, place, 88, at), 88);
    s->ops->unref(s, file);
    s->ops->unref(s, folder);
    s->ops->unref(s, root);
    s->ops->free(s);
    ground_open(g);
    ground_assert_lost(g, 1, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GROUND_TEST(damaged_log_loses_all_snapshots),
        GROUND_TEST(torn_tail_is_a_change_that_was_never_made),
        GROUND_TEST(damaged_block_loses_the_snapshot_that_sees_it),
        GROUND_TEST(end_of_stepping_aside_may_come_after_the_directory_was_forgotten),
        GROUND_TEST(catalogue_of_a_later_version_is_refused_and_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
