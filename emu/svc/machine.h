/* SPDX-License-Identifier: MIT */
/* What is wrong with the machine on which the service runs: who calls, and which conditions of
 * emu/proto/api_rules hold or are planned. Every public call asks it first (emu/api/guard.h), from
 * any thread, inside the service or outside, so that all of it is atomic. */
#pragma once

#include "emu/proto/api_rules.h"

#include <stdatomic.h>

struct access;
struct service;

enum machine_caller { CALLER_ADMINISTRATOR, CALLER_BACKUP_OPERATOR, CALLER_USER };

#define MACHINE_ACCOUNT_SIZE 128 /* of a name, with its zero */

#define MACHINE_ALWAYS UINT32_MAX

struct machine {
    atomic_bool is_disturbed; /* whether there is anything to look at */
    atomic_int caller;        /* enum machine_caller */
    /* Of the caller, "DOMAIN\\name"; written before `caller` is, and only while nobody calls. */
    char account[MACHINE_ACCOUNT_SIZE];
    const struct access *access; /* whom settings let in (port/access.h); NULL: nobody more */
    struct machine_plan {
        atomic_uint countdown; /* 0: none; 1: the next call; MACHINE_ALWAYS: each, until cleared */
        atomic_int method;     /* enum api_method, N_API_METHODS: whichever knows the condition */
    } plans[N_MACHINE_CONDITIONS];
};

void machine_init(struct machine *machine);
/* account NULL: the one that goes with the rank. What the machine's settings give or deny this
 * account (emu/port/access.h) counts from then on. */
void machine_set_caller(struct machine *machine, enum machine_caller caller, const char *account);
/* The nth call (from 1) from now on that knows the condition meets it. MACHINE_ALWAYS: each does.
 * 0: none does any more. */
void machine_plan(struct machine *machine, enum machine_condition condition, enum api_method method,
                  unsigned nth);
/* How many plans have not fired. */
unsigned machine_count_waiting(struct machine *machine);

/* What a call answers that meets the condition; told in trace and log. */
HRESULT machine_answer(struct service *service, enum api_method method,
                       enum machine_condition condition);

/* S_OK, or what the call answers at once. What fired is in the trace. */
HRESULT machine_meet(struct service *service, enum api_method method);
