/* SPDX-License-Identifier: MIT */
/* IVssWriterImpl: a writer of vssemu_writer.h as the interface through which the classes of Windows
 * reach the service. Learn: "CreateWriterEx": reserved; programs have no need of it. */
#include "emu/api/writer_adapter_i.h"

#include "emu/com/object.h"

struct writer_impl {
    struct com_object com;
    IVssWriterImpl IVssWriterImpl;
    struct vssemu_writer *writer; /* a reference */
};

COM_UNKNOWN_METHODS(writer_impl, IVssWriterImpl)

static struct vssemu_writer *writer_of(IVssWriterImpl *face)
{
    return writer_impl_from_IVssWriterImpl(face)->writer;
}

static HRESULT writer_impl_Initialize(IVssWriterImpl *face, VSS_ID writer_id, LPCWSTR name,
                                      LPCWSTR instance_name, DWORD major, DWORD minor,
                                      VSS_USAGE_TYPE usage, VSS_SOURCE_TYPE source,
                                      VSS_APPLICATION_LEVEL level, DWORD timeout_ms,
                                      VSS_ALTERNATE_WRITER_STATE alternate, boolean throttling_only)
{
    (void)throttling_only; /* reserved */
    return vssemu_writer_initialize_ex(writer_of(face), &(struct vssemu_writer_identity){
                                                            .writer_id = writer_id,
                                                            .name = name,
                                                            .usage = usage,
                                                            .source = source,
                                                            .level = level,
                                                            .freeze_timeout_ms = timeout_ms,
                                                            .alternate = alternate,
                                                            .instance_name = instance_name,
                                                            .major_version = major,
                                                            .minor_version = minor,
                                                        });
}

static HRESULT writer_impl_Subscribe(IVssWriterImpl *face, DWORD timeout_ms, DWORD event_mask)
{
    return vssemu_writer_subscribe_ex(writer_of(face), timeout_ms, event_mask);
}

static HRESULT writer_impl_Unsubscribe(IVssWriterImpl *face)
{
    return vssemu_writer_unsubscribe(writer_of(face));
}

static void writer_impl_Uninitialize(IVssWriterImpl *face)
{
    (void)face; /* what Initialize made goes with the writer */
}

static LPCWSTR *writer_impl_GetCurrentVolumeArray(IVssWriterImpl *face)
{
    return (LPCWSTR *)vssemu_writer_volumes(writer_of(face));
}

static UINT writer_impl_GetCurrentVolumeCount(IVssWriterImpl *face)
{
    return vssemu_writer_volume_count(writer_of(face));
}

static HRESULT writer_impl_GetSnapshotDeviceName(IVssWriterImpl *face, LPCWSTR original_volume,
                                                 LPCWSTR *ret_device)
{
    return vssemu_writer_snapshot_device(writer_of(face), original_volume, ret_device);
}

static VSS_ID *writer_impl_GetCurrentSnapshotSetId(IVssWriterImpl *face, VSS_ID *ret)
{
    *ret = vssemu_writer_snapshot_set_id(writer_of(face));
    return ret;
}

static LONG writer_impl_GetContext(IVssWriterImpl *face)
{
    return vssemu_writer_context(writer_of(face));
}

static VSS_APPLICATION_LEVEL writer_impl_GetCurrentLevel(IVssWriterImpl *face)
{
    return vssemu_writer_level(writer_of(face));
}

static boolean writer_impl_IsPathAffected(IVssWriterImpl *face, LPCWSTR path)
{
    return vssemu_writer_is_path_affected(writer_of(face), path);
}

static boolean writer_impl_IsBootableSystemStateBackedUp(IVssWriterImpl *face)
{
    return vssemu_writer_is_bootable_state_backed_up(writer_of(face));
}

static boolean writer_impl_AreComponentsSelected(IVssWriterImpl *face)
{
    return vssemu_writer_are_components_selected(writer_of(face));
}

static VSS_BACKUP_TYPE writer_impl_GetBackupType(IVssWriterImpl *face)
{
    return vssemu_writer_backup_type(writer_of(face));
}

static VSS_RESTORE_TYPE writer_impl_GetRestoreType(IVssWriterImpl *face)
{
    return vssemu_writer_restore_type(writer_of(face));
}

static HRESULT writer_impl_SetWriterFailure(IVssWriterImpl *face, HRESULT failure)
{
    return vssemu_writer_set_failure(writer_of(face), failure);
}

static boolean writer_impl_IsPartialFileSupportEnabled(IVssWriterImpl *face)
{
    return vssemu_writer_is_partial_file_support_enabled(writer_of(face));
}

/* "Not supported": Learn, "CVssWriter::InstallAlternateWriter". Unsure: the code. */
static HRESULT writer_impl_InstallAlternateWriter(IVssWriterImpl *face, VSS_ID writer_id,
                                                  CLSID class_id)
{
    (void)face, (void)writer_id, (void)class_id;
    return E_NOTIMPL;
}

static IVssExamineWriterMetadata *writer_impl_GetIdentityInformation(IVssWriterImpl *face)
{
    IVssExamineWriterMetadata *metadata = NULL;

    vssemu_writer_identify_information(writer_of(face), &metadata);
    return metadata;
}

static HRESULT writer_impl_SetWriterFailureEx(IVssWriterImpl *face, HRESULT failure,
                                              HRESULT application, LPCWSTR message)
{
    return vssemu_writer_set_failure_ex(writer_of(face), failure, application, message);
}

static HRESULT writer_impl_GetSessionId(IVssWriterImpl *face, VSS_ID *ret_id)
{
    return vssemu_writer_session_id(writer_of(face), ret_id);
}

static boolean writer_impl_IsWriterShuttingDown(IVssWriterImpl *face)
{
    return vssemu_writer_is_shutting_down(writer_of(face));
}

static void writer_impl_destroy(void *object)
{
    writer_adapter_unref(((struct writer_impl *)object)->writer);
}

#define SLOT(method) .method = writer_impl_##method

static const IVssWriterImplVtbl writer_impl_vtbl = {
    COM_UNKNOWN_SLOTS(writer_impl, IVssWriterImpl),
    SLOT(Initialize),
    SLOT(Subscribe),
    SLOT(Unsubscribe),
    SLOT(Uninitialize),
    SLOT(GetCurrentVolumeArray),
    SLOT(GetCurrentVolumeCount),
    SLOT(GetSnapshotDeviceName),
    SLOT(GetCurrentSnapshotSetId),
    SLOT(GetContext),
    SLOT(GetCurrentLevel),
    SLOT(IsPathAffected),
    SLOT(IsBootableSystemStateBackedUp),
    SLOT(AreComponentsSelected),
    SLOT(GetBackupType),
    SLOT(GetRestoreType),
    SLOT(SetWriterFailure),
    SLOT(IsPartialFileSupportEnabled),
    SLOT(InstallAlternateWriter),
    SLOT(GetIdentityInformation),
    SLOT(SetWriterFailureEx),
    SLOT(GetSessionId),
    SLOT(IsWriterShuttingDown),
};

COM_CLASS(writer_impl, writer_impl_destroy, COM_FACE(writer_impl, IVssWriterImpl));

HRESULT vssemu_writer_impl(struct vssemu_writer *w, IVssWriterImpl **ret)
{
    if (!w || !ret)
        return E_INVALIDARG;
    struct writer_impl *impl = COM_NEW(writer_impl);

    atomic_fetch_add(&w->n_references, 1);
    impl->writer = w;
    impl->IVssWriterImpl.lpVtbl = &writer_impl_vtbl;
    *ret = &impl->IVssWriterImpl;
    return S_OK;
}
