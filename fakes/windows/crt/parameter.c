/* SPDX-License-Identifier: MIT */
#include "fakes/windows/crt/parameter.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static _Atomic(crt_parameter_handler) current_handler;

crt_parameter_handler w16__set_invalid_parameter_handler(crt_parameter_handler handler);
crt_parameter_handler w16__set_invalid_parameter_handler(crt_parameter_handler handler)
{
    return atomic_exchange(&current_handler, handler);
}

int crt_invalid_parameter(const char *function, int error)
{
    crt_parameter_handler handler = current_handler;

    if (!handler) {
        fprintf(stderr,
                "vssemu: invalid parameter for %s: Windows ends the program here "
                "(see _set_invalid_parameter_handler)\n",
                function);
        abort();
    }
    handler(NULL, NULL, NULL, 0, 0);
    errno = error;
    return error;
}
