/* SPDX-License-Identifier: MIT */
#include "emu/setup/trace_memory.h"

#include "emu/base/array.h"
#include "emu/base/list.h"

#include <stdatomic.h>
#include <stdlib.h>

struct trace_memory {
    struct trace trace;
    atomic_flag is_busy;                /* the machine's notes come from any thread */
    ARRAY(struct trace_record) records; /* own texts */
};

static void keep(struct trace *trace, const struct trace_record *record)
{
    struct trace_memory *memory = container_of(trace, struct trace_memory, trace);
    struct trace_record copy = *record;

    copy.who = mem_strdup(record->who);
    copy.what = mem_strdup(record->what);
    copy.before = mem_strdup(record->before);
    copy.after = mem_strdup(record->after);
    copy.detail = mem_strdup(record->detail);
    copy.call = mem_strdup(record->call);
    copy.object = mem_strdup(record->object);
    copy.args = NULL; /* borrowed; expectations ask for none */
    copy.n_args = 0;
    while (atomic_flag_test_and_set_explicit(&memory->is_busy, memory_order_acquire))
        ;
    array_add(&memory->records, copy);
    atomic_flag_clear_explicit(&memory->is_busy, memory_order_release);
}

struct trace_memory *trace_memory_new(void)
{
    struct trace_memory *memory = mem_new(struct trace_memory);

    memory->trace.write = keep;
    return memory;
}

void trace_memory_free(struct trace_memory *memory)
{
    if (!memory)
        return;
    for (size_t i = 0; i < memory->records.count; i++) {
        struct trace_record *record = &memory->records.items[i];

        free((char *)record->who);
        free((char *)record->what);
        free((char *)record->before);
        free((char *)record->after);
        free((char *)record->detail);
        free((char *)record->call);
        free((char *)record->object);
    }
    array_free(&memory->records);
    free(memory);
}

struct trace *trace_memory_port(struct trace_memory *memory)
{
    return &memory->trace;
}

size_t trace_memory_count(const struct trace_memory *memory)
{
    return memory ? memory->records.count : 0;
}

const struct trace_record *trace_memory_get(const struct trace_memory *memory, size_t i)
{
    return &memory->records.items[i];
}
