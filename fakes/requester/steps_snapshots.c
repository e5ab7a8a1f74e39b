/* SPDX-License-Identifier: MIT */
/* Snapshot sets of the scripted requester, and what is done with snapshots (steps_i.h). */
#include "fakes/requester/steps_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"

#include <stdlib.h>
#include <string.h>

#define PLAY(name) \
    HRESULT step_##name(struct steps_session *s, const struct step *step, IVssAsync **ret_async)

static const VSS_ID any_provider;

WCHAR *steps_volume(const char *name)
{
    auto_free char *root = strlen(name) == 2 ? str_printf("%s\\", name) : mem_strdup(name);

    return wide(root);
}

void steps_forget_snapshots(struct steps_session *s)
{
    for (size_t i = 0; i < s->snapshots.count; i++)
        free(s->snapshots.items[i].volume);
    array_free(&s->snapshots);
    volume_places_free(&s->places);
}

/* ---- the set ---- */

PLAY(StartSnapshotSet)
{
    (void)step;
    (void)ret_async;
    HRESULT hr = IVssBackupComponents_StartSnapshotSet(s->vss, &s->set);

    if (SUCCEEDED(hr))
        steps_forget_snapshots(s);
    return hr;
}

static HRESULT add(struct steps_session *s, const WCHAR *volume, VSS_ID provider)
{
    VSS_ID id;
    HRESULT hr = IVssBackupComponents_AddToSnapshotSet(s->vss, (WCHAR *)volume, provider, &id);

    if (SUCCEEDED(hr))
        array_add(&s->snapshots, ((struct steps_snapshot){ utf8_from_utf16(volume), id }));
    return hr;
}

/* Every volume, by its first mount point, or by its own name. */
static HRESULT add_all(struct steps_session *s)
{
    WCHAR name[MAX_PATH + 1] = { 0 };
    HANDLE find = FindFirstVolumeW(name, MAX_PATH);
    HRESULT hr = S_OK;

    if (find == INVALID_HANDLE_VALUE)
        return steps_explain(s, "the world has no volume");
    do {
        WCHAR mounts[MAX_PATH + 1] = { 0 };
        DWORD size = 0;

        GetVolumePathNamesForVolumeNameW(name, mounts, MAX_PATH, &size);
        hr = add(s, mounts[0] ? mounts : name, any_provider);
    } while (SUCCEEDED(hr) && FindNextVolumeW(find, name, MAX_PATH));
    FindVolumeClose(find);
    return hr;
}

PLAY(AddToSnapshotSet)
{
    const char *provider = step_argument(step, 1);
    VSS_ID id = any_provider;

    (void)ret_async;
    if (strcmp(step_argument(step, 0), "all") == 0)
        return add_all(s);
    if (provider && !step_guid(provider, &id))
        return steps_explain(s, "%s is no id of a provider", provider);
    auto_wide WCHAR *volume = steps_volume(step_argument(step, 0));

    return add(s, volume, id);
}

PLAY(IsVolumeSupported)
{
    const char *expected = step_argument(step, 1);
    auto_wide WCHAR *volume = steps_volume(step_argument(step, 0));
    WINBOOL is_supported = FALSE;
    HRESULT hr =
        IVssBackupComponents_IsVolumeSupported(s->vss, any_provider, volume, &is_supported);

    (void)ret_async;
    if (SUCCEEDED(hr) && expected && (strcmp(expected, "yes") == 0) != (is_supported != FALSE))
        return steps_explain(s, "%s is %ssupported", step_argument(step, 0),
                             is_supported ? "" : "not ");
    return hr;
}

PLAY(DoSnapshotSet)
{
    (void)step;
    return IVssBackupComponents_DoSnapshotSet(s->vss, ret_async);
}

/* ---- snapshots ---- */

static struct steps_snapshot *snapshot_of(struct steps_session *s, const char *volume)
{
    for (size_t i = 0; i < s->snapshots.count; i++) {
        const char *name = s->snapshots.items[i].volume;

        if (!volume || strncasecmp(name, volume, 2) == 0)
            return &s->snapshots.items[i];
    }
    steps_explain(s, "no snapshot of %s was made", volume ? volume : "any volume");
    return NULL;
}

PLAY(GetSnapshotProperties)
{
    const struct steps_snapshot *snapshot = snapshot_of(s, step_argument(step, 0));
    VSS_SNAPSHOT_PROP properties = { 0 };

    (void)ret_async;
    if (!snapshot)
        return S_FALSE;
    HRESULT hr = IVssBackupComponents_GetSnapshotProperties(s->vss, snapshot->id, &properties);
    if (SUCCEEDED(hr))
        VssFreeSnapshotProperties(&properties);
    return hr;
}

HRESULT steps_find_places(struct steps_session *s)
{
    for (size_t i = s->places.count; i < s->snapshots.count; i++) {
        VSS_SNAPSHOT_PROP properties = { 0 };

        if (steps_is_replaced(s, "GetSnapshotProperties"))
            return S_FALSE;
        HRESULT hr = IVssBackupComponents_GetSnapshotProperties(s->vss, s->snapshots.items[i].id,
                                                                &properties);

        if (FAILED(hr))
            return hr;
        array_add(&s->places, ((struct volume_place){
                                  mem_strdup(s->snapshots.items[i].volume),
                                  utf8_from_utf16(properties.m_pwszSnapshotDeviceObject) }));
        VssFreeSnapshotProperties(&properties);
    }
    return S_OK;
}

PLAY(DeleteSnapshots)
{
    const char *what = step_argument(step, 0);
    LONG n_deleted = 0;
    VSS_ID failed;

    (void)ret_async;
    if (!what || strcmp(what, "set") == 0)
        return IVssBackupComponents_DeleteSnapshots(s->vss, s->set, VSS_OBJECT_SNAPSHOT_SET, TRUE,
                                                    &n_deleted, &failed);
    const struct steps_snapshot *snapshot = snapshot_of(s, what);

    return snapshot ? IVssBackupComponents_DeleteSnapshots(
                          s->vss, snapshot->id, VSS_OBJECT_SNAPSHOT, TRUE, &n_deleted, &failed)
                    : S_FALSE;
}

PLAY(Query)
{
    auto_com IVssEnumObject *list = NULL;
    size_t count = 0;
    HRESULT hr = IVssBackupComponents_Query(s->vss, any_provider, VSS_OBJECT_NONE,
                                            VSS_OBJECT_SNAPSHOT, &list);

    (void)ret_async;
    while (hr == S_OK && list) {
        VSS_OBJECT_PROP object;
        ULONG n = 0;

        if (IVssEnumObject_Next(list, 1, &object, &n) != S_OK || !n)
            break;
        VssFreeSnapshotProperties(&object.Obj.Snap);
        count++;
    }
    return steps_count(s, step, hr, count);
}

PLAY(ExposeSnapshot)
{
    const struct steps_snapshot *snapshot = snapshot_of(s, step_argument(step, 0));
    const char *how = step_argument(step, 2);
    bool is_remote = how && strcmp(how, "remote") == 0;
    auto_wide WCHAR *name = wide(step_argument(step, 1));
    WCHAR *exposed = NULL;

    (void)ret_async;
    if (!snapshot)
        return S_FALSE;
    HRESULT hr = IVssBackupComponents_ExposeSnapshot(s->vss, snapshot->id, NULL,
                                                     is_remote ? VSS_VOLSNAP_ATTR_EXPOSED_REMOTELY
                                                               : VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY,
                                                     name, &exposed);
    CoTaskMemFree(exposed);
    return hr;
}

PLAY(BreakSnapshotSet)
{
    (void)step;
    (void)ret_async;
    return IVssBackupComponents_BreakSnapshotSet(s->vss, s->set);
}

PLAY(ImportSnapshots)
{
    (void)step;
    return IVssBackupComponents_ImportSnapshots(s->vss, ret_async);
}

PLAY(RevertToSnapshot)
{
    const struct steps_snapshot *snapshot = snapshot_of(s, step_argument(step, 0));

    (void)ret_async;
    return snapshot ? IVssBackupComponents_RevertToSnapshot(s->vss, snapshot->id, TRUE) : S_FALSE;
}
