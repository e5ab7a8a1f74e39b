/* SPDX-License-Identifier: MIT */
/* IVssAsync: a running operation, as a requester sees it. */
#pragma once

#include "emu/include/vss.h"

struct operation;
struct service;

/* Takes the reference of operation. The caller owns the reference in *ret. */
void async_op_new(struct service *service, struct operation *take_operation, IVssAsync **ret);
