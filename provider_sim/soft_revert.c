/* SPDX-License-Identifier: MIT */
/* Reverting a volume. The volume does the work at once or later; the revert is shown as running for
 * a second of the world's time at least, as copying blocks back takes, so that who asks meanwhile
 * sees it. What is asked here is answered from any thread, under the lock of the records. */
#include "provider_sim/soft_provider_state.h"

#include "emu/base/check.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/port/sched.h"
#include "emu/port/volume.h"
#include "emu/port/world.h"

#include <errno.h>

#define DURATION_NS SCHED_SECOND

struct soft_revert {
    struct volume_done done;
    struct soft_provider *provider;
    struct volume *volume;
    int64_t ends_at;
    bool is_working;
    int error;
};

static struct soft_revert *find(struct soft_provider *p, const struct volume *v)
{
    for (size_t i = 0; i < p->reverts.count; i++) {
        if (p->reverts.items[i]->volume == v)
            return p->reverts.items[i];
    }
    return NULL;
}

static bool is_running(const struct soft_revert *revert)
{
    return revert->is_working || sched_now(revert->provider->world->sched) < revert->ends_at;
}

static HRESULT status_of(const struct soft_revert *revert)
{
    if (is_running(revert))
        return VSS_S_ASYNC_PENDING;
    return revert->error ? VSS_E_PROVIDER_VETO : VSS_S_ASYNC_FINISHED;
}

/* ---- the work ---- */

static void work_done(struct volume_done *done, int error)
{
    struct soft_revert *revert = container_of(done, struct soft_revert, done);

    soft_provider_lock(revert->provider);
    revert->is_working = false;
    revert->error = error;
    soft_provider_unlock(revert->provider);
}

HRESULT soft_revert_begin(struct soft_provider *p, const struct soft_snapshot *s)
{
    soft_provider_lock(p);
    struct soft_revert *revert = find(p, s->volume);

    if (revert && is_running(revert)) {
        soft_provider_unlock(p);
        return VSS_E_REVERT_IN_PROGRESS;
    }
    if (!revert) {
        revert = mem_new(struct soft_revert);
        array_add(&p->reverts, revert);
    }
    *revert = (struct soft_revert){ .done = { work_done },
                                    .provider = p,
                                    .volume = s->volume,
                                    .ends_at = sched_now(p->world->sched) + DURATION_NS,
                                    .is_working = true };
    soft_provider_unlock(p);
    if (!p->is_inside)
        sched_enter(p->world->sched);
    s->volume->ops->revert(s->volume, s->number, &revert->done);
    if (!p->is_inside)
        sched_leave(p->world->sched);
    if (!revert->is_working && revert->error == -EOPNOTSUPP)
        return VSS_E_VOLUME_NOT_SUPPORTED;
    return !revert->is_working && revert->error ? VSS_E_PROVIDER_VETO : S_OK;
}

void soft_revert_free_all(struct soft_provider *p)
{
    for (size_t i = 0; i < p->reverts.count; i++)
        free(p->reverts.items[i]);
    array_free(&p->reverts);
}

/* ---- IVssAsync: the state of a revert when it was asked for, and from then on ---- */

struct revert_async {
    struct com_object com;
    IVssAsync IVssAsync;
    struct soft_provider *provider; /* a reference */
    const struct volume *volume;
};
COM_UNKNOWN_METHODS(revert_async, IVssAsync)

static HRESULT revert_async_QueryStatus(IVssAsync *face, HRESULT *ret_status, INT *reserved)
{
    struct revert_async *a = revert_async_from_IVssAsync(face);

    (void)reserved;
    if (!ret_status)
        return E_INVALIDARG;
    soft_provider_lock(a->provider);
    *ret_status = status_of(find(a->provider, a->volume));
    soft_provider_unlock(a->provider);
    return S_OK;
}

/* Learn: "IVssBackupComponents::RevertToSnapshot": cannot be cancelled. */
static HRESULT revert_async_Cancel(IVssAsync *face)
{
    HRESULT status = VSS_S_ASYNC_PENDING;

    revert_async_QueryStatus(face, &status, NULL);
    return status == VSS_S_ASYNC_PENDING ? VSS_E_BAD_STATE : status;
}

struct waiting {
    IVssAsync *face;
};

static bool is_over(void *arg)
{
    HRESULT status = VSS_S_ASYNC_PENDING;

    revert_async_QueryStatus(((struct waiting *)arg)->face, &status, NULL);
    return status != VSS_S_ASYNC_PENDING;
}

static HRESULT revert_async_Wait(IVssAsync *face, DWORD limit_ms)
{
    struct revert_async *a = revert_async_from_IVssAsync(face);
    struct sched *sched = a->provider->world->sched;
    struct waiting waiting = { face };
    int64_t limit = limit_ms == INFINITE ? SCHED_NEVER : sched_now(sched) + limit_ms * SCHED_MS;

    sched_enter(sched);
    while (!is_over(&waiting) && sched_now(sched) < limit) {
        int64_t soon = sched_now(sched) + DURATION_NS / 10;

        sched_wait(sched, is_over, &waiting, soon < limit ? soon : limit);
    }
    sched_leave(sched);
    return S_OK;
}

static const IVssAsyncVtbl revert_async_vtbl = {
    COM_UNKNOWN_SLOTS(revert_async, IVssAsync),
    .Cancel = revert_async_Cancel,
    .Wait = revert_async_Wait,
    .QueryStatus = revert_async_QueryStatus,
};

static void revert_async_destroy(void *object)
{
    com_object_release(&((struct revert_async *)object)->provider->com);
}

COM_CLASS(revert_async, revert_async_destroy, COM_FACE(revert_async, IVssAsync));

HRESULT soft_revert_query(struct soft_provider *p, const struct volume *v, IVssAsync **ret_async)
{
    soft_provider_lock(p);
    struct soft_revert *revert = find(p, v);
    soft_provider_unlock(p);

    if (!revert)
        return VSS_E_OBJECT_NOT_FOUND;
    struct revert_async *a = COM_NEW(revert_async);

    a->IVssAsync.lpVtbl = &revert_async_vtbl;
    a->provider = p;
    a->volume = v;
    com_object_add_ref(&p->com);
    *ret_async = &a->IVssAsync;
    return S_OK;
}
