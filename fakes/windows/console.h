/* SPDX-License-Identifier: MIT */
/* Console control events: how a world asks a program to leave. */
#pragma once

#include "emu/include/vssemu_types.h"

#include <stdbool.h>

/* Runs the program's control handlers, newest first, until one answers TRUE, on a thread of
 * its own, and waits for the end of it. Answers whether a handler took the event; false also
 * when there is none, and then nothing has happened (the caller ends the program as Windows
 * would). */
bool console_send_control(DWORD ctrl_type);
/* Whether CTRL_CLOSE_EVENT has been sent before. */
bool console_was_closed(void);
