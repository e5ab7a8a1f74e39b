/* SPDX-License-Identifier: MIT */
/* A sanitizer's runtime whose functions stand before ours: the program's calls come to us through
 * it, and it has a thread and calls of its own. */
#pragma once

#include <stdbool.h>

/* Once, before the first thread of a world. */
void sanitizer_find(void);

/* Whether that is code of a sanitizer's library: what it waits for is no matter of turns. (One that
 * is linked into the program cannot be told from it.) */
bool sanitizer_has(const void *code);

extern bool sanitizer_is_before_us;
/* On the thread that looks for it: what it starts now is nobody's and enters no world. */
extern _Thread_local bool sanitizer_is_starting;
