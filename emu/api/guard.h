/* SPDX-License-Identifier: MIT */
/* The first line of every public method whose row in emu/proto/api_rules names a condition of the
 * machine:
 *
 *   GUARD(IVssBackupComponents_AddComponent);
 *
 * returns from the method with what the condition makes of the call (too few rights, no memory,
 * ...).
 * Order of checks: rights and machine, NULL out pointers, state, other arguments, look-up
 * (Windows: a NULL out pointer is told before a wrong state). */
#pragma once

#include "emu/proto/choices.h"
#include "emu/svc/machine.h"

/* S_OK to go on. The world is the calling thread's. */
HRESULT guard(enum api_method method);

/* What the world of the calling thread does about an open question; makes no world. */
unsigned api_choice(enum choice choice);

#define GUARD(method)                       \
    do {                                    \
        HRESULT met_ = guard(API_##method); \
        if (met_ != S_OK)                   \
            return met_;                    \
    } while (0)

/* The same for a method with one result: it is NULL or 0 whatever goes wrong. */
#define GUARD_OUT(method, ret) \
    do {                       \
        if (ret)               \
            *(ret) = 0;        \
        GUARD(method);         \
    } while (0)
