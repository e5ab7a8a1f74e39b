/* SPDX-License-Identifier: MIT */
/* Power is lost at any change while a persistent set of two volumes is kept, and on each any of the
 * changes that nobody had synced are dropped: the set is there as a whole or not at all. Likewise
 * when the process is killed within a write. */
#include "tests/support/cmocka_vss.h"

#include "emu/port/store.h"
#include "tests/cow/set_cast.h"
#include "tests/cow/tape_store.h"

#include <stdlib.h>

#define AGAIN_NS INT64_C(5000000000)

/* Several tapes that count their changes together. */
struct tapes {
    struct tape *tapes[CAST_MOST];
    uint64_t order, begun;
    const struct situation *s;
};

static void record(struct tapes *t, const struct situation *s)
{
    struct store *stores[CAST_MOST];
    struct cast c;

    *t = (struct tapes){ .s = s };
    for (size_t i = 0; i < s->n; i++) {
        t->tapes[i] = tape_new();
        t->tapes[i]->order = &t->order;
        stores[i] = tape_store(t->tapes[i]);
    }
    assert_true(cast_begin(&c, stores, s->n, &t->tapes[0]->clock));
    cast_prepare(&c, s);
    t->begun = t->order;
    assert_int_equal(cast_finish(&c), S_OK);
    cast_kill(&c);
}

/* Changes of the tape up to the common moment. */
static size_t length_at(const struct tape *tape, uint64_t order)
{
    size_t n = 0;

    while (n < tape->changes.count && tape->changes.items[n].order <= order)
        n++;
    return n;
}

struct loss {
    const struct tape *tape;
    size_t n;
    uint64_t order;  /* the last change that was made anywhere */
    uint64_t subset; /* what is dropped: the last four that were not synced; all before them */
};

static bool is_unsynced(const struct loss *l, size_t change)
{
    const struct tape_change *c = &l->tape->changes.items[change];

    return c->synced == SIZE_MAX || c->synced_order >= l->order;
}

static bool is_dropped(void *arg, size_t change)
{
    const struct loss *l = arg;
    size_t place = 0;

    if (!is_unsynced(l, change))
        return false;
    for (size_t i = change + 1; i < l->n; i++)
        place += is_unsynced(l, i);
    return l->subset >> (place < 4 ? place : 4) & 1;
}

static size_t size_of_write(const struct tapes *t, uint64_t order)
{
    for (size_t i = 0; i < t->s->n; i++) {
        size_t n = length_at(t->tapes[i], order);
        const struct tape_change *c = n ? &t->tapes[i]->changes.items[n - 1] : NULL;

        if (c && c->order == order && c->kind == TAPE_WRITE)
            return c->size;
    }
    return 0;
}

/* Of a header that was torn nobody can say whether what it spoke of was over. */
#define HEADER_SIZE 88u

static bool is_torn_header(const struct tapes *t, uint64_t order, size_t torn)
{
    return torn != SIZE_MAX && size_of_write(t, order) == HEADER_SIZE;
}

/* torn: so many bytes of the last write arrive on its volume; SIZE_MAX: all. */
static void open_at(struct tapes *t, uint64_t order, bool is_power_lost, uint64_t subset,
                    size_t torn)
{
    struct store *stores[CAST_MOST];
    struct cast c;

    for (size_t i = 0; i < t->s->n; i++) {
        struct tape *tape = t->tapes[i];
        size_t n = length_at(tape, order);
        struct loss loss = { tape, n, order, subset >> 5 * i & 31 };
        bool is_last = n && tape->changes.items[n - 1].order == order;

        tape_tear(tape, is_last ? torn : SIZE_MAX);
        stores[i] = tape_play(tape, n, is_power_lost ? is_dropped : NULL, &loss, is_power_lost);
        tape->now_ns += AGAIN_NS;
    }
    assert_true(cast_begin(&c, stores, t->s->n, &t->tapes[0]->clock));
    size_t n_shown = cast_check(&c, false);

    assert_true(!n_shown || n_shown + c.n_lost == t->s->n);
    assert_true(is_power_lost || is_torn_header(t, order, torn) || !c.n_lost);
    cast_kill(&c);
}

/* Of each of two volumes every subset of the last four changes that were not synced is dropped,
 * with and without all that was not synced before. */
static void power_lost_at_any_change_it_is_there_as_a_whole_or_not_at_all(void **state)
{
    const uint64_t step = getenv("TEST_SIZES") ? 61 : 1;
    struct situation s;

    (void)state;
    for (size_t i = 0; cast_situation(i, &s) && s.n == 2; i++) {
        struct tapes t;

        record(&t, &s);
        for (uint64_t order = t.begun; order <= t.order; order++) {
            size_t size = size_of_write(&t, order);

            for (uint64_t subset = 0; subset < 1024; subset += step)
                open_at(&t, order, true, subset, SIZE_MAX);
            for (size_t torn = 0; torn < size; torn += 8)
                open_at(&t, order, false, 0, torn);
        }
        for (size_t k = 0; k < t.s->n; k++)
            tape_free(t.tapes[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_lost_at_any_change_it_is_there_as_a_whole_or_not_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
