/* SPDX-License-Identifier: MIT */
/* A requester that does what a list of steps says (emu/scenario/step.h), on Microsoft's interfaces
 * alone. Each step has its expected result; a macro is a few steps that a correct requester makes.
 *
 * PUBLIC to whoever plays scenarios: emu/setup. The calling thread lives in the world. */
#pragma once

#include "emu/scenario/step.h"

#include <stdbool.h>

struct steps_player;

struct steps_hooks {
    void *arg;
    /* Something that a reader of the trace should know: "status", "Sql FAILED_AT_FREEZE
     * VSS_E_WRITERERROR_TIMEOUT". May be NULL. */
    void (*note)(void *arg, const char *what, const char *detail);
    /* Whether a fault of the requester is due before this method is called (port faults). NULL:
     * none is planned. */
    bool (*meet)(void *arg, const char *method, struct fault_hit *ret_hit);
    /* Lets the world's time pass. NULL: Sleep. */
    void (*pause)(void *arg, int64_t ns);
    bool lacks_security; /* it never calls CoInitializeSecurity */
};

/* Initialises COM for the thread as a correct requester does. hooks are copied. */
struct steps_player *steps_new(const struct steps_hooks *hooks);
/* Plays one step. False: it did not end as it should; *ret_error gets a sentence with what came and
 * what was expected, which the caller frees. Steps of a requester that has died are left out. */
bool steps_play(struct steps_player *player, const char *text, char **ret_error);
/* Gives everything back that is still open. */
void steps_free(struct steps_player *player);
