/* SPDX-License-Identifier: MIT */
/* What is planned to go wrong at a public call, with the machine or with who calls. */
#pragma once

#include "emu/proto/api_rules.h"

struct fault_hit;
struct service;
struct world_ports;

/* S_OK to go on. */
HRESULT guard_faults(struct world_ports *ports, enum api_method method);
/* The calling thread is a requester of ours in somebody else's process: it may die alone. */
void guard_faults_requester_is_ours(void);
/* A fault with a time of the machine: a clock that jumps, a service that starts again. Inside the
 * service. */
void guard_faults_happen(struct service *service, const struct fault_hit *hit);
