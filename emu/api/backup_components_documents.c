/* SPDX-License-Identifier: MIT */
/* The calls that read: writers' metadata and status, components, the document as XML. Out pointers
 * are NULL and counts 0 on failure. */
#include "emu/api/backup_components.h"

#include "emu/api/give.h"
#include "emu/api/guard.h"
#include "emu/api/examine_metadata.h"
#include "emu/api/writer_components.h"
#include "emu/base/cleanup.h"
#include "emu/com/bstr.h"
#include "emu/doc/bcd.h"
#include "emu/doc/wmd.h"
#include "emu/svc/document_hook.h"
#include "emu/svc/event_log.h"

static bool is_restore(const struct backup *backup)
{
    return backup->phase >= PHASE_RESTORE;
}

/* Learn: "IVssBackupComponents::GetWriterComponentsCount": writers with at least one component. A
 * loaded document may name others. The i-th of them, or NULL; *ret_n (may be NULL): how many. */
static struct bcd_writer *nth_writer(const struct bcd *document, UINT i, UINT *ret_n)
{
    struct bcd_writer *found = NULL;
    UINT n = 0;

    for (size_t k = 0; k < document->writers.count; k++) {
        struct bcd_writer *writer = document->writers.items[k];

        if (writer->components.count && n++ == i)
            found = writer;
    }
    if (ret_n)
        *ret_n = n;
    return found;
}

HRESULT backup_components_GetWriterComponentsCount(backup_face *face, UINT *ret)
{
    GUARD_OUT(IVssBackupComponents_GetWriterComponentsCount, ret);
    struct backup_components *bc = backup_components_of(face);

    if (!ret)
        return E_INVALIDARG;
    sched_enter(bc->sched);
    HRESULT hr = backup_enter(bc->backup, CALL_GET_WRITER_COMPONENTS);
    if (SUCCEEDED(hr))
        nth_writer(bc->backup->document, 0, ret);
    sched_leave(bc->sched);
    return hr;
}

HRESULT backup_components_GetWriterComponents(backup_face *face, UINT i,
                                              IVssWriterComponentsExt **ret)
{
    GUARD_OUT(IVssBackupComponents_GetWriterComponents, ret);
    struct backup_components *bc = backup_components_of(face);

    if (!ret)
        return E_INVALIDARG;
    sched_enter(bc->sched);
    HRESULT hr = backup_enter(bc->backup, CALL_GET_WRITER_COMPONENTS);
    struct bcd_writer *writer = SUCCEEDED(hr) ? nth_writer(bc->backup->document, i, NULL) : NULL;
    if (SUCCEEDED(hr) && !writer)
        hr = VSS_E_OBJECT_NOT_FOUND;
    if (SUCCEEDED(hr)) {
        enum components_access access =
            is_restore(bc->backup) ? COMPONENTS_REQUESTER_RESTORE : COMPONENTS_REQUESTER_BACKUP;
        struct components_lease *lease = components_lease_new(access, bc->sched);

        array_add(&bc->leases, lease);
        writer_components_ext_new(lease, writer, ret);
    }
    sched_leave(bc->sched);
    return hr;
}

HRESULT backup_components_GetWriterMetadataCount(backup_face *face, UINT *ret)
{
    GUARD_OUT(IVssBackupComponents_GetWriterMetadataCount, ret);
    struct backup_components *bc = backup_components_of(face);

    if (!ret)
        return E_INVALIDARG;
    sched_enter(bc->sched);
    HRESULT hr = backup_enter(bc->backup, CALL_GET_WRITER_METADATA);
    if (SUCCEEDED(hr))
        *ret = (UINT)bc->backup->metadata.count;
    sched_leave(bc->sched);
    return hr;
}

/* Learn: "IVssBackupComponents::GetWriterMetadata": the detail is in the event log. */
static void tell_damaged(struct service *service, const struct wmd *wmd)
{
    event_log_write(service, EVENT_WRITER_DOCUMENT, VSS_E_INVALID_XML_DOCUMENT, wmd->name,
                    "Gathering Writer Data");
}

HRESULT backup_components_GetWriterMetadata(backup_face *face, UINT i, VSS_ID *ret_instance,
                                            IVssExamineWriterMetadata **ret)
{
    GUARD_OUT(IVssBackupComponents_GetWriterMetadata, ret);
    struct backup_components *bc = backup_components_of(face);

    if (!ret_instance || !ret)
        return E_INVALIDARG;
    sched_enter(bc->sched);
    HRESULT hr = backup_enter(bc->backup, CALL_GET_WRITER_METADATA);
    if (SUCCEEDED(hr) && i >= bc->backup->metadata.count)
        hr = VSS_E_OBJECT_NOT_FOUND;
    if (SUCCEEDED(hr) && bc->backup->metadata.items[i]->is_damaged) {
        tell_damaged(bc->backup->service, bc->backup->metadata.items[i]);
        hr = VSS_E_INVALID_XML_DOCUMENT;
    }
    if (SUCCEEDED(hr)) {
        struct wmd *wmd = bc->backup->metadata.items[i];

        *ret_instance = wmd->instance_id;
        examine_metadata_new(wmd_ref(wmd), ret);
    }
    sched_leave(bc->sched);
    return hr;
}

HRESULT backup_components_GetWriterMetadataEx(backup_face *face, UINT i, VSS_ID *ret_instance,
                                              IVssExamineWriterMetadataEx **ret)
{
    GUARD_OUT(IVssBackupComponentsEx_GetWriterMetadataEx, ret);
    auto_release(IVssExamineWriterMetadata) *plain = NULL;

    if (!ret)
        return E_INVALIDARG;
    HRESULT hr = backup_components_GetWriterMetadata(face, i, ret_instance, &plain);
    if (FAILED(hr))
        return hr;
    return plain->lpVtbl->QueryInterface(plain, &IID_IVssExamineWriterMetadataEx, (void **)ret);
}

HRESULT backup_components_FreeWriterMetadata(backup_face *face)
{
    struct backup_components *bc = backup_components_of(face);

    sched_enter(bc->sched);
    HRESULT hr = backup_free_metadata(bc->backup);
    sched_leave(bc->sched);
    return hr;
}

HRESULT backup_components_GetWriterStatusCount(backup_face *face, UINT *ret)
{
    GUARD_OUT(IVssBackupComponents_GetWriterStatusCount, ret);
    struct backup_components *bc = backup_components_of(face);

    if (!ret)
        return E_INVALIDARG;
    sched_enter(bc->sched);
    HRESULT hr = backup_enter(bc->backup, CALL_GET_WRITER_STATUS);
    if (SUCCEEDED(hr))
        *ret = (UINT)bc->backup->statuses.count;
    sched_leave(bc->sched);
    return hr;
}

/* S_OK says nothing about the writer. */
static HRESULT get_status(struct backup_components *bc, UINT i, VSS_ID *ret_instance,
                          VSS_ID *ret_class, BSTR *ret_name, VSS_WRITER_STATE *ret_state,
                          HRESULT *ret_failure, const struct writer_status **ret_status)
{
    HRESULT hr = backup_enter(bc->backup, CALL_GET_WRITER_STATUS);

    if (FAILED(hr))
        return hr;
    if (i >= bc->backup->statuses.count)
        return VSS_E_OBJECT_NOT_FOUND;
    const struct writer_status *status = &bc->backup->statuses.items[i];

    *ret_instance = status->instance_id;
    *ret_class = status->class_id;
    *ret_name = bstr_from_utf8(status->name);
    *ret_state = status->state;
    *ret_failure = status->failure;
    *ret_status = status;
    return S_OK;
}

/* Learn: "IVssBackupComponents::GetWriterStatus". */
HRESULT backup_components_GetWriterStatus(backup_face *face, UINT i, VSS_ID *ret_instance,
                                          VSS_ID *ret_class, BSTR *ret_name,
                                          VSS_WRITER_STATE *ret_state, HRESULT *ret_failure)
{
    GUARD(IVssBackupComponents_GetWriterStatus);
    struct backup_components *bc = backup_components_of(face);
    const struct writer_status *status;

    if (!ret_instance || !ret_class || !ret_name || !ret_state || !ret_failure)
        return E_INVALIDARG;
    *ret_name = NULL;
    sched_enter(bc->sched);
    HRESULT hr =
        get_status(bc, i, ret_instance, ret_class, ret_name, ret_state, ret_failure, &status);
    sched_leave(bc->sched);
    return hr;
}

/* Learn: "IVssBackupComponentsEx3::GetWriterStatusEx": the last two places may be missing. */
HRESULT backup_components_GetWriterStatusEx(backup_face *face, UINT i, VSS_ID *ret_instance,
                                            VSS_ID *ret_class, BSTR *ret_name,
                                            VSS_WRITER_STATE *ret_state, HRESULT *ret_failure,
                                            HRESULT *ret_application, BSTR *ret_message)
{
    GUARD(IVssBackupComponentsEx3_GetWriterStatusEx);
    struct backup_components *bc = backup_components_of(face);
    const struct writer_status *status;

    if (!ret_instance || !ret_class || !ret_name || !ret_state || !ret_failure)
        return E_INVALIDARG;
    *ret_name = NULL;
    if (ret_application)
        *ret_application = S_OK;
    if (ret_message)
        *ret_message = NULL;
    sched_enter(bc->sched);
    HRESULT hr =
        get_status(bc, i, ret_instance, ret_class, ret_name, ret_state, ret_failure, &status);
    if (SUCCEEDED(hr) && ret_application)
        *ret_application = status->application;
    if (SUCCEEDED(hr) && ret_message)
        *ret_message = text_or_null(status->message);
    sched_leave(bc->sched);
    return hr;
}

HRESULT backup_components_FreeWriterStatus(backup_face *face)
{
    GUARD(IVssBackupComponents_FreeWriterStatus);
    struct backup_components *bc = backup_components_of(face);

    sched_enter(bc->sched);
    HRESULT hr = backup_free_status(bc->backup);
    sched_leave(bc->sched);
    return hr;
}

HRESULT backup_components_SaveAsXML(backup_face *face, BSTR *ret_xml)
{
    GUARD_OUT(IVssBackupComponents_SaveAsXML, ret_xml);
    struct backup_components *bc = backup_components_of(face);

    if (!ret_xml)
        return E_INVALIDARG;
    sched_enter(bc->sched);
    HRESULT hr = backup_enter(bc->backup, CALL_SAVE_AS_XML);
    if (SUCCEEDED(hr)) {
        auto_free char *text = bcd_to_xml(bc->backup->document);

        *ret_xml = bstr_from_utf8(text);
        hr = backup_leave(bc->backup, CALL_SAVE_AS_XML, S_OK, NULL);
        if (document_hook)
            document_hook(bc->backup, text);
    }
    sched_leave(bc->sched);
    return hr;
}

HRESULT backup_components_GetSessionId(backup_face *face, VSS_ID *ret_id)
{
    struct backup_components *bc = backup_components_of(face);

    if (!ret_id)
        return E_INVALIDARG;
    sched_enter(bc->sched);
    HRESULT hr = backup_enter(bc->backup, CALL_SAVE_AS_XML);
    if (SUCCEEDED(hr))
        *ret_id = bc->backup->session_id;
    sched_leave(bc->sched);
    return hr;
}
