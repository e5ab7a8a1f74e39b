/* SPDX-License-Identifier: MIT */
/* What a directory of the host says about time and survival (port/store.h). Used by host_store. */
#pragma once

#include <sys/types.h>
#include <time.h>

struct store;

struct timespec host_store_now(struct store *s);
struct timespec host_store_settle(struct store *s);
struct timespec host_store_life(struct store *s, unsigned char ret_life[16]);
