/* SPDX-License-Identifier: MIT */
/* Signals that come from outside become control events: SIGINT is CTRL_C_EVENT, SIGQUIT
 * CTRL_BREAK_EVENT, SIGTERM and SIGHUP CTRL_CLOSE_EVENT. */
#pragma once

/* From the first SetConsoleCtrlHandler on, on the real clock. Signals that the program has arranged
 * for itself, or that are ignored, are left alone. On a virtual clock a signal ends the program as
 * it does a Linux one: nothing of the world may depend on when it comes. */
void console_signals_follow(void);
