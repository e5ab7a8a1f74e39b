/* SPDX-License-Identifier: MIT */
/* Volumes and their shadow copies (betest_backup_i.h). Learn: "Overview of Pre-Backup Tasks". */
#include "fakes/requester/betest_backup_i.h"

#include "emu/base/str.h"

#include <string.h>
#include <strings.h>

#define BUSY_TRIES   5
#define BUSY_WAIT_MS 5000

LONG snapshot_context(const struct betest_options *options)
{
    LONG context = options->persistent ? VSS_CTX_APP_ROLLBACK : VSS_CTX_BACKUP;

    return options->rollback ? context | VSS_VOLSNAP_ATTR_ROLLBACK_RECOVERY : context;
}

/* ---- which volumes ---- */

static void note_volume(struct backup *b, const char *path)
{
    struct betest_report *report = b->session.report;
    auto_free char *directory = files_directory(path);
    uint32_t error = 0;

    /* Nearly always a volume that is known already. */
    for (size_t i = 0; i < b->places.count; i++)
        if (strncasecmp(directory, b->places.items[i].volume,
                        strlen(b->places.items[i].volume) - 1) == 0)
            return;
    char *volume = files_volume_of(directory, &error);
    if (volume) {
        *array_push(&b->places) = (struct volume_place){ .volume = volume };
        return;
    }
    auto_free char *words = report_windows_error(error);
    report_failure(report, BETEST_COMPONENT_FAILED, "%s lies on no volume: %s", directory, words);
}

static void note_component(struct backup *b, const struct chosen_component *chosen)
{
    const struct chosen_component *owner = &b->session.selection.components.items[chosen->owner];
    enum betest_type type = plan_type(b, owner);

    for (int list = 0; list < COMPONENT_FILE_LISTS; list++) {
        const struct filespecs *sets = component_files(chosen->component, list);

        for (size_t f = 0; f < sets->count; f++)
            if (type_wants_snapshot(type, &sets->items[f], list == COMPONENT_LOG_LIST))
                note_volume(b, sets->items[f].alternate_path ? sets->items[f].alternate_path
                                                             : sets->items[f].path);
    }
}

void snapshot_note_volumes(struct backup *b)
{
    const struct selection *selection = &b->session.selection;

    for (size_t i = 0; i < selection->components.count; i++)
        note_component(b, &selection->components.items[i]);
}

/* A volume by the first of its mount points; one that has none by its own name. */
static void note_volume_name(struct backup *b, WCHAR *name)
{
    WCHAR mounts[MAX_PATH + 1] = { 0 };
    DWORD size = 0;
    WINBOOL is_supported = FALSE;
    VSS_ID any_provider = GUID_NULL;
    WCHAR *path = name;

    if (GetVolumePathNamesForVolumeNameW(name, mounts, MAX_PATH, &size) && mounts[0])
        path = mounts;
    auto_free char *path8 = utf8_from_utf16(path);
    HRESULT hr =
        IVssBackupComponents_IsVolumeSupported(b->session.vss, any_provider, path, &is_supported);
    if (FAILED(hr) || !is_supported)
        report_line(b->session.report, "volume %s cannot be copied and is left out", path8);
    else
        note_volume(b, path8);
}

bool snapshot_note_all_volumes(struct backup *b)
{
    WCHAR name[MAX_PATH + 1] = { 0 };
    HANDLE find = FindFirstVolumeW(name, MAX_PATH);

    if (find != INVALID_HANDLE_VALUE) {
        do
            note_volume_name(b, name);
        while (FindNextVolumeW(find, name, MAX_PATH));
        FindVolumeClose(find);
    }
    if (b->places.count > 0)
        return true;
    report_failure(
        b->session.report, BETEST_COMPONENT_FAILED,
        "there is no volume that could be copied; `vssemu run --volume C:=DIR` makes one");
    return false;
}

/* ---- the set ---- */

/* The volume's own name; NULL: unknown. The caller frees. */
static char *volume_name(const struct volume_place *place)
{
    auto_wide WCHAR *root = wide(place->volume);
    WCHAR name[MAX_PATH + 1] = { 0 };

    return GetVolumeNameForVolumeMountPointW(root, name, MAX_PATH) ? utf8_from_utf16(name) : NULL;
}

/* An earlier place on the same volume, under another name of it ("C:\" and "\\?\Volume{...}\"), or
 * i. */
static size_t first_of_volume(const struct backup *b, size_t i)
{
    auto_free char *name = volume_name(&b->places.items[i]);

    for (size_t j = 0; name && j < i; j++) {
        auto_free char *earlier = volume_name(&b->places.items[j]);

        if (str_is_equal(name, earlier))
            return j;
    }
    return i;
}

static bool add_volumes(struct backup *b, size_t first)
{
    struct session *s = &b->session;

    for (size_t i = first; i < b->places.count; i++) {
        auto_wide WCHAR *volume = wide(b->places.items[i].volume);
        VSS_ID any_provider = GUID_NULL;
        size_t same = first_of_volume(b, i);
        VSS_ID *snapshot = array_push(&b->snapshots);

        if (same != i) {
            *snapshot = b->snapshots.items[same];
            continue;
        }
        report_line(s->report, "volume %s joins the snapshot set", b->places.items[i].volume);
        if (!session_did(
                s, "AddToSnapshotSet",
                IVssBackupComponents_AddToSnapshotSet(s->vss, volume, any_provider, snapshot)))
            return false;
    }
    return true;
}

/* One requester at a time makes snapshots: another one's set is waited for. */
bool snapshot_start_set(struct backup *b)
{
    struct session *s = &b->session;
    HRESULT hr = IVssBackupComponents_StartSnapshotSet(s->vss, &b->set);

    for (int i = 1; i < BUSY_TRIES && hr == VSS_E_SNAPSHOT_SET_IN_PROGRESS; i++) {
        report_line(s->report, "another snapshot set is in progress, waiting");
        Sleep(BUSY_WAIT_MS);
        hr = IVssBackupComponents_StartSnapshotSet(s->vss, &b->set);
    }
    return session_did(s, "StartSnapshotSet", hr) && add_volumes(b, 0);
}

bool snapshot_add_named_files(struct backup *b)
{
    const struct selection *selection = &b->session.selection;
    size_t first = b->places.count;

    for (size_t i = 0; i < selection->components.count; i++) {
        const struct component_details *details = selection->components.items[i].details;

        for (size_t f = 0; details && f < details->partial_files.count; f++)
            note_volume(b, details->partial_files.items[f].path);
        for (size_t f = 0; details && f < details->differenced_files.count; f++)
            note_volume(b, details->differenced_files.items[f].path);
    }
    return add_volumes(b, first);
}

static bool read_properties(struct backup *b)
{
    struct session *s = &b->session;

    for (size_t i = 0; i < b->places.count; i++) {
        VSS_SNAPSHOT_PROP properties = { 0 };

        if (!session_did(s, "GetSnapshotProperties",
                         IVssBackupComponents_GetSnapshotProperties(s->vss, b->snapshots.items[i],
                                                                    &properties)))
            return false;
        b->places.items[i].device = utf8_from_utf16(properties.m_pwszSnapshotDeviceObject);
        VssFreeSnapshotProperties(&properties);
        report_line(s->report, "%s as it was is at %s", b->places.items[i].volume,
                    b->places.items[i].device);
        if (s->options->persistent)
            report_line(s->report, "  it stays, as snapshot {%s}, until this program ends",
                        BETEST_GUID(&b->snapshots.items[i]));
    }
    return true;
}

void snapshot_take_back(struct backup *b)
{
    struct session *s = &b->session;
    LONG n_deleted = 0;
    VSS_ID failed;

    if (!s->options->persistent || IsEqualGUID(&b->set, &GUID_NULL))
        return;
    HRESULT hr = IVssBackupComponents_DeleteSnapshots(s->vss, b->set, VSS_OBJECT_SNAPSHOT_SET, TRUE,
                                                      &n_deleted, &failed);
    /* AbortBackup may have done it, or the set was never made. */
    if (hr == VSS_E_OBJECT_NOT_FOUND)
        return;
    if (session_did(s, "DeleteSnapshots", hr))
        report_line(s->report, "its %ld snapshots are deleted", (long)n_deleted);
}

/* Without a volume there is nothing to make (Learn: "Overview of Pre-Backup Tasks"). */
bool snapshot_make(struct backup *b)
{
    struct session *s = &b->session;
    IVssAsync *async = NULL;

    if (b->places.count == 0)
        return true;
    HRESULT hr = IVssBackupComponents_DoSnapshotSet(s->vss, &async);
    return session_finish(s, "DoSnapshotSet", hr, &async) &&
           session_check_writers(s, "DoSnapshotSet") && read_properties(b);
}
