/* SPDX-License-Identifier: MIT */
/* CVssWriter, CVssWriterEx and CVssWriterEx2 as vswriter.h of Windows declares them: what a writer
 * in C++ derives from. Included by vswriter.h. The classes are shells: they live in the program's
 * own object files altogether, and what crosses to libvssapi is the C interface of vssemu_writer.h,
 * a table of functions that call the virtual methods. So the two sides need not agree on how a
 * compiler lays out classes.
 *
 * Learn: "CVssWriter class", "CVssWriterEx class", "CVssWriterEx2 class" (vswriter.h) and their
 * members. */
#pragma once

#include <cxxabi.h>
#include <stdio.h>

#include <vssemu_writer.h>

class CVssWriter;
class CVssWriterEx;
/* Reserved for the system on Windows: the writer as the interface through which it reaches the
 * service. The caller releases it. */
static inline HRESULT STDAPICALLTYPE CreateWriter(CVssWriter *pWriter, IVssWriterImpl **ppImpl);
static inline HRESULT STDAPICALLTYPE CreateWriterEx(CVssWriterEx *pWriter, IVssWriterImpl **ppImpl);

class CVssWriter
{
  public:
    STDMETHODCALLTYPE CVssWriter() : vssemu_writer_(vssemu_writer_new(vssemu_ops_(), this, 0)) {}
    virtual STDMETHODCALLTYPE ~CVssWriter() { vssemu_writer_destroyed(vssemu_writer_); }
    CVssWriter(const CVssWriter &) = delete;
    CVssWriter &operator=(const CVssWriter &) = delete;

    HRESULT STDMETHODCALLTYPE
    Initialize(VSS_ID WriterId, LPCWSTR wszWriterName, VSS_USAGE_TYPE ut, VSS_SOURCE_TYPE st,
               VSS_APPLICATION_LEVEL nLevel = VSS_APP_FRONT_END, DWORD dwTimeoutFreeze = 60000,
               VSS_ALTERNATE_WRITER_STATE aws = VSS_AWS_NO_ALTERNATE_WRITER,
               bool bIOThrottlingOnly = false, LPCWSTR wszWriterInstanceName = NULL)
    {
        const vssemu_writer_identity identity =
            vssemu_identity_(WriterId, wszWriterName, 0, 0, ut, st, nLevel, dwTimeoutFreeze, aws,
                             bIOThrottlingOnly, wszWriterInstanceName);
        return vssemu_writer_initialize(vssemu_writer_, &identity);
    }

    HRESULT STDMETHODCALLTYPE Subscribe(DWORD dwEventFlags = VSS_SM_BACKUP_EVENTS_FLAG |
                                                             VSS_SM_RESTORE_EVENTS_FLAG)
    {
        return vssemu_writer_subscribe(vssemu_writer_, INFINITE, dwEventFlags);
    }

    HRESULT STDMETHODCALLTYPE Unsubscribe() { return vssemu_writer_unsubscribe(vssemu_writer_); }

    /* Documented as not supported. */
    HRESULT STDMETHODCALLTYPE InstallAlternateWriter(VSS_ID WriterId, CLSID ClsId)
    {
        (void)WriterId, (void)ClsId;
        return E_NOTIMPL;
    }

    virtual bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *pMetadata)
    {
        (void)pMetadata;
        return true;
    }
    virtual bool STDMETHODCALLTYPE OnPrepareBackup(IVssWriterComponents *pComponent)
    {
        (void)pComponent;
        return true;
    }
    virtual bool STDMETHODCALLTYPE OnPrepareSnapshot() = 0;
    virtual bool STDMETHODCALLTYPE OnFreeze() = 0;
    virtual bool STDMETHODCALLTYPE OnThaw() = 0;
    virtual bool STDMETHODCALLTYPE OnAbort() = 0;
    virtual bool STDMETHODCALLTYPE OnBackupComplete(IVssWriterComponents *pComponent)
    {
        (void)pComponent;
        return true;
    }
    virtual bool STDMETHODCALLTYPE OnBackupShutdown(VSS_ID SnapshotSetId)
    {
        (void)SnapshotSetId;
        return true;
    }
    virtual bool STDMETHODCALLTYPE OnPreRestore(IVssWriterComponents *pComponent)
    {
        (void)pComponent;
        return true;
    }
    virtual bool STDMETHODCALLTYPE OnPostRestore(IVssWriterComponents *pComponent)
    {
        (void)pComponent;
        return true;
    }
    virtual bool STDMETHODCALLTYPE OnPostSnapshot(IVssWriterComponents *pComponent)
    {
        (void)pComponent;
        return true;
    }
    /* Documented as not supported; Windows never calls them and neither does this. */
    virtual bool STDMETHODCALLTYPE OnBackOffIOOnVolume(VSS_PWSZ wszVolumeName, VSS_ID snapshotId,
                                                       VSS_ID providerId)
    {
        (void)wszVolumeName, (void)snapshotId, (void)providerId;
        return true;
    }
    virtual bool STDMETHODCALLTYPE OnContinueIOOnVolume(VSS_PWSZ wszVolumeName, VSS_ID snapshotId,
                                                        VSS_ID providerId)
    {
        (void)wszVolumeName, (void)snapshotId, (void)providerId;
        return true;
    }
    virtual bool STDMETHODCALLTYPE OnVSSShutdown() { return true; }
    virtual bool STDMETHODCALLTYPE OnVSSApplicationStartup() { return true; }

  protected:
    LPCWSTR *STDMETHODCALLTYPE GetCurrentVolumeArray() const
    {
        return const_cast<LPCWSTR *>(vssemu_writer_volumes(vssemu_writer_));
    }
    UINT STDMETHODCALLTYPE GetCurrentVolumeCount() const
    {
        return vssemu_writer_volume_count(vssemu_writer_);
    }
    HRESULT STDMETHODCALLTYPE GetSnapshotDeviceName(LPCWSTR wszOriginalVolume,
                                                    LPCWSTR *ppwszSnapshotDevice) const
    {
        return vssemu_writer_snapshot_device(vssemu_writer_, wszOriginalVolume,
                                             ppwszSnapshotDevice);
    }
    VSS_ID STDMETHODCALLTYPE GetCurrentSnapshotSetId() const
    {
        return vssemu_writer_snapshot_set_id(vssemu_writer_);
    }
    LONG STDMETHODCALLTYPE GetContext() const { return vssemu_writer_context(vssemu_writer_); }
    VSS_APPLICATION_LEVEL STDMETHODCALLTYPE GetCurrentLevel() const
    {
        return vssemu_writer_level(vssemu_writer_);
    }
    bool STDMETHODCALLTYPE IsPathAffected(LPCWSTR wszPath) const
    {
        WCHAR path[1024]; /* a path may hold environment variables */
        const DWORD n = wszPath ? ExpandEnvironmentStringsW(wszPath, path, 1024) : 0;
        return vssemu_writer_is_path_affected(vssemu_writer_, n && n <= 1024 ? path : wszPath);
    }
    bool STDMETHODCALLTYPE IsBootableSystemStateBackedUp() const
    {
        return vssemu_writer_is_bootable_state_backed_up(vssemu_writer_);
    }
    bool STDMETHODCALLTYPE AreComponentsSelected() const
    {
        return vssemu_writer_are_components_selected(vssemu_writer_);
    }
    VSS_BACKUP_TYPE STDMETHODCALLTYPE GetBackupType() const
    {
        return vssemu_writer_backup_type(vssemu_writer_);
    }
    VSS_RESTORE_TYPE STDMETHODCALLTYPE GetRestoreType() const
    {
        return vssemu_writer_restore_type(vssemu_writer_);
    }
    HRESULT STDMETHODCALLTYPE SetWriterFailure(HRESULT hr)
    {
        return vssemu_writer_set_failure(vssemu_writer_, hr);
    }
    bool STDMETHODCALLTYPE IsPartialFileSupportEnabled() const
    {
        return vssemu_writer_is_partial_file_support_enabled(vssemu_writer_);
    }

  private:
    friend class CVssWriterEx;
    friend class CVssWriterEx2;

    friend HRESULT STDAPICALLTYPE CreateWriter(CVssWriter *pWriter, IVssWriterImpl **ppImpl);
    friend HRESULT STDAPICALLTYPE CreateWriterEx(CVssWriterEx *pWriter, IVssWriterImpl **ppImpl);

    static vssemu_writer_identity
    vssemu_identity_(const VSS_ID &id, LPCWSTR name, DWORD major, DWORD minor, VSS_USAGE_TYPE usage,
                     VSS_SOURCE_TYPE source, VSS_APPLICATION_LEVEL level, DWORD freeze_timeout_ms,
                     VSS_ALTERNATE_WRITER_STATE alternate, bool /* reserved */,
                     LPCWSTR instance_name)
    {
        vssemu_writer_identity identity;
        vssemu_writer_identity_init(&identity);
        identity.writer_id = id;
        identity.name = name;
        identity.usage = usage;
        identity.source = source;
        identity.level = level;
        identity.freeze_timeout_ms = freeze_timeout_ms;
        identity.alternate = alternate;
        identity.instance_name = instance_name;
        identity.major_version = major;
        identity.minor_version = minor;
        return identity;
    }

    /* OnIdentify, or OnIdentifyEx of the classes that have it. */
    virtual bool vssemu_identify_(IVssCreateWriterMetadata *metadata)
    {
        return OnIdentify(metadata);
    }

    /* Learn: "Writers": no exception may leave a handler. Here it is a veto that tells why; the end
     * of a thread, which passes as an exception too, goes on. */
    template <typename Handler>
    static bool vssemu_guard_(void *self, const char *name, bool may_set_failure, Handler handler)
    {
        CVssWriter *writer = static_cast<CVssWriter *>(self);
        try {
            return handler(writer);
        } catch (abi::__forced_unwind &) {
            throw;
        } catch (const std::exception &e) {
            fprintf(stderr, "vssemu: an exception left %s (%s): taken as a veto\n", name, e.what());
        } catch (...) {
            fprintf(stderr, "vssemu: an exception left %s: taken as a veto\n", name);
        }
        vssemu_writer_exception_left(writer->vssemu_writer_, name);
        if (may_set_failure)
            writer->SetWriterFailure(VSS_E_WRITERERROR_NONRETRYABLE);
        return false;
    }

    static bool vssemu_on_identify_(void *self, IVssCreateWriterMetadata *metadata)
    {
        return vssemu_guard_(self, "OnIdentify", false,
                             [=](CVssWriter *w) { return w->vssemu_identify_(metadata); });
    }

#define VSSEMU_HANDLER_(method)                                                               \
    static bool vssemu_##method##_(void *self)                                                \
    {                                                                                         \
        return vssemu_guard_(self, #method, true, [](CVssWriter *w) { return w->method(); }); \
    }
#define VSSEMU_HANDLER_WITH_(method, type)                                        \
    static bool vssemu_##method##_(void *self, type argument)                     \
    {                                                                             \
        return vssemu_guard_(self, #method, true,                                 \
                             [=](CVssWriter *w) { return w->method(argument); }); \
    }
    VSSEMU_HANDLER_WITH_(OnPrepareBackup, IVssWriterComponents *)
    VSSEMU_HANDLER_(OnPrepareSnapshot)
    VSSEMU_HANDLER_(OnFreeze)
    VSSEMU_HANDLER_(OnThaw)
    VSSEMU_HANDLER_(OnAbort)
    VSSEMU_HANDLER_WITH_(OnPostSnapshot, IVssWriterComponents *)
    VSSEMU_HANDLER_WITH_(OnBackupComplete, IVssWriterComponents *)
    VSSEMU_HANDLER_WITH_(OnBackupShutdown, VSS_ID)
    VSSEMU_HANDLER_WITH_(OnPreRestore, IVssWriterComponents *)
    VSSEMU_HANDLER_WITH_(OnPostRestore, IVssWriterComponents *)
#undef VSSEMU_HANDLER_
#undef VSSEMU_HANDLER_WITH_

    static const vssemu_writer_ops *vssemu_ops_()
    {
        static const vssemu_writer_ops ops = {
            .OnIdentify = vssemu_on_identify_,
            .OnPrepareBackup = vssemu_OnPrepareBackup_,
            .OnPrepareSnapshot = vssemu_OnPrepareSnapshot_,
            .OnFreeze = vssemu_OnFreeze_,
            .OnThaw = vssemu_OnThaw_,
            .OnAbort = vssemu_OnAbort_,
            .OnPostSnapshot = vssemu_OnPostSnapshot_,
            .OnBackupComplete = vssemu_OnBackupComplete_,
            .OnBackupShutdown = vssemu_OnBackupShutdown_,
            .OnPreRestore = vssemu_OnPreRestore_,
            .OnPostRestore = vssemu_OnPostRestore_,
        };
        return &ops;
    }

    struct vssemu_writer *const vssemu_writer_; /* owned */
};

class CVssWriterEx : public CVssWriter
{
  public:
    HRESULT STDMETHODCALLTYPE InitializeEx(
        VSS_ID WriterId, LPCWSTR wszWriterName, DWORD dwMajorVersion, DWORD dwMinorVersion,
        VSS_USAGE_TYPE ut, VSS_SOURCE_TYPE st, VSS_APPLICATION_LEVEL nLevel = VSS_APP_FRONT_END,
        DWORD dwTimeoutFreeze = 60000, VSS_ALTERNATE_WRITER_STATE aws = VSS_AWS_NO_ALTERNATE_WRITER,
        bool bIOThrottlingOnly = false, LPCWSTR wszWriterInstanceName = NULL)
    {
        const vssemu_writer_identity identity = vssemu_identity_(
            WriterId, wszWriterName, dwMajorVersion, dwMinorVersion, ut, st, nLevel,
            dwTimeoutFreeze, aws, bIOThrottlingOnly, wszWriterInstanceName);
        return vssemu_writer_initialize_ex(vssemu_writer_, &identity);
    }

    HRESULT STDMETHODCALLTYPE SubscribeEx(DWORD dwSubscribeTimeout,
                                          DWORD dwEventFlags = VSS_SM_BACKUP_EVENTS_FLAG |
                                                               VSS_SM_RESTORE_EVENTS_FLAG)
    {
        return vssemu_writer_subscribe_ex(vssemu_writer_, dwSubscribeTimeout, dwEventFlags);
    }

    /* A class overrides this or OnIdentify. The base version is for those that chose OnIdentify. */
    virtual bool STDMETHODCALLTYPE OnIdentifyEx(IVssCreateWriterMetadataEx *pMetadata)
    {
        return OnIdentify(pMetadata);
    }

    /* VSS keeps the reference. */
    HRESULT STDMETHODCALLTYPE
    GetIdentifyInformation(IVssExamineWriterMetadata **ppExamineWriterMetadata) const
    {
        return vssemu_writer_identify_information(vssemu_writer_, ppExamineWriterMetadata);
    }

  private:
    bool vssemu_identify_(IVssCreateWriterMetadata *metadata) override
    {
        return OnIdentifyEx(static_cast<IVssCreateWriterMetadataEx *>(metadata));
    }
};

class CVssWriterEx2 : public CVssWriterEx
{
  public:
    HRESULT STDMETHODCALLTYPE GetSessionId(VSS_ID *idSession) const
    {
        return vssemu_writer_session_id(vssemu_writer_, idSession);
    }
    HRESULT STDMETHODCALLTYPE SetWriterFailureEx(HRESULT hrWriter, HRESULT hrApplication,
                                                 LPCWSTR wszApplicationMessage)
    {
        return vssemu_writer_set_failure_ex(vssemu_writer_, hrWriter, hrApplication,
                                            wszApplicationMessage);
    }
    bool STDMETHODCALLTYPE IsWriterShuttingDown() const
    {
        return vssemu_writer_is_shutting_down(vssemu_writer_);
    }
};

static inline HRESULT STDAPICALLTYPE CreateWriter(CVssWriter *pWriter, IVssWriterImpl **ppImpl)
{
    return pWriter ? vssemu_writer_impl(pWriter->vssemu_writer_, ppImpl) : E_INVALIDARG;
}
static inline HRESULT STDAPICALLTYPE CreateWriterEx(CVssWriterEx *pWriter, IVssWriterImpl **ppImpl)
{
    return CreateWriter(pWriter, ppImpl);
}
