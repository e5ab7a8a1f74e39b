/* SPDX-License-Identifier: MIT */
/* See lint.h. */
#include "emu/lint/lint.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/port/sched.h"
#include "emu/port/trace.h"
#include "emu/port/world.h"

#include <stdlib.h>
#include <string.h>

_Thread_local struct lint_thread lint_thread = { .method = N_API_METHODS };

void lint_init(struct lint *lint, struct world_ports *ports)
{
    lint->ports = ports;
    atomic_init(&lint->is_strict_api, false);
    atomic_init(&lint->n_readable, 0);
    atomic_flag_clear(&lint->is_busy);
    list_init(&lint->watched);
}

void lint_fini(struct lint *lint)
{
    for (size_t i = 0; i < lint->findings.count; i++) {
        free(lint->findings.items[i].who);
        free(lint->findings.items[i].call);
        free(lint->findings.items[i].object);
    }
    array_free(&lint->findings);
    text_index_free(&lint->index);
    text_index_free(&lint->instances);
    array_free(&lint->n_instances);
}

static void count(struct lint *lint, const struct finding *seen)
{
    auto_free char *key =
        str_printf("%u\x1f%s\x1f%s\x1f%s", seen->rule, seen->who, seen->call, seen->object);
    size_t i = 0;

    while (atomic_flag_test_and_set_explicit(&lint->is_busy, memory_order_acquire))
        ;
    if (!text_index_find(&lint->index, key, &i)) {
        struct finding fresh = *seen;

        fresh.who = mem_strdup(seen->who);
        fresh.call = mem_strdup(seen->call);
        fresh.object = mem_strdup(seen->object);
        i = lint->findings.count;
        array_add(&lint->findings, fresh);
        text_index_add(&lint->index, key, i);
    }
    lint->findings.items[i].count++;
    if (finding_row(seen->rule)->level == LEVEL_MUST)
        lint->n_must++;
    atomic_flag_clear_explicit(&lint->is_busy, memory_order_release);
}

HRESULT lint_break(struct lint *lint, enum finding_rule rule, const char *who, const char *call,
                   const char *object)
{
    const struct finding_row *row = finding_row(rule);
    auto_free char *detail = str_printf("%s: the %s %s (%s)", finding_level_name(row->level),
                                        finding_side_name(row->side), row->broken, row->page);
    struct finding seen = { .rule = rule,
                            .who = (char *)who,
                            .call = (char *)(call ? call : ""),
                            .object = (char *)(object ? object : ""),
                            .at_ns = sched_now(lint->ports->sched) };
    bool refuses =
        atomic_load(&lint->is_strict_api) && row->level == LEVEL_MUST && FAILED(row->error);

    count(lint, &seen);
    trace_write(lint->ports->trace, &(struct trace_record){ .at_ns = seen.at_ns,
                                                            .kind = TRACE_FINDING,
                                                            .who = who,
                                                            .what = row->id,
                                                            .call = call,
                                                            .object = object,
                                                            .has_result = refuses,
                                                            .result = refuses ? row->error : S_OK,
                                                            .detail = detail });
    return refuses ? row->error : S_OK;
}

const char *lint_method(void)
{
    if (lint_thread.method == N_API_METHODS)
        return "";
    const char *name = api_method_name(lint_thread.method), *colons = strstr(name, "::");

    return colons ? colons + 2 : name;
}
