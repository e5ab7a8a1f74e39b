/* SPDX-License-Identifier: MIT */
/* SIGINT, SIGTERM and SIGHUP while something temporary lies about: they are kept until it has been
 * removed. A child that works for us meanwhile is ended at once. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

void interrupt_begin(void);
/* Whether one came since. */
bool interrupt_came(void);
/* Ended by the next one, or now if one has come; 0: none any more. */
void interrupt_set_child(pid_t pid);
/* Everything is tidy: the process ends here, by the signal that came, if one did. */
void interrupt_end(void);
