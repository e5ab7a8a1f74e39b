/* SPDX-License-Identifier: MIT */
/* Plans of the search: a seed always draws the same, bytes and scenarios come back as they were,
 * and any bytes at all make a valid plan. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/proto/fault_rules.h"
#include "emu/scenario/cast.h"
#include "emu/scenario/scenario.h"
#include "emu/search/plan.h"
#include "emu/search/plan_steps.h"
#include "fakes/world/prng.h"

#include <stdlib.h>
#include <string.h>

#define N_SEEDS 500

static void assert_valid(const struct plan *p)
{
    assert_in_range(p->n_volumes, 1, PLAN_MAX_VOLUMES);
    assert_in_range(p->n_writers, 0, PLAN_MAX_WRITERS);
    for (unsigned i = 0; i < p->n_writers; i++)
        assert_true(p->writers[i] < cast_count());
    assert_in_range(p->n_faults, 0, PLAN_MAX_FAULTS);
    for (unsigned i = 0; i < p->n_faults; i++)
        assert_true(fault_rules_allow((enum fault_actor)p->faults[i].actor, p->faults[i].point,
                                      (enum fault_action)p->faults[i].action));
    assert_in_range(p->n_steps, 0, PLAN_MAX_STEPS);
    for (unsigned i = 0; i < p->n_steps; i++)
        assert_true(p->steps[i].row < plan_step_count());
}

static void a_seed_draws_the_same_and_another_seed_does_not(void **state)
{
    unsigned n_equal = 0;

    (void)state;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        struct plan a, b;

        plan_draw(seed, NULL, &a);
        plan_draw(seed, NULL, &b);
        assert_memory_equal(&a, &b, sizeof(a));
        assert_valid(&a);
        plan_draw(seed + 1, NULL, &b);
        n_equal += memcmp(&a, &b, sizeof(a)) == 0;
    }
    assert_int_equal(n_equal, 0);
}

static void wishes_are_kept(void **state)
{
    struct plan_wishes wishes = { .no_requester = true, .no_faults = true, .max_writers = 2 };

    (void)state;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        struct plan plan;

        plan_draw(seed, &wishes, &plan);
        assert_int_equal(plan.n_steps, 0);
        assert_int_equal(plan.n_faults, 0);
        assert_in_range(plan.n_writers, 0, 2);
    }
}

/* A program that works all the time makes hours of the world's time expensive. */
static void most_plans_for_a_busy_program_are_short(void **state)
{
    struct plan_wishes wishes = { .takes_all = true, .is_brief = true };
    unsigned n_long = 0;

    (void)state;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        struct plan plan;
        int64_t ns = 0;

        plan_draw(seed, &wishes, &plan);
        for (unsigned i = 0; i < plan.n_faults; i++)
            ns += plan_duration(plan.faults[i].duration);
        for (unsigned i = 0; i < plan.n_steps; i++)
            ns += plan.steps[i].row == plan_step_named("Pause") && plan.steps[i].value > 1
                      ? INT64_C(60000000000)
                      : 0;
        n_long += ns > INT64_C(20000000000);
    }
    assert_in_range(n_long, 1, N_SEEDS / 10);
}

struct rare {
    unsigned n_busy_for_ever, n_unreadable, n_second_aborts, n_foreign_ends, n_jumps, n_too_long;
};

static void look_at_faults(const struct plan *plan, struct rare *rare)
{
    for (unsigned i = 0; i < plan->n_faults; i++) {
        const struct plan_fault *f = &plan->faults[i];
        bool is_jump = f->actor == FAULT_MACHINE && f->action == FAULT_CLOCK_JUMP;

        rare->n_busy_for_ever += f->action == FAULT_SET_IN_PROGRESS && !f->nth;
        rare->n_unreadable += f->actor == FAULT_VOLUME && f->point == AT_VOLUME_READ_COPY;
        rare->n_too_long += f->actor == FAULT_PROVIDER && f->action == FAULT_DELAY &&
                            f->point == AT_PROVIDER_PRE_COMMIT && f->duration > 6;
        rare->n_jumps += is_jump && f->nth > 3;
    }
}

static void look_at_steps(const struct plan *plan, struct rare *rare)
{
    unsigned abort = plan_step_named("AbortBackup"), wait = plan_step_named("Wait");
    unsigned start = plan_step_named("start DoSnapshotSet");

    for (unsigned i = 1; i + 4 < plan->n_steps; i++) {
        const struct plan_step *step = &plan->steps[i];

        rare->n_second_aborts += step[0].row == abort && step[1].row == abort;
        rare->n_foreign_ends +=
            step[0].row == start && step[2].session != step[0].session && step[4].row == wait;
    }
}

/* What nobody meets by chance is drawn on purpose (docs/search.md). */
static void rare_cases_are_drawn(void **state)
{
    struct plan_wishes of_writers = { .takes_all = true, .is_brief = true };
    struct plan_wishes of_requesters = { .no_requester = true };
    struct rare rare = { 0 };

    (void)state;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        struct plan plan;

        plan_draw(seed, &of_writers, &plan);
        look_at_steps(&plan, &rare);
        look_at_faults(&plan, &rare);
        plan_draw(seed, &of_requesters, &plan);
        look_at_faults(&plan, &rare);
    }
    assert_true(rare.n_busy_for_ever > N_SEEDS / 100);
    assert_true(rare.n_unreadable > N_SEEDS / 100);
    assert_true(rare.n_second_aborts > N_SEEDS / 100);
    assert_true(rare.n_foreign_ends > N_SEEDS / 100);
    assert_true(rare.n_jumps > N_SEEDS / 100);
    assert_true(rare.n_too_long > N_SEEDS / 500);
}

static void bytes_come_back_as_they_were(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        struct plan plan, again;
        struct plan_bytes bytes;

        plan_draw(seed, NULL, &plan);
        plan_to_bytes(&plan, &bytes);
        plan_from_bytes(bytes.items, bytes.count, &again);
        assert_memory_equal(&plan, &again, sizeof(plan));
        array_free(&bytes);
    }
}

static void any_bytes_are_a_plan(void **state)
{
    struct prng prng;

    (void)state;
    prng_init(&prng, 1, "bytes");
    for (unsigned run = 0; run < 2000; run++) {
        uint8_t data[300];
        size_t size = random_below(&prng.port, sizeof(data));
        struct plan plan, again;
        struct plan_bytes bytes;

        for (size_t i = 0; i < size; i++)
            data[i] = (uint8_t)random_next(&prng.port);
        plan_from_bytes(data, size, &plan);
        assert_valid(&plan);
        plan_to_bytes(&plan, &bytes);
        plan_from_bytes(bytes.items, bytes.count, &again);
        assert_memory_equal(&plan, &again, sizeof(plan));
        array_free(&bytes);
    }
}

/* What the scenario says, in one text. */
static char *told(const struct scenario *s)
{
    struct str out = { 0 };

    str_addf(&out, "%lu %s %s\n", (unsigned long)s->seed, s->schedule ? s->schedule : "-",
             s->windows ? s->windows : "-");
    for (size_t i = 0; i < s->volumes.count; i++)
        str_addf(&out, "%c:\n", s->volumes.items[i].letter);
    for (size_t i = 0; i < s->writers.count; i++)
        str_addf(&out, "%s\n", s->writers.items[i].text);
    for (size_t i = 0; i < s->faults.count; i++) {
        auto_free char *text = fault_text(&s->faults.items[i]);

        str_addf(&out, "%s\n", text);
    }
    for (size_t i = 0; i < s->steps.count; i++)
        str_addf(&out, "%s\n", s->steps.items[i].text);
    return str_take(&out);
}

static void a_scenario_comes_back_as_it_was(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < N_SEEDS; seed += 10) {
        struct plan plan, again;
        auto_scenario struct scenario scenario = { 0 }, second = { 0 };
        auto_free char *error = NULL;

        plan_draw(seed, NULL, &plan);
        plan_to_scenario(&plan, &scenario);
        if (!plan_from_scenario(&scenario, &again, &error))
            fail_msg("seed %lu: %s", (unsigned long)seed, error);
        plan_to_scenario(&again, &second);
        auto_free char *first_text = told(&scenario), *second_text = told(&second);
        assert_string_equal(first_text, second_text);
    }
}

static void what_no_plan_has_is_named(void **state)
{
    static const struct {
        const char *fault, *step, *writer, *says;
    } rows[] = {
        { "machine at=1s do=restart", NULL, NULL, "restart" },
        { "writer=Sql event=Freeze do=hang", NULL, NULL, "Sql" },
        { "writer=* event=Freeze do=delay for=33s", NULL, NULL, "33s" },
        { NULL, "Write C:\\a.txt hello", NULL, "Write" },
        { NULL, NULL, "registry", "registry" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        auto_scenario struct scenario scenario = { 0 };
        auto_free char *error = NULL;
        struct plan plan;

        scenario_add_volume(&scenario, 'C');
        if (rows[i].fault)
            assert_true(scenario_add_fault(&scenario, rows[i].fault, &error));
        if (rows[i].step)
            scenario_add_step(&scenario, rows[i].step);
        if (rows[i].writer)
            scenario_add_writer(&scenario, SCENARIO_WRITER_CATALOG, rows[i].writer);
        assert_false(plan_from_scenario(&scenario, &plan, &error));
        if (!strstr(error, rows[i].says))
            fail_msg("\"%s\" does not name %s", error, rows[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_draws_the_same_and_another_seed_does_not),
        cmocka_unit_test(wishes_are_kept),
        cmocka_unit_test(most_plans_for_a_busy_program_are_short),
        cmocka_unit_test(rare_cases_are_drawn),
        cmocka_unit_test(bytes_come_back_as_they_were),
        cmocka_unit_test(any_bytes_are_a_plan),
        cmocka_unit_test(a_scenario_comes_back_as_it_was),
        cmocka_unit_test(what_no_plan_has_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
