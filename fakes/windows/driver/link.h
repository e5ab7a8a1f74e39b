/* SPDX-License-Identifier: MIT */
/* The link: the user's objects and libraries, then libvssapi, the startup code and the version
 * script that keeps 16-bit symbols inside. */
#pragma once

#include "fakes/windows/driver/arguments.h"

/* Whether every object file given by name was compiled by a driver; a message names those that were
 * not. */
bool link_objects_have_marks(const struct driver_arguments *a);

/* Answers the exit status. */
int link_program(const struct driver_arguments *a, enum driver_language language);
