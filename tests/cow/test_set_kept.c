/* SPDX-License-Identifier: MIT */
/* A persistent set of several volumes is there as a whole or not at all, whenever its process is
 * killed or a volume fails while it is kept, and whenever the next process is killed while it finds
 * out; whichever volumes that one has. test_set_power and test_set_processes have the rest. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/list.h"
#include "emu/port/clock.h"
#include "emu/port/store.h"
#include "fakes/world/memstore.h"
#include "tests/cow/deadly_store.h"
#include "tests/cow/set_cast.h"

#include <errno.h>

#define AGAIN_NS INT64_C(5000000000)

struct place {
    struct clock clock;
    int64_t now_ns;
    struct store *stores[CAST_MOST];
    size_t n;
};

static int64_t place_time(struct clock *clock)
{
    return container_of(clock, struct place, clock)->now_ns;
}

static void place_begin(struct place *p, size_t n)
{
    *p = (struct place){ .clock = { .unix_ns = place_time },
                         .now_ns = INT64_C(1700000000000000000),
                         .n = n };
    for (size_t i = 0; i < n; i++) {
        p->stores[i] = memstore_new(&p->clock);
        memstore_keep_on_free(p->stores[i], true);
        deadly_take(p->stores[i]);
    }
    deadly_before(0, false);
}

static void place_end(struct place *p)
{
    for (size_t i = 0; i < p->n; i++) {
        memstore_keep_on_free(p->stores[i], false);
        p->stores[i]->ops->free(p->stores[i]);
    }
}

/* The set is made by a process that ends before change number n of its keeping. */
static bool make_until(struct place *p, const struct situation *s, uint64_t n)
{
    struct cast c;

    place_begin(p, s->n);
    assert_true(cast_begin(&c, p->stores, s->n, &p->clock));
    cast_prepare(&c, s);
    deadly_before(n, false);
    HRESULT hr = cast_finish(&c);
    bool has_ended = deadly_count() < n;

    assert_int_equal(has_ended && FAILED(hr), 0);
    cast_kill(&c);
    deadly_before(0, false);
    return has_ended;
}

/* What a process with these volumes is shown: bit by bit. */
static size_t look(struct place *p, unsigned which)
{
    struct store *stores[CAST_MOST];
    struct cast c;
    size_t n = 0;

    for (size_t i = 0; i < p->n; i++) {
        if (which >> i & 1)
            stores[n++] = p->stores[i];
    }
    p->now_ns += AGAIN_NS;
    assert_true(cast_begin(&c, stores, n, &p->clock));
    size_t n_shown = cast_check(&c, n < p->n);

    cast_end(&c);
    return n_shown;
}

static void assert_whole_or_nothing(struct place *p, const struct situation *s, bool is_kept)
{
    size_t n_shown = look(p, (1u << s->n) - 1);

    assert_int_equal(n_shown, is_kept ? s->n : 0);
    assert_int_equal(look(p, (1u << s->n) - 1), n_shown);
}

/* Whether the set is there when nothing else happens. */
static bool is_kept_after(const struct situation *s, uint64_t n, bool *ret_has_ended)
{
    struct place p;

    *ret_has_ended = make_until(&p, s, n);
    size_t n_shown = look(&p, (1u << s->n) - 1);

    assert_true(n_shown == 0 || n_shown == s->n);
    assert_whole_or_nothing(&p, s, n_shown != 0);
    place_end(&p);
    return n_shown != 0;
}

/* The next process is killed as well, wherever it is. */
static void kill_finder_everywhere(const struct situation *s, uint64_t n, bool is_kept)
{
    bool is_killed = true;
    struct place p;

    for (uint64_t second = 1; is_killed; second++) {
        struct cast c;

        make_until(&p, s, n);
        p.now_ns += AGAIN_NS;
        deadly_before(second, false);
        if (cast_begin(&c, p.stores, s->n, &p.clock))
            cast_kill(&c);
        is_killed = deadly_count() >= second;
        deadly_before(0, false);
        assert_whole_or_nothing(&p, s, is_kept);
        place_end(&p);
    }
}

static void killed_at_any_change_it_is_there_as_a_whole_or_not_at_all(void **state)
{
    struct situation s;

    (void)state;
    for (size_t i = 0; cast_situation(i, &s); i++) {
        bool was_kept = false, has_ended = false;
        uint64_t n = 1;

        for (; !has_ended; n++) {
            bool is_kept = is_kept_after(&s, n, &has_ended);

            assert_true(is_kept || !was_kept); /* from one change on it is there */
            was_kept = is_kept;
            kill_finder_everywhere(&s, n, is_kept);
        }
        assert_true(was_kept);
        assert_true(n > 6);
    }
}

/* Processes with some of the volumes in between change nothing about what becomes of it, and show
 * nothing of a set that may not have been kept. */
static void volumes_that_are_away_decide_nothing(void **state)
{
    struct situation here;
    const struct situation *s = &here;

    (void)state;
    for (size_t i = 0; cast_situation(i, &here); i++) {
        bool has_ended = false;

        for (uint64_t n = 1; !has_ended; n++) {
            bool is_kept = is_kept_after(s, n, &has_ended);

            for (unsigned which = 1; which + 1 < 1u << s->n; which++) {
                struct place p;

                make_until(&p, s, n);
                size_t n_shown = look(&p, which);

                if (has_ended) /* nothing is pending any more */
                    assert_int_equal(n_shown, __builtin_popcount(which));
                assert_true(!n_shown || is_kept);
                look(&p, which);
                assert_whole_or_nothing(&p, s, is_kept);
                place_end(&p);
            }
        }
    }
}

/* One volume fails while the set is kept, and perhaps while it is given up again: the requester is
 * told, and nothing of the set is there unless all is. */
static void fail_at(const struct situation *s, size_t which, uint64_t turn, bool is_for_ever,
                    bool *ret_failed)
{
    struct place p;
    struct cast c;

    place_begin(&p, s->n);
    assert_true(cast_begin(&c, p.stores, s->n, &p.clock));
    cast_prepare(&c, s);
    memstore_fail_writes(p.stores[which], NULL, turn, EIO);
    HRESULT hr = cast_finish(&c);

    if (!is_for_ever)
        memstore_fail_writes(p.stores[which], NULL, 0, 0);
    if (FAILED(hr))
        cast_abort(&c);
    memstore_fail_writes(p.stores[which], NULL, 0, 0);
    cast_kill(&c);
    p.now_ns += AGAIN_NS;
    assert_true(cast_begin(&c, p.stores, s->n, &p.clock));
    size_t n_shown = cast_check(&c, false);

    assert_true(!n_shown || n_shown + c.n_lost == s->n);
    assert_true(FAILED(hr) || n_shown);
    assert_true(SUCCEEDED(hr) || !n_shown || is_for_ever);
    cast_end(&c);
    place_end(&p);
    *ret_failed = FAILED(hr);
}

static void volume_that_fails_leaves_a_whole_set_or_none(void **state)
{
    struct situation s;

    (void)state;
    for (size_t i = 0; cast_situation(i, &s); i++) {
        for (size_t which = 0; which < s.n; which++) {
            bool has_failed = false;

            for (uint64_t turn = 0; turn < 16; turn++) {
                bool is_failing;

                fail_at(&s, which, turn, false, &is_failing);
                fail_at(&s, which, turn, true, &is_failing);
                has_failed = has_failed || is_failing;
            }
            assert_true(has_failed);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_at_any_change_it_is_there_as_a_whole_or_not_at_all),
        cmocka_unit_test(volumes_that_are_away_decide_nothing),
        cmocka_unit_test(volume_that_fails_leaves_a_whole_set_or_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
