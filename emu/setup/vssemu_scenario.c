/* SPDX-License-Identifier: MIT */
/* The functions of vssemu.h about world files. */
#include "emu/base/str.h"
#include "emu/include/vssemu.h"
#include "emu/scenario/scenario_read.h"
#include "emu/setup/scenario_run.h"
#include "emu/setup/scenario_world.h"
#include "emu/setup/test_world.h"

#include <stdlib.h>
#include <string.h>

static bool answer(struct vssemu_world *w, bool is_good, char *take_error)
{
    if (is_good) {
        free(take_error);
        return true;
    }
    free(w->test->error);
    w->test->error = take_error;
    return false;
}

static bool load(struct vssemu_world *w, const struct scenario *s, char **ret_error)
{
    return world_add_scenario(w, s, ret_error) && world_begin_scenario(w, s, ret_error);
}

bool vssemu_world_load(struct vssemu_world *w, const char *path)
{
    auto_scenario struct scenario s = { 0 };
    char *error = NULL;
    bool is_good = scenario_read_file(path, &s, &error) && load(w, &s, &error);

    return answer(w, is_good, error);
}

bool vssemu_world_load_text(struct vssemu_world *w, const char *text)
{
    auto_scenario struct scenario s = { 0 };
    char *error = NULL;
    bool is_good = scenario_read(text, strlen(text), "(text)", &s, &error) && load(w, &s, &error);

    return answer(w, is_good, error);
}

bool vssemu_play(struct vssemu_world *w, const char *steps)
{
    auto_scenario struct scenario s = { 0 };
    char *error = NULL;

    world_requester_comes(&w->service);
    bool is_good = scenario_read_steps(steps, &s, &error) && scenario_play_steps(w, &s, &error);

    return answer(w, is_good, error);
}
