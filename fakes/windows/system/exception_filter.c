/* SPDX-License-Identifier: MIT */
/* The filter for exceptions that nobody handles (Learn: "SetUnhandledExceptionFilter"). Deviation:
 * structured exceptions do not exist here, so it is kept but never called. */
#include "emu/include/vssemu_types.h"

static LPTOP_LEVEL_EXCEPTION_FILTER current;

LPTOP_LEVEL_EXCEPTION_FILTER WINAPI SetUnhandledExceptionFilter(LPTOP_LEVEL_EXCEPTION_FILTER filter)
{
    return __atomic_exchange_n(&current, filter, __ATOMIC_ACQ_REL);
}
