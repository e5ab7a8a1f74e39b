/* SPDX-License-Identifier: MIT */
/* How a run of a search ends. When the program's exit handlers and static destructors have run and
 * the world has ended, what is left to a process is that the destructors of the C library's
 * neighbours (ICU, libstdc++, libxml2, ...) give back memory which goes anyway: a quarter of a
 * millisecond and ninety page faults. That is left out, if nobody can tell: when main returned, and
 * the process has no library, loaded before main or later, but those that libvssapi itself brings,
 * and no sanitizer, which may have to say something at the very end. */
#pragma once

/* In the server, before it forks. */
void quick_end_allow(void);
