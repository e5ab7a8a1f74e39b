/* SPDX-License-Identifier: MIT */
/* The bytes of a plan as hexadecimal digits, to go through texts. */
#pragma once

#include "emu/search/plan.h"

/* The caller frees. */
char *plan_to_hex(const struct plan *plan);
/* Any text: what is no digit ends it. */
void plan_from_hex(const char *text, struct plan *ret_plan);
