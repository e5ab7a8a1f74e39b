/* SPDX-License-Identifier: MIT */
/* The mark that every object compiled by a driver carries (vssemu/forced.h), and who does not have
 * it: object files and members of static libraries that were compiled without the drivers, whose
 * wchar_t has 32 bits and whose headers are not Windows's. */
#pragma once

#include "fakes/windows/driver/arguments.h"

/* Looks at every object file and static library on the command line, and at those that -l finds in
 * folders of -L. A message names each object without a mark that a compiler has made (assembler
 * has no wchar_t). Libraries of the system, and shared ones, are not looked at. */
bool marks_are_there(const struct driver_arguments *a);
