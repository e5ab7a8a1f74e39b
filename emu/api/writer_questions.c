/* SPDX-License-Identifier: MIT */
/* What a handler may ask and report. Outside the handlers where the documentation allows it
 * (emu/proto/writer_calls) a call answers VSS_E_BAD_STATE or, where it has no error to give, the
 * neutral value: zero, NULL or false. */
#include "emu/api/writer_adapter_i.h"

#include "emu/api/guard.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/port/volume.h"
#include "emu/proto/writer_calls.h"

#include <string.h>

static bool may(struct vssemu_writer *w, enum writer_call call)
{
    return w && w->current && writer_calls_allow(call, w->current->delivery->event);
}

/* The handler that runs, if the call is allowed in it; else one that knows nothing. */
static const struct handler_call *call_for(struct vssemu_writer *w, enum writer_call call)
{
    static const struct handler_call none;

    if (may(w, call))
        return w->current;
    if (w)
        writer_watch_asks(&w->watch, w->current ? w->current->delivery : NULL,
                          writer_call_name(call));
    return &none;
}

/* Learn: "Writers": some calls belong to the thread that entered the handler. */
static bool is_handlers_thread(struct vssemu_writer *w)
{
    return w->current->thread == writer_call_this_thread();
}

/* ---- the session and the backup ---- */

/* Learn: "CVssWriterEx2::GetSessionId". */
HRESULT vssemu_writer_session_id(struct vssemu_writer *w, VSS_ID *ret_id)
{
    if (!w || !ret_id)
        return E_INVALIDARG;
    *ret_id = GUID_NULL;
    if (!may(w, ASK_GET_SESSION_ID) || !is_handlers_thread(w))
        return VSS_E_BAD_STATE;
    *ret_id = w->current->info.session_id;
    return S_OK;
}

VSS_ID vssemu_writer_snapshot_set_id(struct vssemu_writer *w)
{
    return call_for(w, ASK_GET_CURRENT_SNAPSHOT_SET_ID)->info.snapshot_set_id;
}

LONG vssemu_writer_context(struct vssemu_writer *w)
{
    return call_for(w, ASK_GET_CONTEXT)->info.context;
}

VSS_APPLICATION_LEVEL vssemu_writer_level(struct vssemu_writer *w)
{
    return w && w->writer ? w->writer->level : VSS_APP_UNKNOWN;
}

VSS_BACKUP_TYPE vssemu_writer_backup_type(struct vssemu_writer *w)
{
    return call_for(w, ASK_GET_BACKUP_TYPE)->info.backup_type;
}

VSS_RESTORE_TYPE vssemu_writer_restore_type(struct vssemu_writer *w)
{
    return call_for(w, ASK_GET_RESTORE_TYPE)->info.restore_type;
}

bool vssemu_writer_are_components_selected(struct vssemu_writer *w)
{
    return call_for(w, ASK_GET_BACKUP_STATE)->info.components_selected;
}

bool vssemu_writer_is_bootable_state_backed_up(struct vssemu_writer *w)
{
    return call_for(w, ASK_GET_BACKUP_STATE)->info.bootable_state;
}

bool vssemu_writer_is_partial_file_support_enabled(struct vssemu_writer *w)
{
    return call_for(w, ASK_GET_BACKUP_STATE)->info.partial_files;
}

/* Learn: "CVssWriterEx2::IsWriterShuttingDown". Also outside handlers. */
bool vssemu_writer_is_shutting_down(struct vssemu_writer *w)
{
    return w && atomic_load(&w->is_stopping);
}

/* Learn: "CVssWriterEx::GetIdentifyInformation". VSS keeps the reference. */
HRESULT vssemu_writer_identify_information(struct vssemu_writer *w, IVssExamineWriterMetadata **ret)
{
    GUARD(CVssWriterEx_GetIdentifyInformation);
    if (!w || !ret)
        return E_INVALIDARG;
    *ret = call_for(w, ASK_GET_IDENTIFY_INFORMATION)->identify_information;
    return *ret ? S_OK : VSS_E_BAD_STATE;
}

/* ---- volumes ---- */

UINT vssemu_writer_volume_count(struct vssemu_writer *w)
{
    return (UINT)call_for(w, ASK_GET_CURRENT_VOLUMES)->info.n_volumes;
}

const WCHAR *const *vssemu_writer_volumes(struct vssemu_writer *w)
{
    return (const WCHAR *const *)call_for(w, ASK_GET_CURRENT_VOLUMES)->volumes;
}

static struct volume *volume_of_path(struct vssemu_writer *w, const WCHAR *path)
{
    auto_free char *text = utf8_from_wide(path);

    size_t length;
    if (!text)
        return NULL;
    struct volume *mounted = service_mounted_at(w->service, text, &length);
    if (mounted)
        return mounted;
    if (text[0] && text[1] == ':') {
        const char root[] = { text[0], ':', '\\', 0 };

        return service_find_volume(w->service, root);
    }
    char *end = strstr(text, "}");
    if (end) {
        end[1] = '\\';
        end[2] = 0; /* "\\?\Volume{...}" is followed by a separator in every path */
    }
    return end ? service_find_volume(w->service, text) : NULL;
}

static size_t index_of_volume(const struct handler_call *call, const struct volume *volume)
{
    for (size_t i = 0; volume && i < call->info.n_volumes; i++) {
        auto_free char *name = utf8_from_wide(call->volumes[i]);

        if (strcmp(name, volume->guid_name) == 0)
            return i;
    }
    return SIZE_MAX;
}

/* Learn: "CVssWriter::GetSnapshotDeviceName". */
HRESULT vssemu_writer_snapshot_device(struct vssemu_writer *w, const WCHAR *original_volume,
                                      const WCHAR **ret_device)
{
    if (!w || !original_volume || !ret_device)
        return E_INVALIDARG;
    *ret_device = NULL;
    const struct handler_call *call = call_for(w, ASK_GET_SNAPSHOT_DEVICE_NAME);

    if (!call->devices)
        return VSS_E_BAD_STATE;
    auto_free char *name = utf8_from_wide(original_volume);
    size_t i = index_of_volume(call, service_find_volume(w->service, name));

    if (i == SIZE_MAX)
        return VSS_E_OBJECT_NOT_FOUND;
    *ret_device = call->devices[i];
    return S_OK;
}

bool vssemu_writer_is_path_affected(struct vssemu_writer *w, const WCHAR *path)
{
    const struct handler_call *call = call_for(w, ASK_IS_PATH_AFFECTED);

    return call->volumes && index_of_volume(call, volume_of_path(w, path)) != SIZE_MAX;
}

/* ---- failures ---- */

static bool is_writer_error(HRESULT hr)
{
    switch (hr) {
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

static HRESULT report(struct vssemu_writer *w, HRESULT failure, HRESULT application,
                      const WCHAR *message)
{
    if (w->current && w->current->delivery->event == ON_IDENTIFY)
        writer_watch_broke(&w->watch, FINDING_FAILURE_IN_IDENTIFY, "SetWriterFailure");
    if (!may(w, ASK_SET_WRITER_FAILURE) || !is_handlers_thread(w))
        return VSS_E_BAD_STATE;
    struct handler_call *call = w->current;

    call->has_report = true;
    call->failure = failure;
    call->application = application;
    free(call->message);
    call->message = utf8_from_wide(message);
    return S_OK;
}

/* Learn: "CVssWriter::SetWriterFailure": five codes. Others: E_INVALIDARG, our choice. */
HRESULT vssemu_writer_set_failure(struct vssemu_writer *w, HRESULT failure)
{
    if (!w || !is_writer_error(failure))
        return E_INVALIDARG;
    return report(w, failure, S_OK, NULL);
}

/* Learn: "CVssWriterEx2::SetWriterFailureEx": two codes more. */
HRESULT vssemu_writer_set_failure_ex(struct vssemu_writer *w, HRESULT failure, HRESULT application,
                                     const WCHAR *message)
{
    if (!w || (!is_writer_error(failure) && failure != S_OK &&
               failure != VSS_E_WRITERERROR_PARTIAL_FAILURE))
        return E_INVALIDARG;
    return report(w, failure, application, message);
}
