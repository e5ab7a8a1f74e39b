/* SPDX-License-Identifier: MIT */
/* What is left to say of snapshots where the catalogue or the log is damaged: every one that a
 * valid record names is lost and told, no number repeats, and who only reads changes nothing. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/checksum.h"
#include "emu/base/mem.h"
#include "provider_sim/cow/cow_check.h"
#include "provider_sim/cow/cow_journal.h"
#include "provider_sim/cow/cow_salvage.h"
#include "tests/cow/ground.h"

#include <errno.h>
#include <string.h>

#define CATALOGUE "vssemu.catalogue"

/* ---- bytes of the area ---- */

static struct store_node *open_file(struct ground *g, struct store *s, const char *name)
{
    struct store_node *root = s->ops->root(s), *folder, *file;

    (void)g;
    assert_int_equal(s->ops->lookup(s, root, COW_SYSTEM_FOLDER, &folder), 0);
    assert_int_equal(s->ops->lookup(s, folder, name, &file), 0);
    s->ops->unref(s, folder);
    s->ops->unref(s, root);
    return file;
}

static void flip(struct ground *g, const char *name, off_t place)
{
    struct store *s = ground_store(g);
    struct store_node *file = open_file(g, s, name);
    unsigned char byte;

    assert_int_equal(s->ops->read(s, file, &byte, 1, place), 1);
    byte ^= 0x55;
    assert_int_equal(s->ops->write(s, file, &byte, 1, place), 1);
    s->ops->unref(s, file);
    s->ops->free(s);
}

static void remove_file(struct ground *g, const char *name)
{
    struct store *s = ground_store(g);
    struct store_node *root = s->ops->root(s), *folder;

    assert_int_equal(s->ops->lookup(s, root, COW_SYSTEM_FOLDER, &folder), 0);
    assert_int_equal(s->ops->unlink(s, folder, name), 0);
    s->ops->unref(s, folder);
    s->ops->unref(s, root);
    s->ops->free(s);
}

/* Everything in the folder, as one number; the lock apart. */
static int add_file(void *arg, const char *name, ino_t ino, mode_t type)
{
    uint64_t *sum = arg;

    (void)type;
    if (strcmp(name, "vssemu.lock") != 0)
        *sum += checksum_of(name, strlen(name), ino);
    return 0;
}

static uint64_t sum_of_area(struct ground *g)
{
    static const char *const names[] = { CATALOGUE, "vssemu.log.0", "vssemu.log.1", "vssemu.diff" };
    struct store *s = ground_store(g);
    struct store_node *root = s->ops->root(s), *folder, *file;
    static char bytes[1 << 18];
    uint64_t sum = 0;

    assert_int_equal(s->ops->lookup(s, root, COW_SYSTEM_FOLDER, &folder), 0);
    assert_int_equal(s->ops->list(s, folder, add_file, &sum), 0);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (s->ops->lookup(s, folder, names[i], &file) < 0)
            continue;
        ssize_t n = s->ops->read(s, file, bytes, sizeof(bytes), 0);

        sum += n > 0 ? checksum_of(bytes, (size_t)n, i) : 0;
        s->ops->unref(s, file);
    }
    s->ops->unref(s, folder);
    s->ops->unref(s, root);
    s->ops->free(s);
    return sum;
}

/* ---- a volume with three snapshots ---- */

static void make_three(struct ground *g)
{
    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "f", "two", 0);
    ground_snapshot(g, 2);
    ground_put(g, "f", "six", 0);
    ground_snapshot(g, 3);
    ground_put(g, "f", "ten", 0);
}

static void close_it(struct ground *g)
{
    cow_volume_free(g->v);
    g->v = NULL;
}

static void assert_lost(struct cow_volume *v, const unsigned *numbers, size_t n)
{
    bool is_lost;

    for (size_t i = 0; i < n; i++) {
        assert_int_equal(cow_volume_snapshot(v, i, &is_lost), numbers[i]);
        assert_true(is_lost);
        assert_memory_equal(cow_volume_snapshot_info(v, numbers[i])->id, "0123456789abcde", 16);
        assert_int_equal(cow_volume_snapshot_info(v, numbers[i])->created, 42);
    }
    assert_int_equal(cow_volume_snapshot(v, n, &is_lost), 0);
}

static void assert_whole(struct ground *g)
{
    struct store *s = ground_store(g);
    struct cow_area_report report;

    assert_int_equal(cow_check_area(s, &report), 0);
    s->ops->free(s);
    assert_int_equal(report.n_bad_headers, 0);
    assert_int_equal(report.log_end, AREA_LOG_WHOLE);
}

/* Who reads sees it and changes nothing; the owner sees the same, goes on with new numbers, and the
 * next one after a kill finds it again. */
static void assert_told(struct ground *g, const unsigned *numbers, size_t n)
{
    uint64_t before = sum_of_area(g);
    struct cow_volume *v;

    assert_int_equal(cow_volume_open_to_read(ground_store(g), &v), 0);
    assert_lost(v, numbers, n);
    assert_true(cow_volume_next_number(v) > 3);
    cow_volume_free(v);
    assert_int_equal(sum_of_area(g), before);
    ground_open(g);
    assert_lost(g->v, numbers, n);
    unsigned next = cow_volume_next_number(g->v);
    assert_true(next > 3);
    ground_assert_content(g, VOLUME_ORIGIN, "f", "ten");
    g->v->is_closing = true;
    close_it(g);
    assert_whole(g);
    ground_open(g);
    assert_lost(g->v, numbers, n);
    assert_true(cow_volume_next_number(g->v) >= next);
    ground_snapshot(g, cow_volume_next_number(g->v));
    ground_put(g, "f", "new", 0);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(cow_volume_delete_snapshot(g->v, numbers[i]), 0);
    ground_kill_owner(g);
    unsigned made = cow_volume_snapshot(g->v, 0, NULL);
    assert_true(made >= next);
    ground_assert_lost(g, made, false);
    ground_assert_content(g, made, "f", "ten");
}

static const unsigned three[] = { 1, 2, 3 };

static void a_catalogue_without_a_valid_header(void **state)
{
    make_three(*state);
    close_it(*state);
    flip(*state, CATALOGUE, 20);
    flip(*state, CATALOGUE, 532);
    assert_told(*state, three, 3);
}

static void a_catalogue_that_is_missing(void **state)
{
    make_three(*state);
    close_it(*state);
    remove_file(*state, CATALOGUE);
    assert_told(*state, three, 3);
}

static void a_log_whose_first_record_is_damaged_and_no_catalogue(void **state)
{
    make_three(*state);
    close_it(*state);
    remove_file(*state, CATALOGUE);
    flip(*state, "vssemu.log.1", 20);
    assert_told(*state, three, 3);
}

static void a_damaged_record_in_the_middle(void **state)
{
    static const unsigned without_second[] = { 1, 3 };
    struct ground *g = *state;
    uint64_t at;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "f", "two", 0);
    at = g->v->log.end;
    ground_snapshot(g, 2);
    ground_put(g, "f", "six", 0);
    ground_snapshot(g, 3);
    ground_put(g, "f", "ten", 0);
    close_it(g);
    flip(g, "vssemu.log.1", (off_t)at + 30);
    assert_told(g, without_second, 2);
}

static void what_was_deleted_stays_deleted(void **state)
{
    static const unsigned others[] = { 1, 3 };
    struct ground *g = *state;

    make_three(g);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 2), 0);
    close_it(g);
    flip(g, "vssemu.log.1", 20);
    assert_told(g, others, 2);
}

/* A new log takes the old one's place, which would name them again. */
static void lost_ones_are_gone_once_they_are_deleted(void **state)
{
    struct ground *g = *state;

    make_three(g);
    close_it(g);
    flip(g, "vssemu.log.1", 40);
    ground_open(g);
    assert_true(g->v->log.generation > 1);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 2), 0);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 3), 0);
    ground_kill_owner(g);
    assert_int_equal(cow_volume_snapshot(g->v, 0, NULL), 0);
    assert_true(cow_volume_next_number(g->v) > 3);
}

/* An older log still names what the newer one calls deleted. */
static void of_two_logs_the_newer_one_is_right(void **state)
{
    static const unsigned others[] = { 1, 3 };
    struct ground *g = *state;
    struct area_log older;

    make_three(g);
    for (int i = 0; i < 2; i++) { /* generation 3 follows 2 */
        struct cow_store *cs = &g->v->cs;
        uint64_t generation = g->v->log.generation;

        if (i == 0) {
            area_log_close(&g->v->log);
            cs->catalogue.header.generation = generation + 1;
            assert_int_equal(cow_journal_begin(g->v), 0);
            for (size_t j = 0; j < 3; j++)
                cow_journal_snapshot(g->v, g->v->snapshots.items[j]);
            continue;
        }
        assert_int_equal(generation, 3);
        assert_int_equal(cow_volume_delete_snapshot(g->v, 2), 0);
        assert_int_equal(area_log_create(cs->store, cs->system, 2, &older), 0);
    }
    struct cow_snapshot gone = { .number = 2, .info = { .is_persistent = true } };
    struct area_log newer = g->v->log;
    g->v->log = older;
    cow_journal_snapshot(g->v, &gone);
    assert_int_equal(area_log_flush(&g->v->log), 0);
    older = g->v->log;
    g->v->log = newer;
    area_log_close(&older);
    close_it(g);
    remove_file(g, CATALOGUE);
    assert_told(g, others, 2);
}

static void a_place_of_the_header_that_is_wiped(void **state)
{
    static const char zeroes[512];
    struct ground *g = *state;
    struct cow_area_report report;

    make_three(g);
    uint64_t turn = g->v->cs.catalogue.header.turn;
    g->v->is_closing = true;
    close_it(g);
    struct store *s = ground_store(g);
    struct store_node *file = open_file(g, s, CATALOGUE);
    assert_int_equal(s->ops->write(s, file, zeroes, 512, (off_t)(turn & 1) * 512), 512);
    s->ops->unref(s, file);
    assert_int_equal(cow_check_area(s, &report), 0);
    assert_int_equal(report.n_bad_headers, 1);
    s->ops->free(s);
    ground_open(g);
    assert_int_not_equal(cow_volume_snapshot(g->v, 2, NULL), 0);
    assert_true(cow_volume_next_number(g->v) > 3);
}

static void who_reads_cuts_no_torn_tail(void **state)
{
    struct ground *g = *state;
    struct cow_volume *v;

    make_three(g);
    off_t end = (off_t)g->v->log.end;
    g->v->is_closing = true;
    close_it(g);
    ground_change_behind(g, COW_SYSTEM_FOLDER, "vssemu.log.1", end, "torn");
    uint64_t before = sum_of_area(g);
    assert_int_equal(cow_volume_open_to_read(ground_store(g), &v), 0);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(cow_volume_snapshot(v, i, NULL), i + 1);
    cow_volume_free(v);
    assert_int_equal(sum_of_area(g), before);
}

/* The older header knows nothing of the last snapshot; the log does. */
static void one_header_that_was_the_newest(void **state)
{
    struct ground *g = *state;
    bool is_lost = false;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    ground_snapshot(g, 2);
    uint64_t turn = g->v->cs.catalogue.header.turn;
    g->v->is_closing = true;
    close_it(g);
    flip(g, CATALOGUE, (off_t)(turn & 1) * 512 + 20);
    ground_open(g);
    assert_int_equal(cow_volume_snapshot(g->v, 1, &is_lost), 2);
    assert_true(is_lost);
    assert_true(cow_volume_next_number(g->v) > 2);
    assert_int_equal(g->v->cs.catalogue.n_bad_headers, 0);
    ground_kill_owner(g);
    ground_assert_lost(g, 2, true);
}

static void leavings_that_name_nothing(void **state)
{
    struct ground *g = *state;
    struct cow_area_report report;
    bool is_lost = false;

    make_three(g);
    close_it(g);
    remove_file(g, CATALOGUE);
    remove_file(g, "vssemu.log.1");
    struct store *s = ground_store(g);
    assert_int_equal(cow_check_area(s, &report), 0);
    assert_true(report.is_there && report.is_blank);
    s->ops->free(s);
    ground_open(g);
    unsigned number = cow_volume_snapshot(g->v, 0, &is_lost);
    assert_true(number > 1000 && is_lost);
    ground_kill_owner(g);
    ground_assert_lost(g, number, true);
    assert_int_equal(cow_volume_delete_snapshot(g->v, number), 0);
    ground_next_owner(g);
    assert_int_equal(cow_volume_snapshot(g->v, 0, NULL), 0);
    assert_true(cow_volume_next_number(g->v) > number);
}

/* Nothing but time tells the numbers of one disaster from those of the next. */
static void numbers_go_on_when_everything_is_gone_again(void **state)
{
    struct ground *g = *state;
    unsigned highest = 0;

    for (int i = 0; i < 3; i++) {
        unsigned next = cow_volume_next_number(g->v);

        assert_true(next > highest);
        ground_put(g, "f", "one", 0);
        ground_snapshot(g, next);
        ground_put(g, "f", "two", 0);
        highest = next;
        uint64_t generation = g->v->log.generation;
        close_it(g);
        g->now_ns += INT64_C(100000000000);
        remove_file(g, CATALOGUE);
        remove_file(g, generation & 1 ? "vssemu.log.1" : "vssemu.log.0");
        ground_open(g);
    }
}

static void a_log_that_is_missing(void **state)
{
    struct ground *g = *state;
    bool is_lost = false;

    make_three(g);
    close_it(g);
    remove_file(g, "vssemu.log.1");
    ground_open(g);
    assert_true(cow_volume_snapshot(g->v, 0, &is_lost) > 3);
    assert_true(is_lost);
    ground_kill_owner(g);
    assert_true(cow_volume_snapshot(g->v, 0, NULL) > 3);
}

/* ---- logs that somebody has made ---- */

/* Frames that look like large records, at every place where one could be. */
static void forged_frames_cost_no_more_than_a_multiple_of_the_file(void **state)
{
    struct ground *g = *state;
    const uint32_t sizes[] = { 1 << 20, 131072, 65536, 1000000 };
    const size_t size = 3 << 20;
    unsigned char *bytes = mem_alloc(size);

    make_three(g);
    uint64_t end = g->v->log.end;
    g->v->is_closing = true;
    close_it(g);
    for (size_t i = 0; i < size; i += 16) {
        uint32_t frame[4] = { (uint32_t)i, 7, sizes[i / 16 % 4], AREA_BLOCKS };

        memcpy(bytes + i, frame, sizeof(frame));
    }
    struct store *s = ground_store(g);
    struct store_node *file = open_file(g, s, "vssemu.log.1");
    assert_int_equal(s->ops->write(s, file, bytes, size, (off_t)end), size);
    s->ops->unref(s, file);
    s->ops->free(s);
    free(bytes);
    flip(g, "vssemu.log.1", 20);
    struct cow_volume *v;
    assert_int_equal(cow_volume_open_to_read(ground_store(g), &v), 0);
    assert_lost(v, three, 3);
    cow_volume_free(v);
    ground_open(g);
    assert_lost(g->v, three, 3);
}

/* Any bytes of the area may be anything: what opens it answers, and whoever opens it next. */
static void any_damage_is_answered(void **state)
{
    struct ground *g = *state;
    uint64_t seed = 1;

    for (int round = 0; round < 60; round++) {
        unsigned next = cow_volume_next_number(g->v);

        ground_put(g, "f", "one", 0);
        ground_snapshot(g, next);
        ground_put(g, "f", "two", 0);
        ground_snapshot(g, next + 1);
        const char *log = g->v->log.generation & 1 ? "vssemu.log.1" : "vssemu.log.0";
        uint64_t end = g->v->log.end;
        g->v->is_closing = round & 1;
        close_it(g);
        for (int i = 0; i < 1 + round % 5; i++) {
            seed = checksum_of(&seed, sizeof(seed), 3);
            flip(g, seed & 1 ? log : CATALOGUE, (off_t)((seed >> 8) % (seed & 1 ? end : 700)));
        }
        struct cow_volume *v;
        assert_int_equal(cow_volume_open_to_read(ground_store(g), &v), 0);
        cow_volume_free(v);
        ground_open(g);
        assert_true(cow_volume_next_number(g->v) > next + 1);
        ground_assert_content(g, VOLUME_ORIGIN, "f", "two");
        while (cow_volume_snapshot(g->v, 8, NULL))
            cow_volume_delete_snapshot(g->v, cow_volume_snapshot(g->v, 0, NULL));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GROUND_TEST(a_catalogue_without_a_valid_header),
        GROUND_TEST(a_catalogue_that_is_missing),
        GROUND_TEST(a_log_whose_first_record_is_damaged_and_no_catalogue),
        GROUND_TEST(a_damaged_record_in_the_middle),
        GROUND_TEST(what_was_deleted_stays_deleted),
        GROUND_TEST(lost_ones_are_gone_once_they_are_deleted),
        GROUND_TEST(of_two_logs_the_newer_one_is_right),
        GROUND_TEST(a_place_of_the_header_that_is_wiped),
        GROUND_TEST(who_reads_cuts_no_torn_tail),
        GROUND_TEST(one_header_that_was_the_newest),
        GROUND_TEST(leavings_that_name_nothing),
        { "memory: numbers_go_on_when_everything_is_gone_again",
          numbers_go_on_when_everything_is_gone_again, ground_begin_memory, ground_end, NULL },
        GROUND_TEST(a_log_that_is_missing),
        GROUND_TEST(forged_frames_cost_no_more_than_a_multiple_of_the_file),
        { "memory: any_damage_is_answered", any_damage_is_answered, ground_begin_memory, ground_end,
          NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
