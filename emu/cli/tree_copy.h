/* SPDX-License-Identifier: MIT */
/* Whole directories of the host: copied with all that their files have. */
#pragma once

#include <stdbool.h>

/* What is in from goes into to, an existing directory. False: says what is wrong. */
bool tree_copy(const char *from, const char *to);
