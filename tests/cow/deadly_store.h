/* SPDX-License-Identifier: MIT */
/* Stores whose process ends before one of its changes: killed by its own hand, or, in memory,
 * without being able to change anything any more, which leaves the same behind. All stores that are
 * taken, of one kind, count together. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct store;

/* Changes of this store count from now on. All stores of a test are of one kind. */
void deadly_take(struct store *s);
/* The process ends before change number n from here on, 0: never. is_real: by SIGKILL. */
void deadly_before(uint64_t n, bool is_real);
/* How many changes there were since deadly_before, made or not. */
uint64_t deadly_count(void);
