/* SPDX-License-Identifier: MIT */
/* What whoever puts a world together may ask of the writers in it (emu/api/writer_adapter links
 * them to the service). All inside the service. */
#pragma once

#include "emu/port/faults.h"

#include <stdbool.h>
#include <stddef.h>

struct service;

/* How many writers of the program's own are subscribed: simulated ones do not count. */
size_t writer_adapter_count_native(struct service *service);

/* Whether a writer is subscribed whose name matches (NULL: any). */
bool writer_adapter_has(struct service *service, const char *pattern);
/* A planned fault with a time: crash, die or unsubscribe befalls each of them. */
void writer_adapter_happen(struct service *service, const char *pattern,
                           const struct fault_hit *hit);

/* Faults are over: handlers that hang come back, those that are late go on. */
void writer_adapter_lift_faults(struct service *service);
