// SPDX-License-Identifier: MIT
// What a handler asks about the backup or restore that it is part of, and what it reports. Learn:
// "CVssWriter::GetBackupType" and the other methods, "CVssWriterEx2 class", "Writers".
#include "conditions.h"

#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace
{

const VSS_ID class_id = {
    0x7e57ab1e, 0x57a6, 0x4e00, { 0xb0, 0xa2, 0x0c, 0x0f, 0xfe, 0xe0, 0xc0, 0xe0 }
};

// What is to be done in a handler, by the name of the event.
class Writer : public CVssWriterEx2
{
  public:
    Writer()
    {
        MUST(InitializeEx(class_id, L"Asking", 1, 0, VSS_UT_USERDATA, VSS_ST_OTHER));
        MUST(Subscribe());
    }
    ~Writer() override { Unsubscribe(); }
    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *m) override
    {
        MUST(m->AddComponent(VSS_CT_FILEGROUP, nullptr, L"c", nullptr, nullptr, 0, false, true,
                             true));
        MUST(m->SetRestoreMethod(VSS_RME_RESTORE_IF_CAN_REPLACE, nullptr, nullptr, VSS_WRE_ALWAYS,
                                 false));
        return run("Identify");
    }
    bool STDMETHODCALLTYPE OnPrepareBackup(IVssWriterComponents *) override
    {
        return run("PrepareForBackup");
    }
    bool STDMETHODCALLTYPE OnPrepareSnapshot() override { return run("PrepareForSnapshot"); }
    bool STDMETHODCALLTYPE OnFreeze() override { return run("Freeze"); }
    bool STDMETHODCALLTYPE OnThaw() override { return run("Thaw"); }
    bool STDMETHODCALLTYPE OnAbort() override { return run("Abort"); }
    bool STDMETHODCALLTYPE OnPostSnapshot(IVssWriterComponents *) override
    {
        return run("PostSnapshot");
    }
    bool STDMETHODCALLTYPE OnPreRestore(IVssWriterComponents *) override
    {
        return run("PreRestore");
    }

    std::map<std::string, std::function<void()>> in;

    using CVssWriter::AreComponentsSelected;
    using CVssWriter::GetBackupType;
    using CVssWriter::GetContext;
    using CVssWriter::GetCurrentSnapshotSetId;
    using CVssWriter::GetCurrentVolumeArray;
    using CVssWriter::GetCurrentVolumeCount;
    using CVssWriter::GetRestoreType;
    using CVssWriter::GetSnapshotDeviceName;
    using CVssWriter::IsBootableSystemStateBackedUp;
    using CVssWriter::IsPartialFileSupportEnabled;
    using CVssWriter::IsPathAffected;
    using CVssWriter::SetWriterFailure;

  private:
    bool run(const char *event)
    {
        auto found = in.find(event);

        if (found != in.end())
            found->second();
        return true;
    }
};

void add_own_component(struct stage *stage)
{
    IVssExamineWriterMetadata *metadata = nullptr;
    VSS_ID instance;

    stage_go(stage, AT_GATHERED);
    MUST(stage->b->GetWriterMetadata(1, &instance, &metadata));
    metadata->Release();
    MUST(stage->b->AddComponent(instance, class_id, VSS_CT_FILEGROUP, nullptr, L"c"));
}

// ---- a full backup by components ----

void component_mode()
{
    struct stage *stage = stage_open();
    stage->context = VSS_CTX_BACKUP | VSS_VOLSNAP_ATTR_NO_AUTORECOVERY;
    {
        Writer w;
        VSS_ID set = GUID_NULL;
        std::wstring volume, device;
        bool elsewhere = true;

        w.in["PrepareForBackup"] = [&] {
            SHOWS_EFFECT(CVssWriter, AreComponentsSelected, true, w.AreComponentsSelected());
            SHOWS_EFFECT(CVssWriter, IsBootableSystemStateBackedUp, false,
                         !w.IsBootableSystemStateBackedUp());
            SHOWS_EFFECT(CVssWriter, IsPartialFileSupportEnabled, false,
                         !w.IsPartialFileSupportEnabled());
        };
        w.in["Freeze"] = [&] {
            LPCWSTR name = L"";

            set = w.GetCurrentSnapshotSetId();
            SHOWS_EFFECT(CVssWriter, GetContext, LONG, w.GetContext() == stage->context);
            SHOWS_EFFECT(CVssWriter, GetCurrentVolumeCount, UINT, w.GetCurrentVolumeCount() == 1);
            volume = w.GetCurrentVolumeArray()[0];
            SHOWS_EFFECT(CVssWriter, IsPathAffected, true, w.IsPathAffected(L"C:\\db\\base.mdb"));
            EXPECT(w.IsPathAffected(L"%SystemDrive%\\db"));
            elsewhere = w.IsPathAffected(L"D:\\db");
            SHOWS_EFFECT(CVssWriter, IsPathAffected, false, !elsewhere);
            SHOWS(CVssWriter, GetSnapshotDeviceName, VSS_E_BAD_STATE,
                  w.GetSnapshotDeviceName(L"C:\\", &name));
        };
        w.in["PostSnapshot"] = [&] {
            LPCWSTR name = nullptr;

            SHOWS(CVssWriter, GetSnapshotDeviceName, S_OK,
                  w.GetSnapshotDeviceName(volume.c_str(), &name));
            device = name;
            SHOWS(CVssWriter, GetSnapshotDeviceName, E_INVALIDARG,
                  w.GetSnapshotDeviceName(nullptr, &name));
            SHOWS(CVssWriter, GetSnapshotDeviceName, VSS_E_OBJECT_NOT_FOUND,
                  w.GetSnapshotDeviceName(L"D:\\", &name));
        };
        add_own_component(stage);
        stage_go(stage, AT_SNAPSHOT_DONE);
        SHOWS_EFFECT(CVssWriter, GetCurrentSnapshotSetId, VSS_ID, set == stage->set_id);
        contract_effect(__FILE__, __LINE__, "CVssWriter", "GetCurrentVolumeArray", "LPCWSTR*", "",
                        "the volume's name", volume.compare(0, 11, L"\\\\?\\Volume{") == 0);
        EXPECT(device == L"\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy1");
        EXPECT(w.GetCurrentSnapshotSetId() == GUID_NULL && !w.GetCurrentVolumeCount());
        stage->b->Release();
        stage->b = nullptr;
    }
    stage_close(stage);
}

// ---- an incremental one of whole volumes, bootable state and partial files included ----

void volume_mode()
{
    struct stage *stage = stage_open();
    {
        Writer w;
        int n = 0;

        w.in["PrepareForSnapshot"] = [&] {
            SHOWS_EFFECT(CVssWriter, AreComponentsSelected, false, !w.AreComponentsSelected());
            SHOWS_EFFECT(CVssWriter, IsBootableSystemStateBackedUp, true,
                         w.IsBootableSystemStateBackedUp());
            SHOWS_EFFECT(CVssWriter, IsPartialFileSupportEnabled, true,
                         w.IsPartialFileSupportEnabled());
            SHOWS_EFFECT(CVssWriter, GetBackupType, VSS_BACKUP_TYPE,
                         w.GetBackupType() == VSS_BT_INCREMENTAL);
            EXPECT(w.GetContext() == VSS_CTX_BACKUP);
            n++;
        };
        stage_go(stage, AT_GATHERED);
        MUST(stage->b->SetBackupState(false, true, VSS_BT_INCREMENTAL, true));
        stage->next = AT_SET_OPEN;
        stage_go(stage, AT_SNAPSHOT_DONE);
        EXPECT(n == 1);
        stage->b->Release();
        stage->b = nullptr;
    }
    stage_close(stage);
}

// ---- a restore ----

void restore_type()
{
    struct stage *stage = stage_open();
    {
        Writer w;
        VSS_RESTORE_TYPE type = VSS_RTYPE_UNDEFINED;

        add_own_component(stage);
        stage_go(stage, AT_RESTORE);
        w.in["PreRestore"] = [&] { type = w.GetRestoreType(); };
        MUST(stage->b->SetRestoreState(VSS_RTYPE_IMPORT));
        MUST(stage->b->SetSelectedForRestore(class_id, VSS_CT_FILEGROUP, nullptr, L"c", true));
        stage_go(stage, AT_PRE_RESTORED);
        SHOWS_EFFECT(CVssWriter, GetRestoreType, VSS_RESTORE_TYPE, type == VSS_RTYPE_IMPORT);
        stage->b->Release();
        stage->b = nullptr;
    }
    stage_close(stage);
}

// ---- sessions, identify information, reports ----

void sessions_and_reports()
{
    struct stage *stage = stage_open();
    {
        Writer w;
        VSS_ID wanted, seen = GUID_NULL, in_identify = GUID_NULL;

        w.in["Identify"] = [&] {
            MUST(w.GetSessionId(&in_identify));
            OFF_LIST(VSS_E_BAD_STATE, w.SetWriterFailure(VSS_E_WRITERERROR_RETRYABLE));
        };
        w.in["PrepareForBackup"] = [&] {
            IVssExamineWriterMetadata *metadata = nullptr;
            UINT n_include, n_exclude, n_components = 0;

            SHOWS(CVssWriterEx2, GetSessionId, S_OK, w.GetSessionId(&seen));
            MEETS(stage->world, CVssWriterEx, GetIdentifyInformation, VSSEMU_INTERNAL_ERROR, E_FAIL,
                  w.GetIdentifyInformation(&metadata));
            SHOWS(CVssWriterEx, GetIdentifyInformation, S_OK, w.GetIdentifyInformation(&metadata));
            MUST(metadata->GetFileCounts(&n_include, &n_exclude, &n_components));
            EXPECT(n_components == 1);
        };
        // Learn: "Writers": these belong to the thread that entered the handler.
        w.in["Freeze"] = [&] {
            std::thread([&] {
                VSS_ID id;

                SHOWS_EFFECT(CVssWriterEx2, GetSessionId, HRESULT, FAILED(w.GetSessionId(&id)));
                SHOWS_EFFECT(CVssWriter, SetWriterFailure, HRESULT,
                             FAILED(w.SetWriterFailure(VSS_E_WRITERERROR_RETRYABLE)));
                SHOWS_EFFECT(
                    CVssWriterEx2, SetWriterFailureEx, HRESULT,
                    FAILED(w.SetWriterFailureEx(VSS_E_WRITERERROR_RETRYABLE, S_OK, nullptr)));
            }).join();
            OFF_LIST(E_INVALIDARG, w.SetWriterFailure(S_OK));
            OFF_LIST(E_INVALIDARG, w.SetWriterFailure(VSS_E_WRITERERROR_PARTIAL_FAILURE));
            OFF_LIST(E_INVALIDARG, w.SetWriterFailureEx(E_FAIL, S_OK, nullptr));
        };
        w.in["PostSnapshot"] = [&] {
            SHOWS(CVssWriter, SetWriterFailure, S_OK,
                  w.SetWriterFailure(VSS_E_WRITERERROR_OUTOFRESOURCES));
            SHOWS(CVssWriterEx2, SetWriterFailureEx, S_OK,
                  w.SetWriterFailureEx(VSS_E_WRITERERROR_RETRYABLE, 0x80ab0001, L"full"));
        };
        add_own_component(stage);
        MUST(stage->b->GetSessionId(&wanted));
        stage_go(stage, AT_SNAPSHOT_DONE);
        EXPECT(seen == wanted && in_identify == wanted);
        EXPECT(vssemu_writer_state(stage->world, "Asking") == VSS_WS_FAILED_AT_POST_SNAPSHOT);
        EXPECT(vssemu_writer_failure(stage->world, "Asking") == VSS_E_WRITERERROR_RETRYABLE);
        stage->b->Release();
        stage->b = nullptr;
    }
    stage_close(stage);
}

// Two backups at once: sessions are told apart, and a failure belongs to one of them.
void two_sessions_at_once()
{
    struct stage *stage = stage_open();
    {
        Writer w;
        std::vector<VSS_ID> sessions;
        IVssBackupComponents *second = nullptr;
        IVssBackupComponentsEx3 *second_ex = nullptr;
        IVssAsync *async = nullptr;
        VSS_ID instance, id, ids[2], set, snapshot;
        VSS_WRITER_STATE state;
        HRESULT failure = E_FAIL;
        BSTR name = nullptr;

        w.in["PostSnapshot"] = [&] {
            VSS_ID session;

            MUST(w.GetSessionId(&session));
            sessions.push_back(session);
            if (sessions.size() == 1)
                MUST(w.SetWriterFailure(VSS_E_WRITERERROR_RETRYABLE));
        };
        add_own_component(stage);
        stage_go(stage, AT_SNAPSHOT_DONE);

        MUST(CreateVssBackupComponents(&second));
        MUST(second->InitializeForBackup(nullptr));
        MUST(second->SetBackupState(false, false, VSS_BT_FULL, false));
        MUST(stage_finish(second->GatherWriterMetadata(&async), &async));
        MUST(second->StartSnapshotSet(&set));
        MUST(second->AddToSnapshotSet((VSS_PWSZ)L"C:\\", GUID_NULL, &snapshot));
        MUST(stage_finish(second->PrepareForBackup(&async), &async));
        MUST(stage_finish(second->DoSnapshotSet(&async), &async));
        MUST(stage_finish(second->GatherWriterStatus(&async), &async));
        MUST(second->GetWriterStatus(1, &instance, &id, &name, &state, &failure));
        EXPECT(state == VSS_WS_WAITING_FOR_BACKUP_COMPLETE && failure == S_OK);
        SysFreeString(name);
        MUST(stage_finish(stage->b->GatherWriterStatus(&async), &async));
        MUST(stage->b->GetWriterStatus(1, &instance, &id, &name, &state, &failure));
        EXPECT(state == VSS_WS_FAILED_AT_POST_SNAPSHOT && failure == VSS_E_WRITERERROR_RETRYABLE);
        SysFreeString(name);

        MUST(stage->b->GetSessionId(&ids[0]));
        MUST(second->QueryInterface(IID_IVssBackupComponentsEx3, (void **)&second_ex));
        MUST(second_ex->GetSessionId(&ids[1]));
        EXPECT(sessions.size() == 2 && sessions[0] == ids[0] && sessions[1] == ids[1]);
        second_ex->Release();
        second->Release();
        stage->b->Release();
        stage->b = nullptr;
    }
    stage_close(stage);
}

// Unsubscribe waits for the handler, which sees that it should hurry.
void a_writer_that_is_shutting_down()
{
    struct stage *stage = stage_open();
    {
        Writer w;
        IVssAsync *async = nullptr;
        bool at_first = true, at_last = false;

        w.in["PrepareForBackup"] = [&] {
            at_first = w.IsWriterShuttingDown();
            for (int i = 0; i < 1000 && !w.IsWriterShuttingDown(); i++)
                Sleep(10); // on the world's clock
            at_last = w.IsWriterShuttingDown();
        };
        add_own_component(stage);
        stage_go(stage, AT_SET_OPEN);
        MUST(stage->b->PrepareForBackup(&async));
        Sleep(100);
        MUST(w.Unsubscribe());
        SHOWS_EFFECT(CVssWriterEx2, IsWriterShuttingDown, false, !at_first);
        SHOWS_EFFECT(CVssWriterEx2, IsWriterShuttingDown, true, at_last);
        MUST(stage_finish(S_OK, &async));
        stage->b->Release();
        stage->b = nullptr;
    }
    stage_close(stage);
}

} // namespace

int main()
{
    component_mode();
    volume_mode();
    restore_type();
    sessions_and_reports();
    two_sessions_at_once();
    a_writer_that_is_shutting_down();
    return contract_result();
}
