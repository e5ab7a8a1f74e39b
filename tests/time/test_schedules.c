/* SPDX-License-Identifier: MIT */
/* Which schedule finds which race. Called with a number of seeds, prints for each the median number
 * of runs until it is found, from the hit rate (docs/virtual-time.md has the table). */
#include "tests/support/cmocka_vss.h"

#include "fakes/world/vsched_schedule.h"
#include "tests/time/planted_races.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENOUGH 1500 /* seeds, for what must be found */
#define FEW    300  /* for what is not found */

static unsigned hits(const struct planted_race *race, const char *schedule, unsigned n_seeds)
{
    struct vsched_schedule s;
    unsigned n = 0;

    assert_true(vsched_schedule_parse(schedule, &s, NULL));
    for (unsigned seed = 1; seed <= n_seeds; seed++)
        n += race->run(seed, &s);
    return n;
}

/* The first seed that finds it; 0: none up to ENOUGH. */
static unsigned first_hit(const struct planted_race *race, const char *schedule)
{
    struct vsched_schedule s;

    assert_true(vsched_schedule_parse(schedule, &s, NULL));
    for (unsigned seed = 1; seed <= ENOUGH; seed++) {
        if (race->run(seed, &s))
            return seed;
    }
    return 0;
}

static void assert_found(const struct planted_race *race, const char *schedule)
{
    if (!first_hit(race, schedule))
        fail_msg("%s%s is not found by %s in %d runs", race->name,
                 race->is_uneven ? ", uneven" : "", schedule, ENOUGH);
}

static void random_finds_what_lies_in_even_threads(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_planted_races; i++) {
        if (!planted_races[i].is_uneven)
            assert_found(&planted_races[i], "random");
    }
}

static void random_misses_what_lies_behind_a_long_way(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_planted_races; i++) {
        if (planted_races[i].is_uneven)
            assert_int_equal(hits(&planted_races[i], "random", FEW), 0);
    }
}

static void priorities_and_few_preemptions_find_it(void **state)
{
    static const char *const schedules[] = { "pct:2,length=80", "bounded:3,length=80" };

    (void)state;
    for (size_t i = 0; i < n_planted_races; i++) {
        for (size_t j = 0; planted_races[i].is_uneven && j < 2; j++)
            assert_found(&planted_races[i], schedules[j]);
    }
    assert_found(&planted_races[4], "pct");
    assert_found(&planted_races[4], "bounded");
}

static void mix_finds_everything(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_planted_races; i++)
        assert_found(&planted_races[i], "mix,length=80");
}

static void one_preemption_does_not_make_three(void **state)
{
    const struct planted_race *race = &planted_races[3];

    (void)state;
    assert_string_equal(race->name, "three preemptions");
    assert_int_equal(hits(race, "bounded:0,length=30", FEW), 0);
    assert_int_equal(hits(race, "bounded:1,length=30", FEW), 0);
    assert_found(race, "bounded:3,length=30");
}

static void what_mix_resolves_to_repeats_the_run(void **state)
{
    struct vsched_schedule mix, again;

    (void)state;
    assert_true(vsched_schedule_parse("mix", &mix, NULL));
    for (unsigned seed = 1; seed <= 60; seed++) {
        struct vsched_schedule resolved = vsched_schedule_resolve(&mix, seed);
        char *text = vsched_schedule_text(&resolved);

        assert_true(vsched_schedule_parse(text, &again, NULL));
        again = vsched_schedule_resolve(&again, seed);
        assert_memory_equal(&again, &resolved, sizeof(again));
        for (size_t i = 0; i < n_planted_races; i++)
            assert_int_equal(planted_races[i].run(seed, &mix), planted_races[i].run(seed, &again));
        free(text);
    }
}

static void each_third_of_the_seeds_has_its_kind(void **state)
{
    struct vsched_schedule mix;
    unsigned n[VSCHED_MIX] = { 0 };

    (void)state;
    assert_true(vsched_schedule_parse("mix", &mix, NULL));
    for (unsigned seed = 1; seed <= 3000; seed++) {
        struct vsched_schedule s = vsched_schedule_resolve(&mix, seed);

        n[s.kind]++;
        if (s.kind == VSCHED_PCT)
            assert_in_range(s.n, 2, 4);
        if (s.kind == VSCHED_BOUNDED)
            assert_in_range(s.n, 1, 3);
    }
    for (int i = 0; i < VSCHED_MIX; i++)
        assert_in_range(n[i], 900, 1100);
}

static void texts_are_read_and_written(void **state)
{
    static const char *const good[] = { "random",  "pct",       "pct:1", "pct:16,length=1",
                                        "bounded", "bounded:0", "mix",   "mix,length=500" };
    static const char *const bad[] = { "",
                                       "fair",
                                       "pct:0",
                                       "pct:17",
                                       "pct:",
                                       "pct:x",
                                       "random:3",
                                       "mix:2",
                                       "pct:3,",
                                       "pct,len=3",
                                       "Random",
                                       "pct:3 ",
                                       "pct,length=",
                                       "bounded:-1",
                                       "pct,length=0",
                                       "pct,length=99999999999999999999" };
    struct vsched_schedule s;

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(vsched_schedule_parse(good[i], &s, NULL));
        char *text = vsched_schedule_text(&s);
        assert_string_equal(text, good[i]);
        free(text);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char *error = NULL;

        if (vsched_schedule_parse(bad[i], &s, &error))
            fail_msg("\"%s\" is read", bad[i]);
        assert_non_null(error);
        free(error);
    }
}

static void print_table(unsigned n_seeds)
{
    static const char *const schedules[] = { "random", "pct:2", "pct:4", "bounded:3", "mix" };
    static const char *const known[] = { "random", "pct:2,length=%d", "pct:4,length=%d",
                                         "bounded:3,length=%d", "mix,length=%d" };

    printf("median runs to find, of %u seeds; with the length known and without\n%-22s", n_seeds,
           "");
    for (int j = 0; j < 5; j++)
        printf("%16s", schedules[j]);
    for (size_t i = 0; i < n_planted_races; i++) {
        const struct planted_race *race = &planted_races[i];

        printf("\n%-22s%s", race->name, race->is_uneven ? "long " : "even ");
        for (int j = 0; j < 5; j++) {
            char with_length[64], cell[2][16];

            snprintf(with_length, sizeof(with_length), known[j], race->is_uneven ? 80 : 20);
            for (int k = 0; k < 2; k++) {
                unsigned n = hits(race, k ? schedules[j] : with_length, n_seeds);
                double rate = (double)n / n_seeds;

                snprintf(cell[k], sizeof(cell[k]), "-");
                if (n)
                    snprintf(cell[k], sizeof(cell[k]), "%.0f",
                             n == n_seeds ? 1 : ceil(log(0.5) / log(1 - rate)));
            }
            printf("%8s %7s", cell[0], cell[1]);
        }
    }
    printf("\n");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_finds_what_lies_in_even_threads),
        cmocka_unit_test(random_misses_what_lies_behind_a_long_way),
        cmocka_unit_test(priorities_and_few_preemptions_find_it),
        cmocka_unit_test(mix_finds_everything),
        cmocka_unit_test(one_preemption_does_not_make_three),
        cmocka_unit_test(what_mix_resolves_to_repeats_the_run),
        cmocka_unit_test(each_third_of_the_seeds_has_its_kind),
        cmocka_unit_test(texts_are_read_and_written),
    };

    if (argc > 1) {
        print_table((unsigned)atoi(argv[1]));
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
