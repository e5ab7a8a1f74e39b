/* SPDX-License-Identifier: MIT */
/* The link: the user's objects and libraries, then libvssapi, the startup code and the version
 * script that keeps 16-bit symbols inside. Functions of Windows that are not there yet get stubs
 * (stubs.h). */
#pragma once

#include "fakes/windows/driver/arguments.h"

/* folder is one for temporary files. Answers the exit status. */
int link_program(const struct driver_arguments *a, enum driver_language language,
                 const char *folder);
