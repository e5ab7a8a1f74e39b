/* SPDX-License-Identifier: MIT */
#include "emu/api/not_there.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void not_there_yet(const char *method)
{
    fprintf(stderr, "vssemu: %s is not there yet; the README lists what is\n", method);
    abort();
}
