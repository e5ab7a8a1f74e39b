/* SPDX-License-Identifier: MIT */
/* A record takes its room by one addition, so that writers need no lock; one that is half written
 * when its process dies has the length 0 still. */
#include "emu/trace/trace_block.h"

#include "emu/base/list.h"

#include <string.h>

#define N_TEXTS 7

struct fixed {
    _Atomic uint32_t length; /* of the whole, a multiple of 8; 0: not written to its end */
    uint8_t kind;
    uint8_t has_result;
    uint8_t texts; /* a bit for each that is there */
    uint8_t reserved;
    int32_t result;
    uint32_t reserved2;
    int64_t at_ns;
};

static void texts_of(const struct trace_record *record, const char *texts[N_TEXTS])
{
    const char *all[N_TEXTS] = { record->who,    record->what, record->before, record->after,
                                 record->detail, record->call, record->object };

    memcpy(texts, all, sizeof(all));
}

static void block_write(struct trace *trace, const struct trace_record *record)
{
    struct trace_block *block = container_of(trace, struct trace_block, trace);
    const char *texts[N_TEXTS];
    size_t lengths[N_TEXTS], length = sizeof(struct fixed);

    texts_of(record, texts);
    for (unsigned i = 0; i < N_TEXTS; i++) {
        lengths[i] = texts[i] ? strlen(texts[i]) + 1 : 0;
        length += lengths[i];
    }
    length = (length + 7) & ~(size_t)7;
    atomic_fetch_add(&block->head->n_records, 1);
    uint32_t at = atomic_load(&block->head->used);

    do {
        if (length > block->head->size - at)
            return;
    } while (!atomic_compare_exchange_weak(&block->head->used, &at, at + (uint32_t)length));
    char *to = (char *)(block->head + 1) + at;
    struct fixed *fixed = (struct fixed *)(void *)to;

    fixed->kind = (uint8_t)record->kind;
    fixed->has_result = record->has_result;
    fixed->texts = 0;
    fixed->result = record->result;
    fixed->at_ns = record->at_ns;
    to += sizeof(*fixed);
    for (unsigned i = 0; i < N_TEXTS; i++) {
        if (!texts[i])
            continue;
        fixed->texts = (uint8_t)(fixed->texts | (1u << i));
        memcpy(to, texts[i], lengths[i]);
        to += lengths[i];
    }
    atomic_store_explicit(&fixed->length, (uint32_t)length, memory_order_release);
}

void trace_block_init(struct trace_block *block, void *memory, size_t size)
{
    block->trace.write = block_write;
    block->head = memory;
    block->head->size = (uint32_t)(size - sizeof(*block->head)) & ~7u;
}

/* What a run has not used is still zero. */
void trace_block_clear(struct trace_block *block)
{
    memset(block->head + 1, 0, atomic_load(&block->head->used));
    atomic_store(&block->head->used, 0);
    atomic_store(&block->head->n_records, 0);
}

static const char *next_text(const struct fixed *fixed, unsigned i, const char **at)
{
    const char *text = *at;

    if (!(fixed->texts & (1u << i)))
        return NULL;
    *at += strlen(text) + 1;
    return text;
}

bool trace_block_each(const struct trace_block *block,
                      void (*each)(void *arg, const struct trace_record *record), void *arg)
{
    const char *first = (const char *)(block->head + 1);
    uint32_t used = atomic_load(&block->head->used), n = 0;

    for (uint32_t at = 0; at + sizeof(struct fixed) <= used;) {
        const struct fixed *fixed = (const struct fixed *)(const void *)(first + at);
        uint32_t length = atomic_load_explicit(&fixed->length, memory_order_acquire);
        const char *text = (const char *)(fixed + 1);

        if (!length) /* its writer died in it */
            break;
        struct trace_record record = { .at_ns = fixed->at_ns,
                                       .kind = (enum trace_kind)fixed->kind,
                                       .has_result = fixed->has_result,
                                       .result = fixed->result };

        record.who = next_text(fixed, 0, &text);
        record.what = next_text(fixed, 1, &text);
        record.before = next_text(fixed, 2, &text);
        record.after = next_text(fixed, 3, &text);
        record.detail = next_text(fixed, 4, &text);
        record.call = next_text(fixed, 5, &text);
        record.object = next_text(fixed, 6, &text);
        each(arg, &record);
        at += length;
        n++;
    }
    return n == atomic_load(&block->head->n_records);
}
