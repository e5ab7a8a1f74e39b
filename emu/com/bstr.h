/* SPDX-License-Identifier: MIT */
/* BSTR and task memory for results that cross the API. Both are real allocations of our own
 * allocator-compatible forms: what SysFreeString and CoTaskMemFree (fakes/windows) expect. */
#pragma once

#include "emu/include/vss.h"

#include <stdint.h>

/* NULL gives NULL; freed with SysFreeString. Counted as given by the calling thread's world. */
BSTR bstr_from_utf8(const char *text);
BSTR bstr_from_utf16(const WCHAR *text);        /* NULL gives NULL */
BSTR bstr_new(const WCHAR *text, UINT n_units); /* text may be NULL: zeroed */
void bstr_free(BSTR bstr);
UINT bstr_length(BSTR bstr);                          /* in 16-bit units; NULL is 0 */
BSTR bstr_new_bytes(const void *bytes, UINT n_bytes); /* any number of bytes; NULL: zeroed */
BSTR bstr_copy(BSTR bstr);                            /* byte by byte; NULL gives NULL */
UINT bstr_n_bytes(BSTR bstr);                         /* NULL is 0 */

/* For which world a thread gives texts: its serial (emu/port/world.h), 0: the process's. emu/setup
 * sets both. */
extern _Thread_local unsigned bstr_threads_world;
extern unsigned bstr_process_world;
/* How many texts of bstr_from_utf8 a world's program has not freed. */
unsigned bstr_count_given(unsigned world);
void bstr_forget_given(unsigned world); /* a world begins with none */

WCHAR *task_wide_from_utf8(const char *text); /* freed with CoTaskMemFree */
char *utf8_from_wide(const WCHAR *text);      /* NULL gives NULL; the caller frees */
