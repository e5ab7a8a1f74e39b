/* SPDX-License-Identifier: MIT */
/* Port clock: the machine's wall clock. */
#pragma once

#include "emu/port/clock.h"

/* One for all; nothing to free. */
struct clock *host_clock(void);
