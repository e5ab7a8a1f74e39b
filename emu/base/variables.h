/* SPDX-License-Identifier: MIT */
/* The environment variables that every Windows machine has, with their usual values. The program
 * under test (fakes/windows) and simulated writers expand paths by the same table. */
#pragma once

#include <stddef.h>

#define VARIABLES_COMPUTER "VSSEMU"
#define VARIABLES_USER     "Administrator"

/* The value of the variable whose name is `length` bytes at name, in any case; NULL: it is none of
 * them. */
const char *variable_usual_value(const char *name, size_t length);

/* The name of number i; NULL: there are not so many. */
const char *variable_usual_name(size_t i);
