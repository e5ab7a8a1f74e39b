/* SPDX-License-Identifier: MIT */
/* See leftovers.h. Providers are asked whether they know the snapshot: one may have made room. */
#include "emu/svc/leftovers.h"

#include "emu/com/enumerator.h"
#include "emu/lint/lint_session.h"
#include "emu/proto/context_rules.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_set.h"

/* Learn: "VSS_SNAPSHOT_CONTEXT enumeration": client-accessible copies are there for users, the
 * transportable ones for another machine. */
static bool is_meant_to_stay(const struct snapshot *snapshot)
{
    return context_is_client_accessible(snapshot->context) ||
           snapshot->context & VSS_VOLSNAP_ATTR_TRANSPORTABLE;
}

static bool is_left(const struct snapshot *snapshot)
{
    struct provider_link *link = snapshot->provider->link;
    VSS_SNAPSHOT_PROP prop = { 0 };

    if (context_is_auto_release(snapshot->context) || is_meant_to_stay(snapshot) ||
        snapshot->was_refused || snapshot->is_earlier ||
        FAILED(link->properties(link, &snapshot->id, &prop)))
        return false;
    snapshot_prop_clear(&prop);
    return true;
}

unsigned leftovers_find(struct service *service)
{
    unsigned n = 0;

    list_each (struct snapshot, snapshot, &service->snapshots, link) {
        if (!is_left(snapshot))
            continue;
        lint_break(&service->lint, FINDING_SNAPSHOT_LEFT, LINT_REQUESTER, "DeleteSnapshots",
                   snapshot->device);
        n++;
    }
    return n;
}
