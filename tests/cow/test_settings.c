/* SPDX-License-Identifier: MIT */
/* What a provider has said of a volume itself outlives the owner: old or new, whatever happens, and
 * whatever happens to it costs no snapshot. */
#include "tests/support/cmocka_vss.h"

#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_volume.h"
#include "provider_sim/soft_area.h"
#include "tests/cow/ground.h"
#include "tests/cow/tape_store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put(struct cow_volume *v, const char *text)
{
    assert_int_equal(cow_volume_keep_settings(v, text, strlen(text)), 0);
}

/* As text; "?": damaged. */
static const char *settings_of(struct cow_volume *v)
{
    static char text[VOLUME_SETTINGS_MAX + 1];
    ssize_t size = cow_volume_settings(v, text);

    if (size == -EBADMSG)
        return "?";
    assert_in_range(size, 0, VOLUME_SETTINGS_MAX);
    text[size] = 0;
    return text;
}

/* ---- owners ---- */

static void next_owner_has_them_in_order_or_killed(void **state)
{
    struct ground *g = *state;

    assert_string_equal(settings_of(g->v), "");
    put(g->v, "one");
    assert_string_equal(settings_of(g->v), "one");
    ground_next_owner(g);
    assert_string_equal(settings_of(g->v), "one");
    put(g->v, "the second");
    ground_kill_owner(g);
    assert_string_equal(settings_of(g->v), "the second");
    put(g->v, "3");
    put(g->v, "");
    ground_next_owner(g);
    assert_string_equal(settings_of(g->v), "");
}

static void they_and_snapshots_do_not_disturb_each_other(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "before", 0);
    ground_snapshot(g, 1);
    put(g->v, "one");
    ground_put(g, "f", "after!", 0);
    ground_kill_owner(g);
    put(g->v, "two");
    ground_next_owner(g);
    ground_assert_content(g, 1, "f", "before");
    assert_int_equal(cow_volume_delete_snapshot(g->v, 1), 0);
    ground_next_owner(g);
    assert_string_equal(settings_of(g->v), "two");
}

static void there_is_a_limit_to_them(void **state)
{
    struct ground *g = *state;
    char most[VOLUME_SETTINGS_MAX + 1];

    memset(most, 'x', sizeof(most));
    assert_int_equal(cow_volume_keep_settings(g->v, most, sizeof(most)), -E2BIG);
    assert_string_equal(settings_of(g->v), "");
    assert_int_equal(cow_volume_keep_settings(g->v, most, sizeof(most) - 1), 0);
    ground_next_owner(g);
    assert_int_equal(strlen(settings_of(g->v)), sizeof(most) - 1);
}

static void spoil(struct ground *g, off_t offset)
{
    ground_change_behind(g, "System Volume Information", "vssemu.catalogue", offset, "spoilt");
}

static void damaged_ones_say_so_and_cost_no_snapshot(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "before", 0);
    ground_snapshot(g, 1);
    ground_put(g, "f", "after!", 0);
    put(g->v, "one");
    put(g->v, "two");
    spoil(g, 2048 + 20); /* the second's place */
    assert_string_equal(settings_of(g->v), "one");
    spoil(g, 2048 + 512 + 20);
    assert_string_equal(settings_of(g->v), "?");
    ground_assert_content(g, 1, "f", "before");
    put(g->v, "three");
    ground_next_owner(g);
    assert_string_equal(settings_of(g->v), "three");
    ground_assert_content(g, 1, "f", "before");
}

/* ---- killed at each write ---- */

/* What is said, how long the tape was when it began to be said, and when it had been. */
static struct said {
    const char *text;
    size_t begun, done;
} said[] = { { "one", 0, 0 }, { "the second one", 0, 0 }, { "", 0, 0 }, { "4", 0, 0 } };

#define N_SAID (sizeof(said) / sizeof(said[0]))

static void write_file(struct cow_volume *v, const char *text)
{
    struct cow_node *root = cow_volume_root(v), *node;

    if (cow_volume_lookup(v, VOLUME_ORIGIN, root, "f", &node))
        assert_int_equal(cow_volume_create(v, root, "f", S_IFREG | 0600, 0, 0, 0, &node), 0);
    assert_int_equal(cow_volume_write(v, node, text, strlen(text), 0), (ssize_t)strlen(text));
    cow_node_unref(v, node);
    cow_node_unref(v, root);
}

static struct tape *record(void)
{
    struct tape *tape = tape_new();
    struct cow_snapshot_info info = { .is_persistent = true, .created = 1 };
    struct cow_volume *v;

    assert_int_equal(cow_volume_open(tape_store(tape), &v), 0);
    write_file(v, "before");
    assert_int_equal(cow_volume_commit_as(v, 1, &info), 0);
    for (size_t i = 0; i < N_SAID; i++) {
        tape->now_ns += 1000000;
        said[i].begun = tape->changes.count;
        put(v, said[i].text);
        said[i].done = tape->changes.count;
        write_file(v, i % 2 ? "after!" : "later!");
    }
    cow_volume_free(v);
    return tape;
}

/* After n changes. */
static void check_after(struct store *store, size_t n, bool is_last_torn)
{
    const char *old = "", *new = "";
    struct cow_volume *v;

    for (size_t i = 0; i < N_SAID && said[i].begun < n; i++) {
        old = said[i].done < n + !is_last_torn ? said[i].text : old;
        new = said[i].text;
    }
    assert_int_equal(cow_volume_open(store, &v), 0);
    const char *is = settings_of(v);

    /* A first one that is torn is nobody's, and there was none before. */
    bool is_torn_first = !*old && strcmp(is, "?") == 0;
    if (strcmp(is, old) != 0 && strcmp(is, new) != 0 && !is_torn_first)
        fail_msg("after %zu changes: \"%s\", neither \"%s\" nor \"%s\"", n, is, old, new);
    if (n > said[0].begun) {
        bool is_lost = true;

        assert_int_equal(cow_volume_snapshot(v, 0, &is_lost), 1);
        assert_false(is_lost);
    }
    cow_volume_free(v);
}

static void a_kill_at_any_write_leaves_old_or_new(void **state)
{
    struct tape *tape = record();

    (void)state;
    for (size_t n = 0; n <= tape->changes.count; n++) {
        size_t size = n ? tape->changes.items[n - 1].size : 0;

        check_after(tape_play(tape, n, NULL, NULL, false), n, false);
        for (size_t torn = 0; torn < size && size <= 512; torn += 7) {
            tape_tear(tape, torn);
            check_after(tape_play(tape, n, NULL, NULL, false), n, true);
        }
        tape_tear(tape, SIZE_MAX);
    }
    tape_free(tape);
}

static void they_are_synced_when_they_are_said(void **state)
{
    struct tape *tape = record();

    (void)state;
    for (size_t i = 0; i < N_SAID; i++) {
        assert_int_equal(said[i].done, said[i].begun + 1);
        assert_int_equal(tape->changes.items[said[i].begun].synced, said[i].done);
    }
    tape_free(tape);
}

static void what_cannot_be_written_leaves_the_old(void **state)
{
    struct tape *tape = tape_new();
    struct cow_volume *v;

    (void)state;
    assert_int_equal(cow_volume_open(tape_store(tape), &v), 0);
    put(v, "one");
    tape->fail_at = tape->n_area_calls + 1;
    tape->fails_for_ever = true;
    tape->fail_error = EIO;
    assert_int_equal(cow_volume_keep_settings(v, "two", 3), -EIO);
    tape->fail_at = 0;
    assert_string_equal(settings_of(v), "one");
    cow_volume_free(v);
    tape_free(tape);
}

/* ---- what the system provider says ---- */

static void any_byte_that_is_another_is_understood_or_refused(void **state)
{
    struct soft_area area = { .level = 1, .has_area = true, .maximum = 1 << 25 }, got;
    struct area_bytes bytes = { 0 };

    (void)state;
    volume_guid_name('D', area.place);
    soft_area_put(&bytes, &area);
    unsigned char *at = bytes.bytes.items;
    size_t size = bytes.bytes.count;
    assert_in_range(size, 1, VOLUME_SETTINGS_MAX);
    assert_int_equal(soft_area_get(at, (ssize_t)size, &got), 0);
    assert_memory_equal(&got, &area, sizeof(got));
    for (size_t i = 1; i < size; i++)
        assert_int_equal(soft_area_get(at, (ssize_t)i, &got), -EBADMSG);
    for (size_t i = 0; i < size * 256; i++) {
        unsigned char before = at[i / 256];

        at[i / 256] = (unsigned char)i;
        int error = soft_area_get(at, (ssize_t)size, &got);
        if (error) {
            assert_true(error == -EBADMSG || (error == -EPROTONOSUPPORT && i / 256 < 4));
            assert_false(got.has_area || got.level);
        } else {
            assert_true(got.maximum == -1 || got.maximum > 0);
            assert_in_range(got.level, 0, 1);
        }
        at[i / 256] = before;
    }
    array_free(&bytes.bytes);
}

static void a_volume_of_which_nothing_was_said_has_no_bytes(void **state)
{
    struct soft_area nothing = { 0 }, got = { .level = 1 };
    struct area_bytes bytes = { 0 };

    (void)state;
    soft_area_put(&bytes, &nothing);
    assert_int_equal(bytes.bytes.count, 0);
    assert_int_equal(soft_area_get("", 0, &got), 0);
    assert_false(got.level || got.has_area);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GROUND_TEST(next_owner_has_them_in_order_or_killed),
        GROUND_TEST(they_and_snapshots_do_not_disturb_each_other),
        GROUND_TEST(there_is_a_limit_to_them),
        GROUND_TEST(damaged_ones_say_so_and_cost_no_snapshot),
        cmocka_unit_test(a_kill_at_any_write_leaves_old_or_new),
        cmocka_unit_test(they_are_synced_when_they_are_said),
        cmocka_unit_test(what_cannot_be_written_leaves_the_old),
        cmocka_unit_test(any_byte_that_is_another_is_understood_or_refused),
        cmocka_unit_test(a_volume_of_which_nothing_was_said_has_no_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
