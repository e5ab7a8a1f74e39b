/* SPDX-License-Identifier: MIT */
/* An operation beside the life of a backup: work that ends at a later step of the scheduler, shown
 * by an IVssAsync (BreakSnapshotSetEx, ImportSnapshots, RecoverSet). Until then it can be
 * cancelled. */
#pragma once

#include "emu/svc/operation.h"

struct service;

/* What it does when its time has come: the operation's result. arg as given. */
typedef HRESULT late_work(struct service *service, void *arg);

/* Takes take_arg (freed with free). The caller owns the reference answered. */
struct operation *late_operation_start(struct service *service, late_work *work, void *take_arg);
