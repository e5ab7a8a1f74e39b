/* SPDX-License-Identifier: MIT */
/* The methods that make a backup, and the table of all methods (steps_i.h). */
#include "fakes/requester/steps_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"

#include <stdlib.h>
#include <string.h>

#define PLAY(name) \
    HRESULT step_##name(struct steps_session *s, const struct step *step, IVssAsync **ret_async)
/* A method without arguments. */
#define PLAIN(name)                                 \
    static PLAY(name)                               \
    {                                               \
        (void)step;                                 \
        (void)ret_async;                            \
        return IVssBackupComponents_##name(s->vss); \
    }
#define PLAIN_ASYNC(name)                                      \
    static PLAY(name)                                          \
    {                                                          \
        (void)step;                                            \
        return IVssBackupComponents_##name(s->vss, ret_async); \
    }

/* clang-format off */
PLAIN(FreeWriterMetadata)
PLAIN(AbortBackup)
PLAIN_ASYNC(PrepareForBackup)
PLAIN_ASYNC(BackupComplete)
/* clang-format on */

/* ---- the object and its state ---- */

static PLAY(CreateVssBackupComponents)
{
    (void)step;
    (void)ret_async;
    if (s->vss)
        return steps_explain(s, "there is one already: Release it first, or use a session (B:)");
    return CreateVssBackupComponents(&s->vss);
}

static PLAY(InitializeForBackup)
{
    auto_wide WCHAR *text = step_argument(step, 0) ? wide(step_argument(step, 0)) : NULL;
    auto_bstr BSTR document = text ? SysAllocString(text) : NULL;

    (void)ret_async;
    return IVssBackupComponents_InitializeForBackup(s->vss, document);
}

static PLAY(InitializeForRestore)
{
    auto_wide WCHAR *text = step_argument(step, 0) ? wide(step_argument(step, 0)) : NULL;
    auto_bstr BSTR document = text ? SysAllocString(text) : NULL;

    (void)ret_async;
    return IVssBackupComponents_InitializeForRestore(s->vss, text ? document : s->player->document);
}

static const struct context_word {
    const char *word;
    LONG context;
} contexts[] = {
    { "BACKUP", VSS_CTX_BACKUP },
    { "FILE_SHARE_BACKUP", VSS_CTX_FILE_SHARE_BACKUP },
    { "NAS_ROLLBACK", VSS_CTX_NAS_ROLLBACK },
    { "APP_ROLLBACK", VSS_CTX_APP_ROLLBACK },
    { "CLIENT_ACCESSIBLE", VSS_CTX_CLIENT_ACCESSIBLE },
    { "CLIENT_ACCESSIBLE_WRITERS", VSS_CTX_CLIENT_ACCESSIBLE_WRITERS },
    { "ALL", (LONG)VSS_CTX_ALL },
};

static PLAY(SetContext)
{
    const char *word = step_argument(step, 0);
    char *end;
    LONG context = (LONG)strtoul(word, &end, 0);

    (void)ret_async;
    for (size_t i = 0; *end && i < sizeof(contexts) / sizeof(*contexts); i++) {
        if (!str_is_equal_nocase(contexts[i].word, word))
            continue;
        return IVssBackupComponents_SetContext(s->vss, contexts[i].context);
    }
    if (*end)
        return steps_explain(s, "there is no context %s (BACKUP, NAS_ROLLBACK, ...)", word);
    return IVssBackupComponents_SetContext(s->vss, context);
}

static PLAY(SetBackupState)
{
    boolean selects = TRUE, bootable = FALSE, partial = FALSE;
    VSS_BACKUP_TYPE type = VSS_BT_FULL;

    (void)ret_async;
    for (size_t i = 0; step_argument(step, i); i++) {
        const char *word = step_argument(step, i);
        const struct enum_word *found = enum_word_of_text(backup_type_words, word);

        if (found)
            type = (VSS_BACKUP_TYPE)found->value;
        else if (strcmp(word, "volumes") == 0)
            selects = FALSE;
        else if (strcmp(word, "bootable") == 0)
            bootable = TRUE;
        else if (strcmp(word, "partial") == 0)
            partial = TRUE;
        else
            return steps_explain(s, "%s is no type of backup", word);
    }
    return IVssBackupComponents_SetBackupState(s->vss, selects, bootable, type, partial);
}

/* ---- writers ---- */

typedef HRESULT on_ids(IVssBackupComponents *vss, const VSS_ID *ids, UINT n);

static HRESULT play_ids(struct steps_session *s, const struct step *step, on_ids *method,
                        bool are_instances)
{
    ARRAY(VSS_ID) ids = { 0 };
    HRESULT hr = S_OK;

    for (size_t i = 0; hr == S_OK && step_argument(step, i); i++) {
        GUID id;

        if (steps_class_of(s, step_argument(step, i), are_instances, &id))
            array_add(&ids, id);
        else
            hr = S_FALSE;
    }
    if (hr == S_OK)
        hr = method(s->vss, ids.items, (UINT)ids.count);
    array_free(&ids);
    return hr;
}

static PLAY(EnableWriterClasses)
{
    (void)ret_async;
    return play_ids(s, step, s->vss->lpVtbl->EnableWriterClasses, false);
}

static PLAY(DisableWriterClasses)
{
    (void)ret_async;
    return play_ids(s, step, s->vss->lpVtbl->DisableWriterClasses, false);
}

static PLAY(DisableWriterInstances)
{
    (void)ret_async;
    return play_ids(s, step, s->vss->lpVtbl->DisableWriterInstances, true);
}

static PLAY(GatherWriterMetadata)
{
    (void)step;
    steps_forget_metadata(s);
    return IVssBackupComponents_GatherWriterMetadata(s->vss, ret_async);
}

static PLAY(GatherWriterStatus)
{
    (void)step;
    steps_forget_status(s);
    return IVssBackupComponents_GatherWriterStatus(s->vss, ret_async);
}

static PLAY(FreeWriterStatus)
{
    (void)step;
    (void)ret_async;
    return IVssBackupComponents_FreeWriterStatus(s->vss);
}

HRESULT steps_count(struct steps_session *s, const struct step *step, HRESULT hr, size_t count)
{
    const char *expected = step_argument(step, 0);

    if (SUCCEEDED(hr) && expected && strtoull(expected, NULL, 10) != count)
        return steps_explain(s, "there are %zu; expected %s", count, expected);
    return hr;
}

static PLAY(GetWriterMetadataCount)
{
    UINT count = 0;
    HRESULT hr = IVssBackupComponents_GetWriterMetadataCount(s->vss, &count);

    (void)ret_async;
    return steps_count(s, step, hr, count);
}

static PLAY(GetWriterStatusCount)
{
    UINT count = 0;
    HRESULT hr = IVssBackupComponents_GetWriterStatusCount(s->vss, &count);

    (void)ret_async;
    return steps_count(s, step, hr, count);
}

static PLAY(GetWriterComponentsCount)
{
    UINT count = 0;
    bool is_null = step_argument(step, 0) && strcmp(step_argument(step, 0), "null") == 0;
    HRESULT hr = IVssBackupComponents_GetWriterComponentsCount(s->vss, is_null ? NULL : &count);

    (void)ret_async;
    return is_null ? hr : steps_count(s, step, hr, count);
}

/* ---- components ---- */

static HRESULT add(struct steps_session *s, const struct wmd *wmd, const struct wmd_component *c)
{
    auto_wide WCHAR *path = wide(c->logical_path), *name = wide(c->name);
    HRESULT hr = IVssBackupComponents_AddComponent(s->vss, wmd->instance_id, wmd->writer_id,
                                                   c->type, *path ? path : NULL, name);

    for (size_t i = 0; SUCCEEDED(hr) && i < s->writers.count; i++) {
        if (s->writers.items[i] == wmd)
            array_add(&s->chosen,
                      ((struct steps_component){ i, (size_t)(c - wmd->components.items), false }));
    }
    return hr;
}

/* Those below a selectable one come with it (Learn: "Working with Selectability for Backup"). */
static HRESULT add_of_writer(struct steps_session *s, struct wmd *wmd)
{
    HRESULT hr = S_OK;

    for (size_t i = 0; SUCCEEDED(hr) && i < wmd->components.count; i++) {
        struct wmd_component *c = &wmd->components.items[i];

        if (!wmd_has_selectable_ancestor(wmd, c))
            hr = add(s, wmd, c);
    }
    return hr;
}

static PLAY(AddComponent)
{
    const char *writer = step_argument(step, 0), *component = step_argument(step, 1);
    HRESULT hr = S_OK;

    (void)ret_async;
    if (strcmp(writer, "all") == 0) {
        for (size_t i = 0; SUCCEEDED(hr) && i < s->writers.count; i++)
            hr = add_of_writer(s, s->writers.items[i]);
        return hr;
    }
    struct wmd *wmd = steps_writer(s, writer);
    if (!wmd || !component)
        return wmd ? add_of_writer(s, wmd) : S_FALSE;
    struct wmd_component *c = steps_component(s, wmd, component);

    return c ? add(s, wmd, c) : S_FALSE;
}

HRESULT steps_component_text(struct steps_session *s, const struct step *step,
                             HRESULT (*method)(IVssBackupComponents *vss, VSS_ID writer,
                                               VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                               LPCWSTR text))
{
    struct wmd *wmd = steps_writer(s, step_argument(step, 0));
    struct wmd_component *c = wmd ? steps_component(s, wmd, step_argument(step, 1)) : NULL;

    if (!c)
        return S_FALSE;
    auto_wide WCHAR *path = wide(c->logical_path), *name = wide(c->name);
    auto_wide WCHAR *text = wide(step_argument(step, 2));

    return method(s->vss, wmd->writer_id, c->type, *path ? path : NULL, name, text);
}

static PLAY(SetBackupOptions)
{
    (void)ret_async;
    return steps_component_text(s, step, s->vss->lpVtbl->SetBackupOptions);
}

static PLAY(SetPreviousBackupStamp)
{
    (void)ret_async;
    return steps_component_text(s, step, s->vss->lpVtbl->SetPreviousBackupStamp);
}

static HRESULT succeeded(struct steps_session *s, const struct wmd *wmd,
                         const struct wmd_component *c, bool is_good)
{
    auto_wide WCHAR *path = wide(c->logical_path), *name = wide(c->name);

    return IVssBackupComponents_SetBackupSucceeded(s->vss, wmd->instance_id, wmd->writer_id,
                                                   c->type, *path ? path : NULL, name, is_good);
}

/* "all true": of each component that was added; one whose file could not be read, or whose writer
 * has failed, has not succeeded. */
static PLAY(SetBackupSucceeded)
{
    bool is_all = !step_argument(step, 2);
    bool is_good = str_is_equal_nocase(step_argument(step, is_all ? 1 : 2), "true");
    HRESULT hr = S_OK;

    (void)ret_async;
    if (!is_all) {
        struct wmd *wmd = steps_writer(s, step_argument(step, 0));
        struct wmd_component *c = wmd ? steps_component(s, wmd, step_argument(step, 1)) : NULL;

        return c ? succeeded(s, wmd, c, is_good) : S_FALSE;
    }
    for (size_t i = 0; SUCCEEDED(hr) && i < s->chosen.count; i++) {
        const struct steps_component *chosen = &s->chosen.items[i];
        const struct wmd *wmd = s->writers.items[chosen->writer];

        hr = succeeded(s, wmd, &wmd->components.items[chosen->component],
                       is_good && !chosen->has_failed && steps_writer_is_well(s, wmd));
    }
    return hr;
}

/* ---- documents ---- */

static PLAY(SaveAsXML)
{
    BSTR document = NULL;
    HRESULT hr = IVssBackupComponents_SaveAsXML(s->vss, &document);

    (void)step;
    (void)ret_async;
    if (hr == S_OK) {
        SysFreeString(s->player->document);
        s->player->document = document;
    }
    return hr;
}

static PLAY(GetSessionId)
{
    auto_com IVssBackupComponentsEx3 *newer = NULL;
    VSS_ID id;
    HRESULT hr =
        IVssBackupComponents_QueryInterface(s->vss, &IID_IVssBackupComponentsEx3, (void **)&newer);

    (void)step;
    (void)ret_async;
    return SUCCEEDED(hr) ? IVssBackupComponentsEx3_GetSessionId(newer, &id) : hr;
}

/* ---- the table ---- */

#define ROW(name) [STEP_##name] = step_##name

step_play *const step_plays[N_STEPS] = {
    ROW(CreateVssBackupComponents),
    ROW(InitializeForBackup),
    ROW(InitializeForRestore),
    ROW(SetContext),
    ROW(SetBackupState),
    ROW(SetRestoreState),
    ROW(EnableWriterClasses),
    ROW(DisableWriterClasses),
    ROW(DisableWriterInstances),
    ROW(GatherWriterMetadata),
    ROW(GetWriterMetadataCount),
    ROW(FreeWriterMetadata),
    ROW(AddComponent),
    ROW(SetBackupOptions),
    ROW(SetPreviousBackupStamp),
    ROW(StartSnapshotSet),
    ROW(AddToSnapshotSet),
    ROW(IsVolumeSupported),
    ROW(PrepareForBackup),
    ROW(DoSnapshotSet),
    ROW(GetSnapshotProperties),
    ROW(GatherWriterStatus),
    ROW(GetWriterStatusCount),
    ROW(FreeWriterStatus),
    ROW(SetBackupSucceeded),
    ROW(BackupComplete),
    ROW(AbortBackup),
    ROW(SaveAsXML),
    ROW(GetWriterComponentsCount),
    ROW(GetSessionId),
    ROW(DeleteSnapshots),
    ROW(Query),
    ROW(ExposeSnapshot),
    ROW(BreakSnapshotSet),
    ROW(ImportSnapshots),
    ROW(RevertToSnapshot),
    ROW(SetSelectedForRestore),
    ROW(SetAdditionalRestores),
    ROW(SetRestoreOptions),
    ROW(AddNewTarget),
    ROW(AddAlternativeLocationMapping),
    ROW(AddRestoreSubcomponent),
    ROW(SetRangesFilePath),
    ROW(SetFileRestoreStatus),
    ROW(PreRestore),
    ROW(PostRestore),
    ROW(Copy),
    ROW(Write),
    ROW(Delete),
    ROW(Read),
    ROW(ReadCopy),
    ROW(Attributes),
    ROW(AddDiffArea),
    ROW(ChangeDiffAreaMaximumSize),
    ROW(QueryDiffAreasForVolume),
};
