/* SPDX-License-Identifier: MIT */
/* A method that is not there yet ends the program with its name, rather than answering wrongly. */
#pragma once

_Noreturn void not_there_yet(const char *method);

/* Defines a function to put into a vtable slot: NOT_THERE(IVssBackupComponents, ExposeSnapshot). */
#define NOT_THERE(itf, method)                             \
    static _Noreturn void not_there_##itf##_##method(void) \
    {                                                      \
        not_there_yet(#itf "::" #method);                  \
    }
#define NOT_THERE_SLOT(itf, method) .method = (void *)not_there_##itf##_##method
