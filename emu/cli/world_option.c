/* SPDX-License-Identifier: MIT */
/* See world_option.h. */
#include "emu/cli/world_option.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/cli/input_files.h"
#include "emu/cli/launch_plan.h"
#include "emu/cli/say.h"
#include "emu/scenario/scenario_read.h"

#include <string.h>

bool world_option_set(struct world_option *option, const char *path)
{
    auto_free char *error = NULL;

    if (option->path) {
        say("--world is given twice; a run has one world");
        return false;
    }
    option->path = input_absolute_path(path);
    if (!option->path) {
        say("--world %s: there is no such file", path);
        return false;
    }
    if (scenario_read_file(option->path, &option->scenario, &error))
        return true;
    say("%s", error);
    return false;
}

static bool has_volume(const struct launch_plan *plan, char letter)
{
    for (size_t i = 0; i < plan->n_volumes; i++) {
        if (plan->volumes[i].letter == letter)
            return true;
    }
    return false;
}

/* Directories are the launcher's: it may have to mount them. */
static void add_volumes(struct world_option *option, struct launch_plan *plan)
{
    const struct scenario *s = &option->scenario;

    for (size_t i = 0; i < s->volumes.count && i < LAUNCH_MAX_VOLUMES; i++) {
        const struct scenario_volume *volume = &s->volumes.items[i];

        if (!volume->directory || has_volume(plan, volume->letter))
            continue;
        option->directories[i] = scenario_path(s, volume->directory);
        plan->volumes[plan->n_volumes++] =
            (struct launch_volume){ .letter = volume->letter, .directory = option->directories[i] };
    }
}

static void add_requester(struct world_option *option, struct launch_plan *plan)
{
    const struct scenario *s = &option->scenario;

    if (plan->has_requester || s->requester != SCENARIO_REQUESTER_BETEST)
        return;
    plan->has_requester = true;
    if (s->betest)
        option->betest = scenario_path(s, s->betest);
    plan->requester = mem_strdup(option->betest);
}

/* A program with a slash is meant beside the file; the built-in player has none. */
static char *const *program_of(struct world_option *option)
{
    const struct scenario *s = &option->scenario;

    if (!s->program.count && s->requester != SCENARIO_REQUESTER_STEPS)
        return NULL;
    if (!s->program.count)
        scenario_texts_add(&option->program, "vssemu-play");
    for (size_t i = 0; i < s->program.count; i++) {
        bool is_path = !i && strchr(s->program.items[0], '/');

        array_add(&option->program, is_path ? scenario_path(s, s->program.items[0])
                                            : mem_strdup(s->program.items[i]));
    }
    array_add(&option->program, NULL);
    option->program.count--;
    return option->program.items;
}

char *const *world_option_apply(struct world_option *option, struct launch_plan *plan,
                                bool *has_seed, char *const *argv)
{
    const struct scenario *s = &option->scenario;

    if (!option->path)
        return argv;
    plan->world = option->path;
    plan->scenario = s;
    if (!plan->has_clock)
        plan->is_virtual = !s->is_real_clock && !plan->is_mounted;
    if (!*has_seed && s->has_seed) {
        plan->seed = s->seed;
        *has_seed = true;
    }
    if (!plan->schedule && plan->is_virtual)
        plan->schedule = s->schedule;
    plan->is_fine = plan->is_fine || (s->is_fine && plan->is_virtual);
    if (s->is_service) {
        plan->service = plan->is_service ? plan->service : s->service;
        plan->is_service = true;
    }
    plan->is_strict = plan->is_strict || s->is_strict;
    plan->is_strict_api = plan->is_strict_api || s->is_strict_api;
    add_volumes(option, plan);
    add_requester(option, plan);
    plan->plays_steps = argv && !plan->has_requester && s->requester == SCENARIO_REQUESTER_STEPS;
    if (argv)
        return argv;
    plan->plays_steps = s->program.count && s->requester == SCENARIO_REQUESTER_STEPS;
    return program_of(option);
}

void world_option_fini(struct world_option *option)
{
    scenario_fini(&option->scenario);
    scenario_texts_free(&option->program);
    for (size_t i = 0; i < 26; i++)
        free(option->directories[i]);
    free(option->betest);
    free(option->path);
}
