/* SPDX-License-Identifier: MIT */
/* Where a person who steps through a run may stop it: before the service asks somebody something,
 * and before a call of the requester. Nobody steps: one comparison. */
#pragma once

#include <stddef.h>

struct service;

/* Set before the first call, or never. Called inside the service; who and what as the record of the
 * trace will name them. The world stands still until it returns. */
extern void (*step_hook)(struct service *service, const char *who, const char *what);

static inline void step_before(struct service *service, const char *who, const char *what)
{
    if (step_hook)
        step_hook(service, who, what);
}
