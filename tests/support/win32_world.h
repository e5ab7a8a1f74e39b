/* SPDX-License-Identifier: MIT */
/* A small world for tests of fakes/windows: a clock that stands still until it is told to move,
 * counted "random" numbers, volumes in memory. The real world_current() (emu/setup) is not asked. */
#pragma once

#include "emu/port/world.h"

#include <stdint.h>

#define WIN32_WORLD_UNIX_NS INT64_C(1700000000123456700)      /* 2023-11-14 22:13:20.1234567 UTC */

struct world_ports *win32_world(void);
void win32_world_advance(int64_t ns);
