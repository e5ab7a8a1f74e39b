/* SPDX-License-Identifier: MIT */
#include "emu/svc/writer_registry.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/doc/wmd.h"
#include "emu/svc/service.h"

#include <stdlib.h>

struct writer *writer_new(const char *name, const char *instance_name)
{
    struct writer *writer = mem_new(struct writer);

    list_init(&writer->link);
    atomic_init(&writer->n_references, 1);
    writer->name = mem_strdup(name);
    writer->instance_name = mem_strdup(instance_name);
    writer->who = str_printf("writer %s", name);
    return writer;
}

struct writer *writer_ref(struct writer *writer)
{
    atomic_fetch_add(&writer->n_references, 1);
    return writer;
}

void writer_unref(struct writer *writer)
{
    if (!writer || atomic_fetch_sub(&writer->n_references, 1) > 1)
        return;
    wmd_free(writer->express);
    free(writer->name);
    free(writer->instance_name);
    free(writer->who);
    free(writer);
}

void writer_registry_add(struct service *service, struct writer *writer, struct writer_link *to)
{
    writer->to = to;
    list_append(&service->writers, &writer->link);
    writer_ref(writer);
}

void writer_registry_remove(struct service *service, struct writer *writer)
{
    (void)service;
    if (!writer->to)
        return;
    writer->to = NULL;
    list_remove(&writer->link);
    writer_unref(writer);
}
