/* SPDX-License-Identifier: MIT */
/* See lint_objects.h. Objects are on the list of the calling thread's world, texts on its
 * account. */
#include "emu/lint/lint_objects.h"

#include "emu/com/bstr.h"
#include "emu/com/object.h"
#include "emu/port/world.h"

#include <string.h>

#define REQUESTER "requester"

HRESULT lint_async_queried(struct lint_async *async, HRESULT status, const void *reserved)
{
    if (status != VSS_S_ASYNC_PENDING)
        async->is_result_read = true;
    if (!reserved || !async->lint)
        return S_OK;
    return lint_break(async->lint, FINDING_ASYNC_RESERVED, REQUESTER, "QueryStatus", async->call);
}

void lint_async_released(struct lint_async *async)
{
    if (async->lint && !async->is_result_read)
        lint_break(async->lint, FINDING_ASYNC_NOT_QUERIED, REQUESTER, "Release", async->call);
}

void lint_components_dead(struct lint *lint, bool is_writers)
{
    if (!lint)
        return;
    if (is_writers)
        lint_break(lint, FINDING_COMPONENTS_KEPT, "writer", lint_method(), NULL);
    else
        lint_break(lint, FINDING_DEAD_COMPONENTS, REQUESTER, lint_method(), NULL);
}

/* ---- leaks ---- */

/* Classes of what the API hands out; others are the world's own. */
static const struct handed_out {
    const char *class_name, *interface_name;
    enum finding_rule rule;
} handed_out[] = {
    { "backup_components", "IVssBackupComponents", FINDING_SESSION_LEAKED },
    { "async_op", "IVssAsync", FINDING_ASYNC_LEAKED },
    { "examine_metadata", "IVssExamineWriterMetadata", FINDING_OBJECT_LEAKED },
    { "wm_component", "IVssWMComponent", FINDING_OBJECT_LEAKED },
    { "wm_filedesc", "IVssWMFiledesc", FINDING_OBJECT_LEAKED },
    { "wm_dependency", "IVssWMDependency", FINDING_OBJECT_LEAKED },
    { "writer_components_ext", "IVssWriterComponentsExt", FINDING_OBJECT_LEAKED },
    { "component_face", "IVssComponent", FINDING_OBJECT_LEAKED },
    { "enumerator", "IVssEnumObject", FINDING_OBJECT_LEAKED },
};
#define N_HANDED_OUT (sizeof(handed_out) / sizeof(handed_out[0]))

struct tally {
    unsigned n[N_HANDED_OUT];
};

static void count_object(void *arg, const char *class_name)
{
    struct tally *tally = arg;

    for (size_t i = 0; i < N_HANDED_OUT; i++)
        tally->n[i] += strcmp(handed_out[i].class_name, class_name) == 0;
}

unsigned lint_leaks(struct lint *lint)
{
    struct tally tally = { 0 };
    unsigned n = bstr_count_given(lint->ports->serial), all = n;

    com_object_each(count_object, &tally);
    for (unsigned k = 0; k < n; k++)
        lint_break(lint, FINDING_BSTR_LEAKED, REQUESTER, "SysFreeString", "BSTR");
    for (size_t i = 0; i < N_HANDED_OUT; i++) {
        for (unsigned k = 0; k < tally.n[i]; k++)
            lint_break(lint, handed_out[i].rule, REQUESTER, "Release",
                       handed_out[i].interface_name);
        all += tally.n[i];
    }
    return all;
}
