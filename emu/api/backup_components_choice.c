/* SPDX-License-Identifier: MIT */
/* The calls that choose: writers, components, and what is said about each component. */
#include "emu/api/backup_components.h"

#include "emu/api/guard.h"
#include "emu/base/cleanup.h"
#include "emu/com/bstr.h"
#include "emu/doc/bcd.h"
#include "emu/doc/filespec.h"

HRESULT backup_components_AddComponent(backup_face *face, VSS_ID instance, VSS_ID writer,
                                       VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name)
{
    GUARD(IVssBackupComponents_AddComponent);
    struct backup_components *bc = backup_components_of(face);
    auto_free char *path8 = utf8_from_wide(path), *name8 = utf8_from_wide(name);
    struct component_key key = { &instance, writer, type, path8, name8 };

    sched_enter(bc->sched);
    BACKUP_ARGS(bc->backup, TRACE_ID("instance", &instance), TRACE_ID("writer", &writer),
                TRACE_NUMBER("type", type), TRACE_TEXT("path", path8), TRACE_TEXT("name", name8));
    HRESULT hr = backup_add_component(bc->backup, &key);
    sched_leave(bc->sched);
    return hr;
}

HRESULT backup_components_change(backup_face *face, const char *method, enum backup_call call,
                                 const VSS_ID *instance, const VSS_ID *writer,
                                 VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                 component_change *apply, const void *value,
                                 const struct call_args *more)
{
    struct backup_components *bc = backup_components_of(face);
    auto_free char *path8 = utf8_from_wide(path), *name8 = utf8_from_wide(name);
    struct component_key key = { instance, *writer, type, path8, name8 };
    struct trace_arg args[BACKUP_MAX_ARGS] = { TRACE_ID("writer", writer),
                                               TRACE_NUMBER("type", type),
                                               TRACE_TEXT("path", path8),
                                               TRACE_TEXT("name", name8) };
    size_t n_args = 4;

    for (size_t i = 0; i < more->n && n_args < BACKUP_MAX_ARGS; i++)
        args[n_args++] = more->items[i];

    sched_enter(bc->sched);
    backup_name_method(bc->backup, method);
    backup_tell_args(bc->backup, args, n_args);
    HRESULT hr = backup_change_components(bc->backup, call, &key, apply, value);
    sched_leave(bc->sched);
    return hr;
}

static HRESULT set_succeeded(struct bcd_component *component, const void *value)
{
    component->backup_succeeded = *(const boolean *)value ? BCD_YES : BCD_NO;
    return S_OK;
}

HRESULT backup_components_SetBackupSucceeded(backup_face *face, VSS_ID instance, VSS_ID writer,
                                             VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                             boolean succeeded)
{
    GUARD(IVssBackupComponents_SetBackupSucceeded);
    return backup_components_change(
        face, "SetBackupSucceeded", CALL_SET_BACKUP_SUCCEEDED, &instance, &writer, type, path, name,
        set_succeeded, &succeeded,
        CALL_ARGS(TRACE_ID("instance", &instance), TRACE_TRUTH("succeeded", succeeded)));
}

static HRESULT set_options(struct bcd_component *component, const void *value)
{
    bcd_set_text(&component->backup_options, value);
    return S_OK;
}

HRESULT backup_components_SetBackupOptions(backup_face *face, VSS_ID writer,
                                           VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                           LPCWSTR options)
{
    GUARD(IVssBackupComponents_SetBackupOptions);
    auto_free char *text = utf8_from_wide(options);

    return backup_components_change(face, "SetBackupOptions", CALL_SET_BACKUP_OPTIONS, NULL,
                                    &writer, type, path, name, text ? set_options : NULL, text,
                                    CALL_ARGS(TRACE_TEXT("options", text)));
}

static HRESULT set_previous_stamp(struct bcd_component *component, const void *value)
{
    bcd_set_text(&component->previous_backup_stamp, value);
    return S_OK;
}

HRESULT backup_components_SetPreviousBackupStamp(backup_face *face, VSS_ID writer,
                                                 VSS_COMPONENT_TYPE type, LPCWSTR path,
                                                 LPCWSTR name, LPCWSTR stamp)
{
    GUARD(IVssBackupComponents_SetPreviousBackupStamp);
    auto_free char *text = utf8_from_wide(stamp);

    return backup_components_change(face, "SetPreviousBackupStamp", CALL_SET_BACKUP_OPTIONS, NULL,
                                    &writer, type, path, name, text ? set_previous_stamp : NULL,
                                    text, CALL_ARGS(TRACE_TEXT("stamp", text)));
}

static HRESULT filter(backup_face *face, enum writer_filter how, const VSS_ID *ids, UINT n)
{
    struct backup_components *bc = backup_components_of(face);

    sched_enter(bc->sched);
    BACKUP_ARGS(bc->backup, TRACE_IDS("ids", ids, ids ? n : 0));
    HRESULT hr = backup_filter_writers(bc->backup, how, ids, n);
    sched_leave(bc->sched);
    return hr;
}

HRESULT backup_components_DisableWriterClasses(backup_face *face, const VSS_ID *ids, UINT n)
{
    GUARD(IVssBackupComponents_DisableWriterClasses);
    return filter(face, DISABLE_CLASSES, ids, n);
}

HRESULT backup_components_EnableWriterClasses(backup_face *face, const VSS_ID *ids, UINT n)
{
    GUARD(IVssBackupComponents_EnableWriterClasses);
    return filter(face, ENABLE_CLASSES, ids, n);
}

HRESULT backup_components_DisableWriterInstances(backup_face *face, const VSS_ID *ids, UINT n)
{
    GUARD(IVssBackupComponents_DisableWriterInstances);
    return filter(face, DISABLE_INSTANCES, ids, n);
}
