/* SPDX-License-Identifier: MIT */
/* Who plays the scenarios of vssemu test: a few workers (vssemu-play), which take one after the
 * other, and a process of its own for each program of a user, so many at a time. One that crashes
 * or hangs is the failure of its scenario and of no other. */
#pragma once

#include "emu/cli/test_report.h"

void test_slots_run(struct test_files *files, unsigned n_slots, struct test_report *report);
