/* SPDX-License-Identifier: MIT */
/* The setters of a restore: which components, how, where to. Learn: "Overview of Processing a
 * Restore Under VSS" and the page of each method. */
#include "emu/api/backup_components.h"

#include "emu/api/guard.h"
#include "emu/base/cleanup.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/doc/bcd.h"
#include "emu/doc/filespec.h"
#include "emu/svc/backup_writers.h"

static enum bcd_answer answer_of(const void *value)
{
    return *(const boolean *)value ? BCD_YES : BCD_NO;
}

/* ---- which ---- */

/* instance null: any. Both pages: a component whose writer does not live cannot be selected. */
struct selection {
    struct backup *backup;
    VSS_ID writer, instance;
    boolean selected;
};

static HRESULT set_selected(struct bcd_component *component, const void *value)
{
    const struct selection *s = value;
    const VSS_ID *instance = guid_is_null(&s->instance) ? NULL : &s->instance;

    if (!backup_find_metadata(s->backup, &s->writer, instance))
        return VSS_E_OBJECT_NOT_FOUND;
    component->selected_for_restore = answer_of(&s->selected);
    component->restore_instance_id = s->instance;
    return S_OK;
}

HRESULT backup_components_SetSelectedForRestore(backup_face *face, VSS_ID writer,
                                                VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                                boolean selected)
{
    GUARD(IVssBackupComponents_SetSelectedForRestore);
    struct selection selection = { backup_components_of(face)->backup, writer, { 0 }, selected };

    return backup_components_change(face, "SetSelectedForRestore", CALL_SET_SELECTED_FOR_RESTORE,
                                    NULL, &writer, type, path, name, set_selected, &selection,
                                    CALL_ARGS(TRACE_TRUTH("selected", selected)));
}

HRESULT backup_components_SetSelectedForRestoreEx(backup_face *face, VSS_ID writer,
                                                  VSS_COMPONENT_TYPE type, LPCWSTR path,
                                                  LPCWSTR name, boolean selected, VSS_ID instance)
{
    GUARD(IVssBackupComponentsEx_SetSelectedForRestoreEx);
    struct selection selection = { backup_components_of(face)->backup, writer, instance, selected };

    return backup_components_change(
        face, "SetSelectedForRestoreEx", CALL_SET_SELECTED_FOR_RESTORE, NULL, &writer, type, path,
        name, set_selected, &selection,
        CALL_ARGS(TRACE_TRUTH("selected", selected), TRACE_ID("instance", &instance)));
}

/* ---- how ---- */

static HRESULT set_restore_options(struct bcd_component *component, const void *value)
{
    bcd_set_text(&component->restore_options, value);
    return S_OK;
}

HRESULT backup_components_SetRestoreOptions(backup_face *face, VSS_ID writer,
                                            VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                            LPCWSTR options)
{
    GUARD(IVssBackupComponents_SetRestoreOptions);
    auto_free char *text = utf8_from_wide(options);

    return backup_components_change(face, "SetRestoreOptions", CALL_SET_RESTORE_OPTIONS, NULL,
                                    &writer, type, path, name, text ? set_restore_options : NULL,
                                    text, CALL_ARGS(TRACE_TEXT("options", text)));
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
    GUARD(IVssBackupComponents_SetAdditionalRestores);
    return backup_components_change(face, "SetAdditionalRestores", CALL_SET_ADDITIONAL_RESTORES,
                                    NULL, &writer, type, path, name, set_additional, &additional,
                                    CALL_ARGS(TRACE_TRUTH("additional", additional)));
}

static HRESULT set_authoritative(struct bcd_component *component, const void *value)
{
    component->authoritative_restore = *(const bool *)value;
    return S_OK;
}

HRESULT backup_components_SetAuthoritativeRestore(backup_face *face, VSS_ID writer,
                                                  VSS_COMPONENT_TYPE type, LPCWSTR path,
                                                  LPCWSTR name, boolean authoritative)
{
    GUARD(IVssBackupComponentsEx2_SetAuthoritativeRestore);
    bool is_authoritative = authoritative;

    return backup_components_change(face, "SetAuthoritativeRestore", CALL_SET_RESTORE_OPTIONS, NULL,
                                    &writer, type, path, name, set_authoritative, &is_authoritative,
                                    CALL_ARGS(TRACE_TRUTH("authoritative", authoritative)));
}

struct roll_forward {
    VSS_ROLLFORWARD_TYPE type;
    const char *point;
};

static HRESULT set_roll_forward(struct bcd_component *component, const void *value)
{
    const struct roll_forward *r = value;

    component->roll_forward = r->type;
    bcd_set_text(&component->roll_forward_point, r->point);
    return S_OK;
}

/* A point belongs to VSS_RF_PARTIAL alone. */
HRESULT backup_components_SetRollForward(backup_face *face, VSS_ID writer, VSS_COMPONENT_TYPE type,
                                         LPCWSTR path, LPCWSTR name, VSS_ROLLFORWARD_TYPE how,
                                         LPCWSTR point)
{
    GUARD(IVssBackupComponentsEx2_SetRollForward);
    auto_free char *point8 = utf8_from_wide(point);
    struct roll_forward value = { how, how == VSS_RF_PARTIAL ? point8 : NULL };
    bool is_good =
        how > VSS_RF_UNDEFINED && how <= VSS_RF_PARTIAL && (how != VSS_RF_PARTIAL || point8);

    return backup_components_change(
        face, "SetRollForward", CALL_SET_RESTORE_OPTIONS, NULL, &writer, type, path, name,
        is_good ? set_roll_forward : NULL, &value,
        CALL_ARGS(TRACE_NUMBER("how", how), TRACE_TEXT("point", point8)));
}

static HRESULT set_restore_name(struct bcd_component *component, const void *value)
{
    bcd_set_text(&component->restore_name, value);
    return S_OK;
}

HRESULT backup_components_SetRestoreName(backup_face *face, VSS_ID writer, VSS_COMPONENT_TYPE type,
                                         LPCWSTR path, LPCWSTR name, LPCWSTR restore_name)
{
    GUARD(IVssBackupComponentsEx2_SetRestoreName);
    auto_free char *text = utf8_from_wide(restore_name);

    return backup_components_change(face, "SetRestoreName", CALL_SET_RESTORE_OPTIONS, NULL, &writer,
                                    type, path, name, text ? set_restore_name : NULL, text,
                                    CALL_ARGS(TRACE_TEXT("restore_name", text)));
}

/* ---- where to ---- */

/* A file set that goes somewhere else. The document does not list file sets, so that they are held
 * against what the running writer says of itself, where one was asked. */
struct mapping {
    struct backup *backup;
    VSS_ID writer;
    const char *path, *filespec, *destination;
    bool recursive;
};

static bool may_have(const struct bcd_component *component, const struct mapping *m)
{
    return backup_may_have_file_set(m->backup, &m->writer, component, m->path, m->filespec,
                                    m->recursive);
}

static HRESULT add_mapping(struct bcd_component *component, const void *value)
{
    const struct mapping *m = value;

    if (!may_have(component, m))
        return VSS_E_OBJECT_NOT_FOUND;
    filespecs_add(&component->alternate_mappings, m->path, m->filespec, m->recursive,
                  m->destination, 0);
    return S_OK;
}

static HRESULT add_target(struct bcd_component *component, const void *value)
{
    const struct mapping *m = value;

    if (!may_have(component, m))
        return VSS_E_OBJECT_NOT_FOUND;
    filespecs_add(&component->new_targets, m->path, m->filespec, m->recursive, m->destination, 0);
    return S_OK;
}

static HRESULT set_mapping(backup_face *face, const char *method, enum backup_call call,
                           const VSS_ID *writer, VSS_COMPONENT_TYPE type, LPCWSTR path,
                           LPCWSTR name, component_change *apply, LPCWSTR file_path,
                           LPCWSTR filespec, boolean recursive, LPCWSTR destination)
{
    auto_free char *path8 = utf8_from_wide(file_path), *filespec8 = utf8_from_wide(filespec),
                   *destination8 = utf8_from_wide(destination);
    struct mapping mapping = {
        backup_components_of(face)->backup, *writer, path8, filespec8, destination8, recursive
    };
    bool is_good = filespec_path_is_valid(path8) && filespec_pattern_is_valid(filespec8) &&
                   destination8 && *destination8;

    return backup_components_change(
        face, method, call, NULL, writer, type, path, name, is_good ? apply : NULL, &mapping,
        CALL_ARGS(TRACE_TEXT("file_path", path8), TRACE_TEXT("filespec", filespec8),
                  TRACE_TRUTH("recursive", recursive), TRACE_TEXT("destination", destination8)));
}

HRESULT backup_components_AddAlternativeLocationMapping(backup_face *face, VSS_ID writer,
                                                        VSS_COMPONENT_TYPE type, LPCWSTR path,
                                                        LPCWSTR name, LPCWSTR file_path,
                                                        LPCWSTR filespec, boolean recursive,
                                                        LPCWSTR destination)
{
    GUARD(IVssBackupComponents_AddAlternativeLocationMapping);
    return set_mapping(face, "AddAlternativeLocationMapping", CALL_ADD_ALTERNATIVE_MAPPING, &writer,
                       type, path, name, add_mapping, file_path, filespec, recursive, destination);
}

HRESULT backup_components_AddNewTarget(backup_face *face, VSS_ID writer, VSS_COMPONENT_TYPE type,
                                       LPCWSTR path, LPCWSTR name, LPCWSTR file_path,
                                       LPCWSTR file_name, boolean recursive, LPCWSTR alternate)
{
    GUARD(IVssBackupComponents_AddNewTarget);
    return set_mapping(face, "AddNewTarget", CALL_SET_RESTORE_OPTIONS, &writer, type, path, name,
                       add_target, file_path, file_name, recursive, alternate);
}

struct subcomponent {
    const char *path, *name;
};

static HRESULT add_subcomponent(struct bcd_component *component, const void *value)
{
    const struct subcomponent *s = value;

    if (component->selected_for_restore != BCD_YES)
        return VSS_E_BAD_STATE; /* the root of the set must have been selected */
    bcd_add_subcomponent(component, s->path, s->name, false);
    return S_OK;
}

HRESULT backup_components_AddRestoreSubcomponent(backup_face *face, VSS_ID writer,
                                                 VSS_COMPONENT_TYPE type, LPCWSTR path,
                                                 LPCWSTR name, LPCWSTR sub_path, LPCWSTR sub_name,
                                                 boolean repair)
{
    GUARD(IVssBackupComponents_AddRestoreSubcomponent);
    auto_free char *path8 = utf8_from_wide(sub_path), *name8 = utf8_from_wide(sub_name);
    struct subcomponent value = { path8, name8 };
    bool is_good = path8 && name8 && *name8 && !repair; /* bRepair is reserved */

    return backup_components_change(
        face, "AddRestoreSubcomponent", CALL_SET_RESTORE_OPTIONS, NULL, &writer, type, path, name,
        is_good ? add_subcomponent : NULL, &value,
        CALL_ARGS(TRACE_TEXT("sub_path", path8), TRACE_TEXT("sub_name", name8),
                  TRACE_TRUTH("repair", repair)));
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
    GUARD(IVssBackupComponents_SetFileRestoreStatus);
    bool is_good = status >= VSS_RS_UNDEFINED && status <= VSS_RS_FAILED;

    return backup_components_change(
        face, "SetFileRestoreStatus", CALL_SET_FILE_RESTORE_STATUS, NULL, &writer, type, path, name,
        is_good ? set_restore_status : NULL, &status, CALL_ARGS(TRACE_NUMBER("status", status)));
}

struct ranges {
    UINT index;
    const char *path;
};

static HRESULT set_ranges(struct bcd_component *component, const void *value)
{
    const struct ranges *r = value;

    if (r->index >= component->partial_files.count)
        return VSS_E_OBJECT_NOT_FOUND;
    bcd_set_text(&component->partial_files.items[r->index].ranges, r->path);
    return S_OK;
}

/* The ranges file of a partial file was restored to another place. */
HRESULT backup_components_SetRangesFilePath(backup_face *face, VSS_ID writer,
                                            VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                            UINT i, LPCWSTR ranges_path)
{
    GUARD(IVssBackupComponents_SetRangesFilePath);
    auto_free char *text = utf8_from_wide(ranges_path);
    struct ranges value = { i, text };

    return backup_components_change(
        face, "SetRangesFilePath", CALL_ADD_ALTERNATIVE_MAPPING, NULL, &writer, type, path, name,
        text ? set_ranges : NULL, &value,
        CALL_ARGS(TRACE_NUMBER("index", i), TRACE_TEXT("ranges", text)));
}
