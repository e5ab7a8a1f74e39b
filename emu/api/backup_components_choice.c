/* SPDX-License-Identifier: MIT */
/* The calls that choose: writers, components, and what is said about each component. */
#include "emu/api/backup_components.h"

#include "emu/base/cleanup.h"
#include "emu/com/bstr.h"
#include "emu/doc/bcd.h"
#include "emu/doc/filespec.h"

static bool is_component_type(VSS_COMPONENT_TYPE type)
{
    return type == VSS_CT_DATABASE || type == VSS_CT_FILEGROUP;
}

HRESULT backup_components_AddComponent(backup_face *face, VSS_ID instance, VSS_ID writer,
                                       VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name)
{
    struct backup_components *bc = backup_components_of(face);
    auto_free char *path8 = utf8_from_wide(path), *name8 = utf8_from_wide(name);

    if (!name8 || !is_component_type(type))
        return E_INVALIDARG;
    sched_enter(bc->sched);
    HRESULT hr = backup_add_component(bc->backup, &instance, &writer, type, path8, name8);
    sched_leave(bc->sched);
    return hr;
}

/* What a setter does to the component that it found. */
typedef HRESULT change(struct bcd_component *component, const void *value);

/* The shape of every setter below: arguments, table, component, change. NULL instance: every
 * instance of the class (the setters but two name no instance). */
static HRESULT set(backup_face *face, const char *method, enum backup_call call,
                   const VSS_ID *instance, const VSS_ID *writer, VSS_COMPONENT_TYPE type,
                   LPCWSTR path, LPCWSTR name, change *apply, const void *value)
{
    struct backup_components *bc = backup_components_of(face);
    auto_free char *path8 = utf8_from_wide(path), *name8 = utf8_from_wide(name);
    struct bcd_component *component = NULL;

    if (!name8 || !is_component_type(type))
        return E_INVALIDARG;
    sched_enter(bc->sched);
    backup_name_method(bc->backup, method);
    HRESULT hr =
        backup_find_component(bc->backup, call, writer, instance, path8, name8, &component);
    if (SUCCEEDED(hr))
        hr = backup_leave(bc->backup, call, apply(component, value), name8);
    sched_leave(bc->sched);
    return hr;
}

static enum bcd_answer answer_of(const void *value)
{
    return *(const boolean *)value ? BCD_YES : BCD_NO;
}

static HRESULT set_succeeded(struct bcd_component *component, const void *value)
{
    component->backup_succeeded = answer_of(value);
    return S_OK;
}

HRESULT backup_components_SetBackupSucceeded(backup_face *face, VSS_ID instance, VSS_ID writer,
                                             VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                             boolean succeeded)
{
    return set(face, "SetBackupSucceeded", CALL_SET_BACKUP_SUCCEEDED, &instance, &writer, type,
               path, name, set_succeeded, &succeeded);
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
    auto_free char *text = utf8_from_wide(options);

    if (!text)
        return E_INVALIDARG;
    return set(face, "SetBackupOptions", CALL_SET_BACKUP_OPTIONS, NULL, &writer, type, path, name,
               set_options, text);
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
    auto_free char *text = utf8_from_wide(stamp);

    if (!text)
        return E_INVALIDARG;
    return set(face, "SetPreviousBackupStamp", CALL_SET_BACKUP_OPTIONS, NULL, &writer, type, path,
               name, set_previous_stamp, text);
}

static HRESULT set_selected(struct bcd_component *component, const void *value)
{
    component->selected_for_restore = answer_of(value);
    return S_OK;
}

HRESULT backup_components_SetSelectedForRestore(backup_face *face, VSS_ID writer,
                                                VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                                boolean selected)
{
    return set(face, "SetSelectedForRestore", CALL_SET_SELECTED_FOR_RESTORE, NULL, &writer, type,
               path, name, set_selected, &selected);
}

static HRESULT set_restore_options(struct bcd_component *component, const void *value)
{
    bcd_set_text(&component->restore_options, value);
    return S_OK;
}

HRESULT backup_components_SetRestoreOptions(backup_face *face, VSS_ID writer,
                                            VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                            LPCWSTR options)
{
    auto_free char *text = utf8_from_wide(options);

    if (!text)
        return E_INVALIDARG;
    return set(face, "SetRestoreOptions", CALL_SET_RESTORE_OPTIONS, NULL, &writer, type, path, name,
               set_restore_options, text);
}

static HRESULT set_additional(struct bcd_component *component, const void *value)
{
    component->additional_restores = answer_of(value);
    return S_OK;
}

HRESULT backup_components_SetAdditionalRestores(backup_face *face, VSS_ID writer,
                                                VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                                boolean additional)
{
    return set(face, "SetAdditionalRestores", CALL_SET_ADDITIONAL_RESTORES, NULL, &writer, type,
               path, name, set_additional, &additional);
}

/* A file set that goes somewhere else. */
struct mapping {
    const char *path, *filespec, *destination;
    bool recursive;
};

static HRESULT add_mapping(struct bcd_component *component, const void *value)
{
    const struct mapping *m = value;

    filespecs_add(&component->alternate_mappings, m->path, m->filespec, m->recursive,
                  m->destination, 0);
    return S_OK;
}

static HRESULT add_target(struct bcd_component *component, const void *value)
{
    const struct mapping *m = value;

    filespecs_add(&component->new_targets, m->path, m->filespec, m->recursive, m->destination, 0);
    return S_OK;
}

static HRESULT set_mapping(backup_face *face, const char *method, enum backup_call call,
                           const VSS_ID *writer, VSS_COMPONENT_TYPE type, LPCWSTR path,
                           LPCWSTR name, change *apply, LPCWSTR file_path, LPCWSTR filespec,
                           boolean recursive, LPCWSTR destination)
{
    auto_free char *path8 = utf8_from_wide(file_path), *filespec8 = utf8_from_wide(filespec),
                   *destination8 = utf8_from_wide(destination);
    struct mapping mapping = { path8, filespec8, destination8, recursive };

    if (!path8 || !filespec8 || !destination8)
        return E_INVALIDARG;
    return set(face, method, call, NULL, writer, type, path, name, apply, &mapping);
}

HRESULT backup_components_AddAlternativeLocationMapping(backup_face *face, VSS_ID writer,
                                                        VSS_COMPONENT_TYPE type, LPCWSTR path,
                                                        LPCWSTR name, LPCWSTR file_path,
                                                        LPCWSTR filespec, boolean recursive,
                                                        LPCWSTR destination)
{
    return set_mapping(face, "AddAlternativeLocationMapping", CALL_ADD_ALTERNATIVE_MAPPING, &writer,
                       type, path, name, add_mapping, file_path, filespec, recursive, destination);
}

HRESULT backup_components_AddNewTarget(backup_face *face, VSS_ID writer, VSS_COMPONENT_TYPE type,
                                       LPCWSTR path, LPCWSTR name, LPCWSTR file_path,
                                       LPCWSTR file_name, boolean recursive, LPCWSTR alternate)
{
    return set_mapping(face, "AddNewTarget", CALL_SET_RESTORE_OPTIONS, &writer, type, path, name,
                       add_target, file_path, file_name, recursive, alternate);
}

static HRESULT add_subcomponent(struct bcd_component *component, const void *value)
{
    const struct mapping *m = value;

    if (component->selected_for_restore != BCD_YES)
        return VSS_E_BAD_STATE; /* the root of the set must have been selected */
    bcd_add_subcomponent(component, m->path, m->filespec, false);
    return S_OK;
}

HRESULT backup_components_AddRestoreSubcomponent(backup_face *face, VSS_ID writer,
                                                 VSS_COMPONENT_TYPE type, LPCWSTR path,
                                                 LPCWSTR name, LPCWSTR sub_path, LPCWSTR sub_name,
                                                 boolean repair)
{
    auto_free char *path8 = utf8_from_wide(sub_path), *name8 = utf8_from_wide(sub_name);
    struct mapping mapping = { path8, name8, NULL, false };

    if (!name8 || repair) /* bRepair is reserved */
        return E_INVALIDARG;
    return set(face, "AddRestoreSubcomponent", CALL_SET_RESTORE_OPTIONS, NULL, &writer, type, path,
               name, add_subcomponent, &mapping);
}

static HRESULT set_restore_status(struct bcd_component *component, const void *value)
{
    component->restore_status = *(const VSS_FILE_RESTORE_STATUS *)value;
    return S_OK;
}

HRESULT backup_components_SetFileRestoreStatus(backup_face *face, VSS_ID writer,
                                               VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                               VSS_FILE_RESTORE_STATUS status)
{
    if (status < VSS_RS_UNDEFINED || status > VSS_RS_FAILED)
        return E_INVALIDARG;
    return set(face, "SetFileRestoreStatus", CALL_SET_FILE_RESTORE_STATUS, NULL, &writer, type,
               path, name, set_restore_status, &status);
}

static HRESULT filter(backup_face *face, enum writer_filter how, const VSS_ID *ids, UINT n)
{
    struct backup_components *bc = backup_components_of(face);

    if (!ids && n)
        return E_INVALIDARG;
    sched_enter(bc->sched);
    HRESULT hr = backup_filter_writers(bc->backup, how, ids, n);
    sched_leave(bc->sched);
    return hr;
}

HRESULT backup_components_DisableWriterClasses(backup_face *face, const VSS_ID *ids, UINT n)
{
    return filter(face, DISABLE_CLASSES, ids, n);
}

HRESULT backup_components_EnableWriterClasses(backup_face *face, const VSS_ID *ids, UINT n)
{
    return filter(face, ENABLE_CLASSES, ids, n);
}

HRESULT backup_components_DisableWriterInstances(backup_face *face, const VSS_ID *ids, UINT n)
{
    return filter(face, DISABLE_INSTANCES, ids, n);
}
