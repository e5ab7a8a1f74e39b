/* SPDX-License-Identifier: MIT */
/* Access tokens (Learn: "Access Tokens"). Whoever runs is the machine's administrator, elevated,
 * and has every privilege; which of them are enabled is kept, as programs ask. One state for all
 * tokens of the process. */
#pragma once

#include "fakes/windows/handle.h"

#include <stdbool.h>
#include <stddef.h>

struct token {
    struct object object;
    bool is_impersonation;
};

extern const struct object_class token_class;

#define PRIVILEGES_AT_MOST 40

/* The privileges that have not been removed; how many. */
size_t privileges_held(LUID_AND_ATTRIBUTES ret[PRIVILEGES_AT_MOST]);
