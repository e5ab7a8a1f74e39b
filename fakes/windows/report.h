/* SPDX-License-Identifier: MIT */
/* What a report of a world that cannot go on says of Windows' things (port sched). Nothing on the
 * real clock. */
#pragma once

#include <stddef.h>

/* The calling thread in reports; NULL: none. */
void *report_self(void);
/* Code has given the thread of report_self a name. */
void report_name_thread(void *thread, const char *name);
/* There is a thing of that kind (static), with that name or NULL; kind NULL: it has gone. */
void report_label(const void *thing, const char *kind, const char *name);
/* The thread (of report_self; NULL: the calling one) has it, once more; it is given back. */
void report_hold(void *thread, const void *thing, const char *kind);
void report_drop(const void *thing);
/* What the waits that follow are really for; n 0: that was all. */
void report_waits_for(const void *const *things, size_t n);
