/* SPDX-License-Identifier: MIT */
/* Memory that is there or ends the program: no caller has an out-of-memory path of its own.
 * (Clients meet E_OUTOFMEMORY through planned faults, not through real exhaustion.)
 * Everything returned is zeroed and freed with free(). */
#pragma once

#include <stddef.h>

void *mem_alloc(size_t size); /* zeroed; size 0 gives a unique pointer */
/* The same, from the beginning of a page on: what the kernel copies between a file's pages and a
 * buffer a few bytes off them takes it more than twice the time on some processors. */
void *mem_alloc_pages(size_t size);
void *mem_realloc(void *old, size_t size); /* the added part is not zeroed */
void *mem_copy(const void *from, size_t size);
char *mem_strdup(const char *text); /* NULL gives NULL */

#define mem_new(type) ((type *)mem_alloc(sizeof(type)))
