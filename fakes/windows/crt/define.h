/* SPDX-License-Identifier: MIT */
/* How a function is defined whose only declaration is in a header of the compile drivers: our own
 * files do not call it. */
#pragma once

#define CRT(declaration) \
    declaration;         \
    declaration

/* One with dots, over the one that takes a va_list; last is the parameter before the dots. */
#define CRT_VARIADIC(declaration, last, call) \
    declaration;                              \
    declaration                               \
    {                                         \
        va_list args;                         \
        va_start(args, last);                 \
        int result = call;                    \
        va_end(args);                         \
        return result;                        \
    }
