/* SPDX-License-Identifier: MIT */
/* See component_face.h. The object, its single values, and the table of methods; the lists are in
 * component_lists.c. Learn: "IVssComponent", "IVssComponentEx", "IVssComponentEx2". One vtable
 * serves the three: each interface begins with the one before. */
#include "emu/api/component_face_i.h"

#include "emu/api/guard.h"
#include "emu/api/give.h"
#include "emu/base/cleanup.h"

COM_UNKNOWN_METHODS(component_face, IVssComponentEx2)

struct bcd_component *component_face_enter(IVssComponentEx2 *face, uint32_t allowed)
{
    struct component_face *self = component_face_from_IVssComponentEx2(face);
    bool is_alive = components_lease_enter(self->lease);

    if (is_alive && (allowed & 1u << self->lease->access))
        return self->component;
    components_lease_refuse(self->lease);
    return NULL;
}

void component_face_leave(IVssComponentEx2 *face)
{
    components_lease_leave(component_face_from_IVssComponentEx2(face)->lease);
}

/* ---- texts ---- */

static HRESULT get_text(IVssComponentEx2 *face, size_t offset, BSTR *ret_text)
{
    const struct bcd_component *component;
    HRESULT hr = VSS_E_BAD_STATE;

    if (!ret_text)
        return E_INVALIDARG;
    *ret_text = NULL;
    component = component_face_enter(face, ACCESS_ANY);
    if (component)
        hr = give_text(*(char *const *)(const void *)((const char *)component + offset), ret_text);
    component_face_leave(face);
    return hr;
}

static HRESULT set_text(IVssComponentEx2 *face, const char *method, size_t offset, LPCWSTR text,
                        uint32_t allowed, bool once)
{
    auto_free char *own = utf8_from_wide(text);
    struct bcd_component *component;
    HRESULT hr = S_OK;

    if (!own)
        return E_INVALIDARG;
    component = component_face_enter(face, allowed);
    if (!component) {
        hr = VSS_E_BAD_STATE;
    } else {
        char **field = (char **)(void *)((char *)component + offset);

        if (once && *field)
            hr = VSS_E_OBJECT_ALREADY_EXISTS;
        else
            bcd_set_text(field, own);
        component_face_tell(face, method, hr, &(struct trace_arg)TRACE_TEXT("text", own), 1);
    }
    component_face_leave(face);
    return hr;
}

#define TEXT_GETTER(itf, method, member)                                           \
    static HRESULT component_face_##method(IVssComponentEx2 *face, BSTR *ret_text) \
    {                                                                              \
        GUARD(itf##_##method);                                                     \
        return get_text(face, offsetof(struct bcd_component, member), ret_text);   \
    }
#define TEXT_SETTER(itf, method, member, allowed, once)                                       \
    static HRESULT component_face_##method(IVssComponentEx2 *face, LPCWSTR text)              \
    {                                                                                         \
        GUARD(itf##_##method);                                                                \
        return set_text(face, #method, offsetof(struct bcd_component, member), text, allowed, \
                        once);                                                                \
    }

TEXT_GETTER(IVssComponent, GetLogicalPath, logical_path)
TEXT_GETTER(IVssComponent, GetComponentName, name)
TEXT_SETTER(IVssComponent, SetBackupMetadata, backup_metadata, ACCESS_BACKUP_WRITE, true)
TEXT_GETTER(IVssComponent, GetBackupMetadata, backup_metadata)
TEXT_SETTER(IVssComponent, SetRestoreMetadata, restore_metadata, ACCESS(PRE_RESTORE), true)
TEXT_GETTER(IVssComponent, GetRestoreMetadata, restore_metadata)
TEXT_SETTER(IVssComponent, SetPreRestoreFailureMsg, pre_restore_failure_msg, ACCESS(PRE_RESTORE),
            false)
TEXT_GETTER(IVssComponent, GetPreRestoreFailureMsg, pre_restore_failure_msg)
TEXT_SETTER(IVssComponent, SetPostRestoreFailureMsg, post_restore_failure_msg, ACCESS(POST_RESTORE),
            false)
TEXT_GETTER(IVssComponent, GetPostRestoreFailureMsg, post_restore_failure_msg)
TEXT_SETTER(IVssComponent, SetBackupStamp, backup_stamp, ACCESS_BACKUP_WRITE, false)
TEXT_GETTER(IVssComponent, GetBackupStamp, backup_stamp)
TEXT_GETTER(IVssComponent, GetPreviousBackupStamp, previous_backup_stamp)
TEXT_GETTER(IVssComponent, GetBackupOptions, backup_options)
TEXT_GETTER(IVssComponent, GetRestoreOptions, restore_options)
TEXT_SETTER(IVssComponentEx, SetPrepareForBackupFailureMsg, prepare_backup_failure_msg,
            ACCESS(PREPARE_BACKUP), false)
TEXT_GETTER(IVssComponentEx, GetPrepareForBackupFailureMsg, prepare_backup_failure_msg)
TEXT_SETTER(IVssComponentEx, SetPostSnapshotFailureMsg, post_snapshot_failure_msg,
            ACCESS(POST_SNAPSHOT), false)
TEXT_GETTER(IVssComponentEx, GetPostSnapshotFailureMsg, post_snapshot_failure_msg)
TEXT_GETTER(IVssComponentEx, GetRestoreName, restore_name)

/* ---- single values ---- */

static HRESULT component_face_GetComponentType(IVssComponentEx2 *face, VSS_COMPONENT_TYPE *ret_type)
{
    GUARD(IVssComponent_GetComponentType);
    const struct bcd_component *component;

    if (!ret_type)
        return E_INVALIDARG;
    *ret_type = VSS_CT_UNDEFINED;
    component = component_face_enter(face, ACCESS_ANY);
    if (component)
        *ret_type = component->type;
    component_face_leave(face);
    return component ? S_OK : VSS_E_BAD_STATE;
}

/* yes or no as S_OK; never said as S_FALSE and no. */
static HRESULT get_answer(IVssComponentEx2 *face, size_t offset, boolean *ret_answer)
{
    const struct bcd_component *component;
    enum bcd_answer answer = BCD_UNSET;

    if (!ret_answer)
        return E_INVALIDARG;
    component = component_face_enter(face, ACCESS_ANY);
    if (component)
        answer = *(const enum bcd_answer *)(const void *)((const char *)component + offset);
    component_face_leave(face);
    *ret_answer = answer == BCD_YES;
    if (!component)
        return VSS_E_BAD_STATE;
    return answer == BCD_UNSET ? S_FALSE : S_OK;
}

static HRESULT component_face_GetBackupSucceeded(IVssComponentEx2 *face, boolean *ret_succeeded)
{
    GUARD(IVssComponent_GetBackupSucceeded);
    return get_answer(face, offsetof(struct bcd_component, backup_succeeded), ret_succeeded);
}

static HRESULT component_face_GetAdditionalRestores(IVssComponentEx2 *face, boolean *ret_more)
{
    GUARD(IVssComponent_GetAdditionalRestores);
    return get_answer(face, offsetof(struct bcd_component, additional_restores), ret_more);
}

static HRESULT component_face_IsSelectedForRestore(IVssComponentEx2 *face, boolean *ret_selected)
{
    GUARD(IVssComponent_IsSelectedForRestore);
    const struct bcd_component *component;

    if (!ret_selected)
        return E_INVALIDARG;
    *ret_selected = false;
    component = component_face_enter(face, ACCESS_RESTORE);
    if (component)
        *ret_selected = component->selected_for_restore == BCD_YES;
    component_face_leave(face);
    return component ? S_OK : VSS_E_BAD_STATE;
}

static HRESULT component_face_SetRestoreTarget(IVssComponentEx2 *face, VSS_RESTORE_TARGET target)
{
    GUARD(IVssComponent_SetRestoreTarget);
    struct bcd_component *component;

    if (target < VSS_RT_ORIGINAL || target > VSS_RT_ORIGINAL_LOCATION)
        return E_INVALIDARG;
    component = component_face_enter(face, ACCESS(PRE_RESTORE));
    if (component) {
        component->restore_target = target;
        COMPONENT_TELL(face, "SetRestoreTarget", TRACE_NUMBER("target", target));
    }
    component_face_leave(face);
    return component ? S_OK : VSS_E_BAD_STATE;
}

static HRESULT component_face_GetRestoreTarget(IVssComponentEx2 *face,
                                               VSS_RESTORE_TARGET *ret_target)
{
    GUARD(IVssComponent_GetRestoreTarget);
    const struct bcd_component *component;

    if (!ret_target)
        return E_INVALIDARG;
    *ret_target = VSS_RT_ORIGINAL;
    component = component_face_enter(face, ACCESS_ANY);
    if (component && component->restore_target != VSS_RT_UNDEFINED)
        *ret_target = component->restore_target;
    component_face_leave(face);
    return component ? S_OK : VSS_E_BAD_STATE;
}

static HRESULT component_face_GetFileRestoreStatus(IVssComponentEx2 *face,
                                                   VSS_FILE_RESTORE_STATUS *ret_status)
{
    GUARD(IVssComponent_GetFileRestoreStatus);
    const struct bcd_component *component;

    if (!ret_status)
        return E_INVALIDARG;
    *ret_status = VSS_RS_UNDEFINED;
    component = component_face_enter(face, ACCESS_RESTORE);
    if (component)
        *ret_status = component->restore_status;
    component_face_leave(face);
    return component ? S_OK : VSS_E_BAD_STATE;
}

static HRESULT component_face_GetAuthoritativeRestore(IVssComponentEx2 *face,
                                                      boolean *ret_authoritative)
{
    GUARD(IVssComponentEx_GetAuthoritativeRestore);
    const struct bcd_component *component;

    if (!ret_authoritative)
        return E_INVALIDARG;
    *ret_authoritative = false;
    component = component_face_enter(face, ACCESS_ANY);
    if (component)
        *ret_authoritative = component->authoritative_restore;
    component_face_leave(face);
    return component ? S_OK : VSS_E_BAD_STATE;
}

static HRESULT component_face_GetRollForward(IVssComponentEx2 *face, VSS_ROLLFORWARD_TYPE *ret_type,
                                             BSTR *ret_point)
{
    GUARD(IVssComponentEx_GetRollForward);
    const struct bcd_component *component;

    if (!ret_type || !ret_point)
        return E_INVALIDARG;
    *ret_type = VSS_RF_UNDEFINED;
    *ret_point = NULL;
    component = component_face_enter(face, ACCESS_ANY);
    if (component) {
        *ret_type = component->roll_forward;
        *ret_point = text_or_null(component->roll_forward_point);
    }
    component_face_leave(face);
    return component ? S_OK : VSS_E_BAD_STATE;
}

/* ---- failure of a component ---- */

static bool is_component_failure(HRESULT hr)
{
    switch (hr) {
    case S_OK:
    case VSS_E_WRITERERROR_INCONSISTENTSNAPSHOT:
    case VSS_E_WRITERERROR_OUTOFRESOURCES:
    case VSS_E_WRITERERROR_TIMEOUT:
    case VSS_E_WRITERERROR_RETRYABLE:
    case VSS_E_WRITERERROR_NONRETRYABLE:
        return true;
    default:
        return false;
    }
}

static HRESULT component_face_SetFailure(IVssComponentEx2 *face, HRESULT failure,
                                         HRESULT application, LPCWSTR message, DWORD reserved)
{
    auto_free char *own_message = utf8_from_wide(message);
    struct bcd_component *component;

    if (!is_component_failure(failure))
        return E_INVALIDARG;
    component = component_face_enter(face, ACCESS_WRITER);
    if (component) {
        component->failure = failure;
        component->failure_application = application;
        component->failure_reserved = reserved;
        bcd_set_text(&component->failure_msg, own_message);
        COMPONENT_TELL(face, "SetFailure", TRACE_NUMBER("failure", failure),
                       TRACE_NUMBER("application", application), TRACE_TEXT("message", own_message),
                       TRACE_NUMBER("reserved", reserved));
    }
    component_face_leave(face);
    return component ? S_OK : VSS_E_BAD_STATE;
}

static HRESULT component_face_GetFailure(IVssComponentEx2 *face, HRESULT *ret_failure,
                                         HRESULT *ret_application, BSTR *ret_message,
                                         DWORD *ret_reserved)
{
    GUARD(IVssComponentEx2_GetFailure);
    const struct bcd_component *component;

    if (!ret_failure || !ret_application || !ret_message || !ret_reserved)
        return E_INVALIDARG;
    *ret_failure = *ret_application = S_OK;
    *ret_message = NULL;
    *ret_reserved = 0;
    component = component_face_enter(face, ACCESS_ANY & ~ACCESS(REQUESTER_RESTORE));
    if (component) {
        *ret_failure = component->failure;
        *ret_application = component->failure_application;
        *ret_message = text_or_null(component->failure_msg);
        *ret_reserved = component->failure_reserved;
    }
    component_face_leave(face);
    return component ? S_OK : VSS_E_BAD_STATE;
}

/* ---- the object ---- */

static void component_face_destroy(void *object)
{
    components_lease_unref(((struct component_face *)object)->lease);
}

#define SLOT(method) .method = component_face_##method

static const IVssComponentEx2Vtbl component_face_vtbl = {
    COM_UNKNOWN_SLOTS(component_face, IVssComponentEx2),
    SLOT(GetLogicalPath),
    SLOT(GetComponentType),
    SLOT(GetComponentName),
    SLOT(GetBackupSucceeded),
    SLOT(GetAlternateLocationMappingCount),
    SLOT(GetAlternateLocationMapping),
    SLOT(SetBackupMetadata),
    SLOT(GetBackupMetadata),
    SLOT(AddPartialFile),
    SLOT(GetPartialFileCount),
    SLOT(GetPartialFile),
    SLOT(IsSelectedForRestore),
    SLOT(GetAdditionalRestores),
    SLOT(GetNewTargetCount),
    SLOT(GetNewTarget),
    SLOT(AddDirectedTarget),
    SLOT(GetDirectedTargetCount),
    SLOT(GetDirectedTarget),
    SLOT(SetRestoreMetadata),
    SLOT(GetRestoreMetadata),
    SLOT(SetRestoreTarget),
    SLOT(GetRestoreTarget),
    SLOT(SetPreRestoreFailureMsg),
    SLOT(GetPreRestoreFailureMsg),
    SLOT(SetPostRestoreFailureMsg),
    SLOT(GetPostRestoreFailureMsg),
    SLOT(SetBackupStamp),
    SLOT(GetBackupStamp),
    SLOT(GetPreviousBackupStamp),
    SLOT(GetBackupOptions),
    SLOT(GetRestoreOptions),
    SLOT(GetRestoreSubcomponentCount),
    SLOT(GetRestoreSubcomponent),
    SLOT(GetFileRestoreStatus),
    SLOT(AddDifferencedFilesByLastModifyTime),
    SLOT(AddDifferencedFilesByLastModifyLSN),
    SLOT(GetDifferencedFilesCount),
    SLOT(GetDifferencedFile),
    SLOT(SetPrepareForBackupFailureMsg),
    SLOT(SetPostSnapshotFailureMsg),
    SLOT(GetPrepareForBackupFailureMsg),
    SLOT(GetPostSnapshotFailureMsg),
    SLOT(GetAuthoritativeRestore),
    SLOT(GetRollForward),
    SLOT(GetRestoreName),
    SLOT(SetFailure),
    SLOT(GetFailure),
};

COM_CLASS(component_face, component_face_destroy, COM_FACE(component_face, IVssComponentEx2),
          COM_FACE_AS(component_face, IVssComponent, IVssComponentEx2),
          COM_FACE_AS(component_face, IVssComponentEx, IVssComponentEx2));

void component_face_new(struct components_lease *lease, struct bcd_component *component,
                        IVssComponent **ret)
{
    struct component_face *self = COM_NEW(component_face);

    self->IVssComponentEx2.lpVtbl = &component_face_vtbl;
    self->lease = components_lease_ref(lease);
    self->component = component;
    *ret = (IVssComponent *)&self->IVssComponentEx2;
}
