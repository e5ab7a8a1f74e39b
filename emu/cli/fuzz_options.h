/* SPDX-License-Identifier: MIT */
/* What `vssemu fuzz` is told on its command line. */
#pragma once

#include "emu/cli/command.h"
#include "emu/cli/fuzz_job.h"

#include <stdbool.h>

#define FUZZ_MAX_JOBS 256

struct fuzz_command {
    struct fuzz_options options;
    bool shows_never_met;
    char *world;
};

/* Their target is a struct fuzz_command. */
extern const struct option_row fuzz_option_rows[];
