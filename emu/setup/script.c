/* SPDX-License-Identifier: MIT */
#include "emu/setup/script.h"

#include "emu/api/backup_components.h"
#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "emu/port/volume.h"
#include "emu/proto/context_rules.h"
#include "emu/setup/world.h"
#include "emu/svc/phase_runner.h"

#include <string.h>

#define COBJMACROS_CALL(object, method, ...) (object)->lpVtbl->method((object), ##__VA_ARGS__)
#define call                                 COBJMACROS_CALL

#define PATIENCE_MS (24u * 3600 * 1000) /* what takes longer is taken to hang for ever */

/* Waits for an operation and answers its result; releases it. */
static HRESULT finish(HRESULT hr, IVssAsync **async)
{
    HRESULT result = hr;

    if (SUCCEEDED(hr) && *async) {
        if (call(*async, Wait, PATIENCE_MS) != S_OK)
            call(*async, Wait, INFINITE); /* an old Windows knows no other */
        call(*async, QueryStatus, &result, NULL);
        if (result == VSS_S_ASYNC_FINISHED)
            result = S_OK;
    }
    if (*async)
        call(*async, Release);
    *async = NULL;
    return result;
}

static HRESULT gather(struct script *s)
{
    IVssAsync *async = NULL;

    return finish(call(s->vss, GatherWriterMetadata, &async), &async);
}

/* Nobody's program is to be blamed for what this requester does. */
static HRESULT create(struct script *s)
{
    script_release(s); /* one that came no further than its beginning */
    HRESULT hr = CreateVssBackupComponentsInternal(&s->vss);

    if (SUCCEEDED(hr))
        backup_components_of((backup_face *)s->vss)->backup->lint.is_muted = true;
    return hr;
}

/* ---- the components of every writer ---- */

typedef HRESULT each_component(struct script *s, VSS_ID instance, VSS_ID writer,
                               PVSSCOMPONENTINFO info);

static HRESULT for_components(struct script *s, each_component *each)
{
    UINT n_writers = 0;
    HRESULT hr = call(s->vss, GetWriterMetadataCount, &n_writers);

    for (UINT i = 0; SUCCEEDED(hr) && i < n_writers; i++) {
        auto_release(IVssExamineWriterMetadata) *metadata = NULL;
        VSS_ID instance, session, writer;
        BSTR name = NULL;
        VSS_USAGE_TYPE usage;
        VSS_SOURCE_TYPE source;
        UINT n_includes, n_excludes, n_components = 0;

        hr = call(s->vss, GetWriterMetadata, i, &instance, &metadata);
        if (SUCCEEDED(hr))
            hr = call(metadata, GetIdentity, &session, &writer, &name, &usage, &source);
        bstr_free(name);
        if (SUCCEEDED(hr))
            hr = call(metadata, GetFileCounts, &n_includes, &n_excludes, &n_components);
        for (UINT c = 0; SUCCEEDED(hr) && c < n_components; c++) {
            auto_release(IVssWMComponent) *component = NULL;
            PVSSCOMPONENTINFO info = NULL;

            hr = call(metadata, GetComponent, c, &component);
            if (SUCCEEDED(hr))
                hr = call(component, GetComponentInfo, &info);
            if (SUCCEEDED(hr)) {
                hr = each(s, instance, writer, info);
                call(component, FreeComponentInfo, info);
            }
        }
    }
    return hr;
}

/* Components below a selectable one come with it; adding them is refused or superfluous. */
static HRESULT add_component(struct script *s, VSS_ID instance, VSS_ID writer,
                             PVSSCOMPONENTINFO info)
{
    HRESULT hr = call(s->vss, AddComponent, instance, writer, info->type, info->bstrLogicalPath,
                      info->bstrComponentName);

    return hr == E_INVALIDARG ? S_OK : hr;
}

static HRESULT set_succeeded(struct script *s, VSS_ID instance, VSS_ID writer,
                             PVSSCOMPONENTINFO info)
{
    HRESULT hr = call(s->vss, SetBackupSucceeded, instance, writer, info->type,
                      info->bstrLogicalPath, info->bstrComponentName, true);

    return hr == VSS_E_OBJECT_NOT_FOUND ? S_OK : hr;
}

static HRESULT select_component(struct script *s, VSS_ID instance, VSS_ID writer,
                                PVSSCOMPONENTINFO info)
{
    HRESULT hr = call(s->vss, SetSelectedForRestore, writer, info->type, info->bstrLogicalPath,
                      info->bstrComponentName, true);

    (void)instance;
    return hr == VSS_E_OBJECT_NOT_FOUND ? S_OK : hr;
}

/* ---- the steps ---- */

static HRESULT identify(struct script *s)
{
    HRESULT hr = create(s);

    if (SUCCEEDED(hr))
        hr = call(s->vss, InitializeForBackup, NULL);
    if (SUCCEEDED(hr) && s->context != VSS_CTX_BACKUP)
        hr = call(s->vss, SetContext, s->context);
    if (FAILED(hr) || !context_has_writers(s->context))
        return hr;
    hr = call(s->vss, SetBackupState, true, false, VSS_BT_FULL, false);
    if (SUCCEEDED(hr))
        hr = gather(s);
    return SUCCEEDED(hr) ? for_components(s, add_component) : hr;
}

static bool is_meant(const struct script *s, const struct volume *volume)
{
    return !s->letters || (volume->letter && strchr(s->letters, volume->letter));
}

static HRESULT prepare_backup(struct script *s)
{
    IVssAsync *async = NULL;
    VSS_ID id;
    HRESULT hr = call(s->vss, StartSnapshotSet, &s->set);

    for (size_t i = 0; SUCCEEDED(hr) && i < s->world->volumes.count; i++) {
        auto_free uint16_t *name = utf16_from_utf8(s->world->volumes.items[i]->guid_name);

        if (is_meant(s, s->world->volumes.items[i]))
            hr = call(s->vss, AddToSnapshotSet, (WCHAR *)name, (VSS_ID){ 0 }, &id);
    }
    if (FAILED(hr) || !context_has_writers(s->context))
        return hr;
    return finish(call(s->vss, PrepareForBackup, &async), &async);
}

static struct backup *backup_of(struct script *s)
{
    return backup_components_of((backup_face *)(void *)s->vss)->backup;
}

static bool has_stopped(void *arg)
{
    struct backup *backup = arg;

    return !backup->flags.is_pending || phase_runner_is_paused(backup);
}

/* Runs DoSnapshotSet up to the stop or to its end. */
static HRESULT snapshot_until(struct script *s, enum writer_event stop)
{
    struct sched *sched = s->world->ports.sched;
    HRESULT hr = S_OK;

    s->world->service.pause_after = stop;
    if (!s->running)
        hr = call(s->vss, DoSnapshotSet, &s->running);
    if (FAILED(hr))
        return hr;
    sched_enter(sched);
    if (phase_runner_is_paused(backup_of(s)))
        phase_runner_resume(backup_of(s), stop);
    int64_t until = sched_now(sched) + PATIENCE_MS * SCHED_MS;
    bool has_come = sched_wait(sched, has_stopped, backup_of(s), until);
    bool is_over = !backup_of(s)->flags.is_pending;
    sched_leave(sched);
    if (!has_come)
        return HRESULT_FROM_WIN32(ERROR_TIMEOUT);
    return is_over ? finish(S_OK, &s->running) : S_OK;
}

static HRESULT backup_complete_step(struct script *s)
{
    IVssAsync *async = NULL;

    if (!context_has_writers(s->context))
        return S_OK; /* Learn: BackupComplete is for the writers */
    HRESULT hr = for_components(s, set_succeeded);

    if (SUCCEEDED(hr))
        hr = finish(call(s->vss, BackupComplete, &async), &async);
    if (SUCCEEDED(hr)) {
        bstr_free(s->document);
        hr = call(s->vss, SaveAsXML, &s->document);
    }
    return hr;
}

static HRESULT backup_step(struct script *s, enum vssemu_until event)
{
    switch (event) {
    case VSSEMU_IDENTIFY:
        return identify(s);
    case VSSEMU_PREPARE_BACKUP:
        return prepare_backup(s);
    case VSSEMU_PREPARE_SNAPSHOT:
        return snapshot_until(s, ON_PREPARE_SNAPSHOT);
    case VSSEMU_FREEZE:
        return s->running ? snapshot_until(s, ON_FREEZE) : S_OK;
    case VSSEMU_THAW:
        return s->running ? snapshot_until(s, ON_THAW) : S_OK;
    case VSSEMU_POST_SNAPSHOT:
        return s->running ? snapshot_until(s, N_WRITER_EVENTS) : S_OK;
    case VSSEMU_BACKUP_COMPLETE:
        return backup_complete_step(s);
    case VSSEMU_END:
        script_release(s);
        return S_OK;
    default:
        return E_INVALIDARG;
    }
}

static HRESULT pre_restore(struct script *s)
{
    IVssAsync *async = NULL;
    HRESULT hr = create(s);

    if (SUCCEEDED(hr))
        hr = call(s->vss, InitializeForRestore, s->document);
    if (SUCCEEDED(hr))
        hr = gather(s);
    if (SUCCEEDED(hr))
        hr = for_components(s, select_component);
    return SUCCEEDED(hr) ? finish(call(s->vss, PreRestore, &async), &async) : hr;
}

static HRESULT post_restore(struct script *s)
{
    IVssAsync *async = NULL;
    HRESULT hr = finish(call(s->vss, PostRestore, &async), &async);

    script_release(s);
    return hr;
}

/* ---- the whole ---- */

void script_init(struct script *s, struct vssemu_world *world)
{
    *s = (struct script){ .world = world, .done = -1 };
}

void script_release(struct script *s)
{
    if (!s->vss)
        return;
    if (s->running)
        call(s->running, Release);
    s->running = NULL;
    s->world->service.pause_after = N_WRITER_EVENTS;
    call(s->vss, Release);
    s->vss = NULL;
    s->done = -1;
    world_drain(s->world, 3600 * SCHED_SECOND); /* what hangs longer hangs for ever */
}

void script_fini(struct script *s)
{
    script_release(s);
    bstr_free(s->document);
}

HRESULT script_backup(struct script *s, enum vssemu_until until)
{
    if (until > VSSEMU_END || (s->vss && s->is_restore))
        return E_INVALIDARG;
    s->is_restore = false;
    while (s->done < (int)until) {
        HRESULT hr = backup_step(s, (enum vssemu_until)(s->done + 1));

        if (FAILED(hr))
            return hr;
        s->done = until == VSSEMU_END && !s->vss ? -1 : s->done + 1;
        if (s->done < 0)
            break;
    }
    return S_OK;
}

HRESULT script_restore(struct script *s, enum vssemu_until until)
{
    HRESULT hr = S_OK;

    if (until < VSSEMU_PRE_RESTORE || !s->document || (s->vss && !s->is_restore))
        return E_INVALIDARG;
    s->is_restore = true;
    if (!s->vss)
        hr = pre_restore(s);
    if (SUCCEEDED(hr) && until == VSSEMU_POST_RESTORE)
        hr = post_restore(s);
    return hr;
}
