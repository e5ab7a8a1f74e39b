/* SPDX-License-Identifier: MIT */
/* A trace kept in memory, for expectations of tests. */
#pragma once

#include "emu/port/trace.h"

#include <stddef.h>

struct trace_memory;

struct trace_memory *trace_memory_new(void);
void trace_memory_free(struct trace_memory *memory); /* NULL does nothing */
struct trace *trace_memory_port(struct trace_memory *memory);
size_t trace_memory_count(const struct trace_memory *memory);
const struct trace_record *trace_memory_get(const struct trace_memory *memory, size_t i);
