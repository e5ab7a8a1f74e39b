/* SPDX-License-Identifier: MIT */
/* What a world made through vssemu.h has besides the world: its requester and its answers. */
#pragma once

#include "emu/base/str.h"
#include "emu/setup/script.h"
#include "emu/setup/world.h"

struct test_world {
    struct vssemu_world *world;
    struct script script;
    char *error, *device;
    struct str answer;
};
