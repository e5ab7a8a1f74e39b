/* SPDX-License-Identifier: MIT */
/* PUBLIC. A writer in C: CVssWriter as a table of callbacks. The C++ class CVssWriter (vswriter.h
 * as the compile drivers see it) is a thin shell over exactly this; simulated writers use it too.
 *
 * Each callback has the meaning, the time limits and the permitted calls of the method of the
 * same name (Learn: "CVssWriter class"). A NULL callback behaves as the base class's method: it
 * returns true and does nothing. self is the pointer given to vssemu_writer_new. Callbacks run on
 * a thread of the writer's own, one at a time, except for writers made with VSSEMU_WRITER_INLINE,
 * which run inside the service and must neither wait nor call the requester API. */
#pragma once

#ifdef VSSEMU_FORCED /* compiled by the drivers: their headers */
#include <vsbackup.h>
#include <vswriter.h>
#else
#include "emu/include/vsbackup.h"
#include "emu/include/vswriter.h"
#endif

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vssemu_writer;

#define VSSEMU_WRITER_INLINE 1u

struct vssemu_writer_ops {
    /* OnIdentify and OnIdentifyEx: metadata may be cast to IVssCreateWriterMetadataEx. */
    bool (*OnIdentify)(void *self, IVssCreateWriterMetadata *metadata);
    bool (*OnPrepareBackup)(void *self, IVssWriterComponents *components);
    bool (*OnPrepareSnapshot)(void *self);
    bool (*OnFreeze)(void *self);
    bool (*OnThaw)(void *self);
    bool (*OnAbort)(void *self);
    bool (*OnPostSnapshot)(void *self, IVssWriterComponents *components);
    bool (*OnBackupComplete)(void *self, IVssWriterComponents *components);
    bool (*OnBackupShutdown)(void *self, VSS_ID snapshot_set_id);
    bool (*OnPreRestore)(void *self, IVssWriterComponents *components);
    bool (*OnPostRestore)(void *self, IVssWriterComponents *components);
};

/* What Initialize and InitializeEx take. vssemu_writer_identity_init() fills in the documented
 * defaults (Learn: "CVssWriter::Initialize"). Strings are copied. */
struct vssemu_writer_identity {
    VSS_ID writer_id;
    const WCHAR *name;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    VSS_APPLICATION_LEVEL level;          /* default VSS_APP_FRONT_END */
    DWORD freeze_timeout_ms;              /* default 60000; 0 is E_INVALIDARG */
    VSS_ALTERNATE_WRITER_STATE alternate; /* only VSS_AWS_NO_ALTERNATE_WRITER */
    const WCHAR *instance_name;           /* NULL: none */
    DWORD major_version, minor_version;
};
void vssemu_writer_identity_init(struct vssemu_writer_identity *identity);

/* ops and self stay the caller's and must outlive the writer. Never NULL. */
struct vssemu_writer *vssemu_writer_new(const struct vssemu_writer_ops *ops, void *self,
                                        unsigned flags);
/* Unsubscribes if need be; waits for a callback that runs (unless called from one). */
void vssemu_writer_free(struct vssemu_writer *writer);
/* The same for a writer's object that is destroyed (Learn: "CVssWriter::Unsubscribe": it must have
 * unsubscribed before), and word of an exception that left one of its handlers ("OnFreeze"; Learn:
 * "Writers": none may): both are findings. */
void vssemu_writer_destroyed(struct vssemu_writer *writer);
void vssemu_writer_exception_left(struct vssemu_writer *writer, const char *handler);

/* Learn: "CVssWriter::Initialize", "CVssWriter::Subscribe", "CVssWriter::Unsubscribe"; _ex: the
 * same as CVssWriterEx has them. timeout_ms may be anything: subscribing takes no time. */
HRESULT vssemu_writer_initialize(struct vssemu_writer *writer,
                                 const struct vssemu_writer_identity *identity);
HRESULT vssemu_writer_initialize_ex(struct vssemu_writer *writer,
                                    const struct vssemu_writer_identity *identity);
HRESULT vssemu_writer_subscribe(struct vssemu_writer *writer, DWORD timeout_ms, DWORD event_mask);
HRESULT vssemu_writer_subscribe_ex(struct vssemu_writer *writer, DWORD timeout_ms,
                                   DWORD event_mask);
HRESULT vssemu_writer_unsubscribe(struct vssemu_writer *writer);

/* What a handler may ask; outside its documented handlers the value is unpredictable, as on
 * Windows (here: zero, NULL or false). Strings and arrays belong to the writer and are valid until
 * the handler returns. */
VSS_ID vssemu_writer_snapshot_set_id(struct vssemu_writer *writer);
UINT vssemu_writer_volume_count(struct vssemu_writer *writer);
const WCHAR *const *vssemu_writer_volumes(struct vssemu_writer *writer);
/* VSS_E_OBJECT_NOT_FOUND when the volume is not in the set; VSS_E_BAD_STATE outside
 * OnPostSnapshot. */
HRESULT vssemu_writer_snapshot_device(struct vssemu_writer *writer, const WCHAR *original_volume,
                                      const WCHAR **ret_device);
/* Environment variables are the caller's to expand (the class does). */
bool vssemu_writer_is_path_affected(struct vssemu_writer *writer, const WCHAR *path);
LONG vssemu_writer_context(struct vssemu_writer *writer);
VSS_APPLICATION_LEVEL vssemu_writer_level(struct vssemu_writer *writer);
VSS_BACKUP_TYPE vssemu_writer_backup_type(struct vssemu_writer *writer);
VSS_RESTORE_TYPE vssemu_writer_restore_type(struct vssemu_writer *writer);
bool vssemu_writer_are_components_selected(struct vssemu_writer *writer);
bool vssemu_writer_is_bootable_state_backed_up(struct vssemu_writer *writer);
bool vssemu_writer_is_partial_file_support_enabled(struct vssemu_writer *writer);

/* The metadata that the writer gave at Identify, in PrepareForBackup, PrepareForSnapshot and
 * PostSnapshot, else VSS_E_BAD_STATE. VSS keeps the reference (Learn:
 * "CVssWriterEx::GetIdentifyInformation"). */
HRESULT vssemu_writer_identify_information(struct vssemu_writer *writer,
                                           IVssExamineWriterMetadata **ret);
/* Whether somebody has called Unsubscribe and waits for the handler; from any thread, any time
 * (Learn: "CVssWriterEx2::IsWriterShuttingDown"). */
bool vssemu_writer_is_shutting_down(struct vssemu_writer *writer);

/* The next three belong to the thread that entered the handler: from another one, and outside any
 * handler, VSS_E_BAD_STATE (Learn: "Writers"). */

/* Learn: "CVssWriterEx2::GetSessionId". In any handler. */
HRESULT vssemu_writer_session_id(struct vssemu_writer *writer, VSS_ID *ret_id);
/* Learn: "CVssWriter::SetWriterFailure". Only the codes listed there; others are E_INVALIDARG. In
 * any handler but OnIdentify. */
HRESULT vssemu_writer_set_failure(struct vssemu_writer *writer, HRESULT failure);
/* Learn: "CVssWriterEx2::SetWriterFailureEx": S_OK and VSS_E_WRITERERROR_PARTIAL_FAILURE, too.
 * message is copied; NULL: none. */
HRESULT vssemu_writer_set_failure_ex(struct vssemu_writer *writer, HRESULT failure,
                                     HRESULT application, const WCHAR *message);

/* The writer as the interface that CreateWriter gives (reserved for the system on Windows). The
 * caller releases it; it may outlive the writer, and does nothing then. */
HRESULT vssemu_writer_impl(struct vssemu_writer *writer, IVssWriterImpl **ret);

#ifdef __cplusplus
}
#endif
