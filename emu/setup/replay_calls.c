/* SPDX-License-Identifier: MIT */
/* See replay_calls.h. Each function takes the arguments of one method from its record, by the names
 * of docs/trace-format.md. */
#include "emu/setup/replay_calls.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/trace/trace_json.h"

#include <string.h>

struct call {
    struct replay_session *session;
    backup_face *vss;
    struct replay_ids *ids;
    const struct trace_record *record;
};

void replay_ids_add(struct replay_ids *ids, const VSS_ID *recorded, const VSS_ID *ours)
{
    array_add(&ids->items, ((struct replay_id){ *recorded, *ours }));
}

/* ---- arguments ---- */

#define VSS(c, method, ...) (c)->vss->lpVtbl->method((c)->vss, ##__VA_ARGS__)
#define WIDE(c, name)       ((WCHAR *)utf16_from_utf8(trace_record_text((c)->record, name)))

static LONG number(const struct call *c, const char *name)
{
    return (LONG)trace_record_number(c->record, name, 0);
}

static boolean truth(const struct call *c, const char *name)
{
    return trace_record_number(c->record, name, 0) != 0;
}

static VSS_ID map(const struct call *c, const char *text)
{
    VSS_ID id = { 0 };

    if (!text || !guid_from_text(text, &id))
        return (VSS_ID){ 0 };
    for (size_t i = c->ids->items.count; i > 0; i--) {
        if (guid_is_equal(&c->ids->items.items[i - 1].recorded, &id))
            return c->ids->items.items[i - 1].ours;
    }
    return id;
}

static VSS_ID id(const struct call *c, const char *name)
{
    return map(c, trace_record_text(c->record, name));
}

/* What the call gave then is this now. */
static void learn(const struct call *c, const char *name, const VSS_ID *ours)
{
    const char *text = trace_record_text(c->record, name);
    VSS_ID recorded;

    if (text && guid_from_text(text, &recorded) && !guid_is_null(&recorded))
        replay_ids_add(c->ids, &recorded, ours);
}

/* ---- methods ---- */

static HRESULT initialize(const struct call *c, bool is_backup)
{
    BSTR xml = bstr_from_utf8(trace_record_text(c->record, "xml"));
    HRESULT hr = is_backup ? VSS(c, InitializeForBackup, xml) : VSS(c, InitializeForRestore, xml);

    bstr_free(xml);
    return hr;
}

static HRESULT call_InitializeForBackup(const struct call *c)
{
    return initialize(c, true);
}

static HRESULT call_InitializeForRestore(const struct call *c)
{
    return initialize(c, false);
}

static HRESULT call_SetContext(const struct call *c)
{
    return VSS(c, SetContext, number(c, "context"));
}

static HRESULT call_SetBackupState(const struct call *c)
{
    return VSS(c, SetBackupState, truth(c, "select"), truth(c, "bootable"),
               (VSS_BACKUP_TYPE)number(c, "type"), truth(c, "partial"));
}

static HRESULT call_SetRestoreState(const struct call *c)
{
    return VSS(c, SetRestoreState, (VSS_RESTORE_TYPE)number(c, "type"));
}

/* ids has room for as many as the list; answers how many there are. */
static UINT list_of_ids(const struct call *c, VSS_ID ids[])
{
    const struct trace_arg *arg = trace_record_arg(c->record, "ids");
    const char *const *texts = arg && arg->kind == TRACE_ARG_TEXTS ? arg->of : NULL;

    for (size_t i = 0; texts && ids && i < arg->n; i++)
        ids[i] = map(c, texts[i]);
    return texts ? (UINT)arg->n : 0;
}

#define CALL_WITH_IDS(method)                                      \
    static HRESULT call_##method(const struct call *c)             \
    {                                                              \
        UINT n = list_of_ids(c, NULL);                             \
        auto_free VSS_ID *ids = mem_alloc((n + 1) * sizeof(*ids)); \
                                                                   \
        list_of_ids(c, ids);                                       \
        return VSS(c, method, ids, n);                             \
    }
CALL_WITH_IDS(EnableWriterClasses)
CALL_WITH_IDS(DisableWriterClasses)
CALL_WITH_IDS(DisableWriterInstances)

static HRESULT call_AddComponent(const struct call *c)
{
    auto_free WCHAR *path = WIDE(c, "path"), *name = WIDE(c, "name");

    return VSS(c, AddComponent, id(c, "instance"), id(c, "writer"),
               (VSS_COMPONENT_TYPE)number(c, "type"), path, name);
}

static HRESULT call_StartSnapshotSet(const struct call *c)
{
    VSS_ID set;
    HRESULT hr = VSS(c, StartSnapshotSet, &set);

    learn(c, "set", &set);
    return hr;
}

static HRESULT call_AddToSnapshotSet(const struct call *c)
{
    auto_free WCHAR *volume = WIDE(c, "volume");
    VSS_ID snapshot;
    HRESULT hr = VSS(c, AddToSnapshotSet, volume, id(c, "provider"), &snapshot);

    learn(c, "snapshot", &snapshot);
    return hr;
}

static HRESULT call_AbortBackup(const struct call *c)
{
    return VSS(c, AbortBackup);
}

static HRESULT call_FreeWriterMetadata(const struct call *c)
{
    return VSS(c, FreeWriterMetadata);
}

static HRESULT call_FreeWriterStatus(const struct call *c)
{
    return VSS(c, FreeWriterStatus);
}

static HRESULT call_SaveAsXML(const struct call *c)
{
    BSTR xml = NULL;
    HRESULT hr = VSS(c, SaveAsXML, &xml);

    bstr_free(xml);
    return hr;
}

static HRESULT call_DeleteSnapshots(const struct call *c)
{
    LONG n = 0;
    VSS_ID not_deleted;

    return VSS(c, DeleteSnapshots, id(c, "object"), (VSS_OBJECT_TYPE)number(c, "type"),
               truth(c, "force"), &n, &not_deleted);
}

static HRESULT call_ExposeSnapshot(const struct call *c)
{
    auto_free WCHAR *path = WIDE(c, "path"), *expose = WIDE(c, "expose");
    VSS_PWSZ exposed = NULL;
    HRESULT hr =
        VSS(c, ExposeSnapshot, id(c, "snapshot"), path, number(c, "attributes"), expose, &exposed);

    CoTaskMemFree(exposed);
    return hr;
}

static HRESULT call_UnexposeSnapshot(const struct call *c)
{
    return VSS(c, UnexposeSnapshot, id(c, "snapshot"));
}

static HRESULT call_BreakSnapshotSet(const struct call *c)
{
    return VSS(c, BreakSnapshotSet, id(c, "set"));
}

static HRESULT call_RevertToSnapshot(const struct call *c)
{
    return VSS(c, RevertToSnapshot, id(c, "snapshot"), truth(c, "force"));
}

static HRESULT call_Cancel(const struct call *c)
{
    IVssAsync *pending = c->session->pending;

    return pending ? pending->lpVtbl->Cancel(pending) : S_OK;
}

/* What is said of a component: its key, then what the method has of its own. */
#define CALL_ON_COMPONENT(method, ...)                                                            \
    static HRESULT call_##method(const struct call *c)                                            \
    {                                                                                             \
        auto_free WCHAR *path = WIDE(c, "path"), *name = WIDE(c, "name");                         \
                                                                                                  \
        return VSS(c, method, id(c, "writer"), (VSS_COMPONENT_TYPE)number(c, "type"), path, name, \
                   ##__VA_ARGS__);                                                                \
    }
#define CALL_WITH_TEXT(method, argument)                                                          \
    static HRESULT call_##method(const struct call *c)                                            \
    {                                                                                             \
        auto_free WCHAR *path = WIDE(c, "path"), *name = WIDE(c, "name"),                         \
                        *text = WIDE(c, argument);                                                \
                                                                                                  \
        return VSS(c, method, id(c, "writer"), (VSS_COMPONENT_TYPE)number(c, "type"), path, name, \
                   text);                                                                         \
    }

CALL_WITH_TEXT(SetBackupOptions, "options")
CALL_WITH_TEXT(SetPreviousBackupStamp, "stamp")
CALL_WITH_TEXT(SetRestoreOptions, "options")
CALL_WITH_TEXT(SetRestoreName, "restore_name")
CALL_ON_COMPONENT(SetSelectedForRestore, truth(c, "selected"))
CALL_ON_COMPONENT(SetSelectedForRestoreEx, truth(c, "selected"), id(c, "instance"))
CALL_ON_COMPONENT(SetAdditionalRestores, truth(c, "additional"))
CALL_ON_COMPONENT(SetAuthoritativeRestore, truth(c, "authoritative"))
CALL_ON_COMPONENT(SetFileRestoreStatus, (VSS_FILE_RESTORE_STATUS)number(c, "status"))

static HRESULT call_SetBackupSucceeded(const struct call *c)
{
    auto_free WCHAR *path = WIDE(c, "path"), *name = WIDE(c, "name");

    return VSS(c, SetBackupSucceeded, id(c, "instance"), id(c, "writer"),
               (VSS_COMPONENT_TYPE)number(c, "type"), path, name, truth(c, "succeeded"));
}

static HRESULT call_SetRollForward(const struct call *c)
{
    auto_free WCHAR *path = WIDE(c, "path"), *name = WIDE(c, "name"), *point = WIDE(c, "point");

    return VSS(c, SetRollForward, id(c, "writer"), (VSS_COMPONENT_TYPE)number(c, "type"), path,
               name, (VSS_ROLLFORWARD_TYPE)number(c, "how"), point);
}

static HRESULT call_SetRangesFilePath(const struct call *c)
{
    auto_free WCHAR *path = WIDE(c, "path"), *name = WIDE(c, "name"), *ranges = WIDE(c, "ranges");

    return VSS(c, SetRangesFilePath, id(c, "writer"), (VSS_COMPONENT_TYPE)number(c, "type"), path,
               name, (UINT)number(c, "index"), ranges);
}

static HRESULT call_AddRestoreSubcomponent(const struct call *c)
{
    auto_free WCHAR *path = WIDE(c, "path"), *name = WIDE(c, "name"),
                    *sub_path = WIDE(c, "sub_path"), *sub_name = WIDE(c, "sub_name");

    return VSS(c, AddRestoreSubcomponent, id(c, "writer"), (VSS_COMPONENT_TYPE)number(c, "type"),
               path, name, sub_path, sub_name, truth(c, "repair"));
}

#define CALL_WITH_FILE_SET(method)                                                                \
    static HRESULT call_##method(const struct call *c)                                            \
    {                                                                                             \
        auto_free WCHAR *path = WIDE(c, "path"), *name = WIDE(c, "name"),                         \
                        *file_path = WIDE(c, "file_path"), *spec = WIDE(c, "filespec"),           \
                        *destination = WIDE(c, "destination");                                    \
                                                                                                  \
        return VSS(c, method, id(c, "writer"), (VSS_COMPONENT_TYPE)number(c, "type"), path, name, \
                   file_path, spec, truth(c, "recursive"), destination);                          \
    }
CALL_WITH_FILE_SET(AddAlternativeLocationMapping)
CALL_WITH_FILE_SET(AddNewTarget)

#define CALL_OF_OPERATION(method)                      \
    static HRESULT call_##method(const struct call *c) \
    {                                                  \
        return VSS(c, method, &c->session->pending);   \
    }
CALL_OF_OPERATION(GatherWriterMetadata)
CALL_OF_OPERATION(GatherWriterStatus)
CALL_OF_OPERATION(PrepareForBackup)
CALL_OF_OPERATION(DoSnapshotSet)
CALL_OF_OPERATION(BackupComplete)
CALL_OF_OPERATION(PreRestore)
CALL_OF_OPERATION(PostRestore)

#define HERE(method)           \
    {                          \
#method, call_##method \
    }

static const struct {
    const char *name;
    HRESULT (*run)(const struct call *c);
} methods[] = {
    HERE(InitializeForBackup),
    HERE(InitializeForRestore),
    HERE(SetContext),
    HERE(SetBackupState),
    HERE(SetRestoreState),
    HERE(EnableWriterClasses),
    HERE(DisableWriterClasses),
    HERE(DisableWriterInstances),
    HERE(GatherWriterMetadata),
    HERE(FreeWriterMetadata),
    HERE(AddComponent),
    HERE(SetBackupOptions),
    HERE(SetPreviousBackupStamp),
    HERE(StartSnapshotSet),
    HERE(AddToSnapshotSet),
    HERE(PrepareForBackup),
    HERE(GatherWriterStatus),
    HERE(FreeWriterStatus),
    HERE(DoSnapshotSet),
    HERE(SetBackupSucceeded),
    HERE(SaveAsXML),
    HERE(BackupComplete),
    HERE(AbortBackup),
    HERE(Cancel),
    HERE(DeleteSnapshots),
    HERE(ExposeSnapshot),
    HERE(UnexposeSnapshot),
    HERE(BreakSnapshotSet),
    HERE(RevertToSnapshot),
    HERE(SetSelectedForRestore),
    HERE(SetSelectedForRestoreEx),
    HERE(SetRestoreOptions),
    HERE(SetRestoreName),
    HERE(SetAdditionalRestores),
    HERE(SetAuthoritativeRestore),
    HERE(SetRollForward),
    HERE(SetFileRestoreStatus),
    HERE(SetRangesFilePath),
    HERE(AddRestoreSubcomponent),
    HERE(AddAlternativeLocationMapping),
    HERE(AddNewTarget),
    HERE(PreRestore),
    HERE(PostRestore),
};

bool replay_call(struct replay_session *session, struct replay_ids *ids,
                 const struct trace_record *record, HRESULT *ret_hr)
{
    const struct call c = { session, session->vss, ids, record };

    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (strcmp(methods[i].name, record->what) == 0) {
            *ret_hr = methods[i].run(&c);
            return true;
        }
    }
    return false;
}
