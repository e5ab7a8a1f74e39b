// SPDX-License-Identifier: MIT
// The class CVssWriter as vswriter.h declares it, and how it meets misuse before a subscription.
// Learn: "CVssWriter class".
#include "expect.h"

#include <Windows.h>
#include <VSS.h>
#include <VsWriter.h>
#include <VSBackup.h>

#include <type_traits>

class SmallestWriter : public CVssWriter
{
  public:
    explicit SmallestWriter(bool &isGone) : m_isGone(isGone) {}
    ~SmallestWriter() { m_isGone = true; }
    bool OnPrepareSnapshot() { return true; }
    bool OnFreeze() { return true; }
    bool OnThaw() { return true; }
    bool OnAbort() { return true; }

    VSS_APPLICATION_LEVEL Level() { return GetCurrentLevel(); }
    HRESULT Fail(HRESULT hr) { return SetWriterFailure(hr); }

  private:
    bool &m_isGone;
};

// Every method that a writer may override, as it overrides them on Windows.
class CompleteWriter : public CVssWriterEx2
{
  public:
    bool STDMETHODCALLTYPE OnIdentify(IN IVssCreateWriterMetadata *pMetadata) override
    {
        return pMetadata != NULL;
    }
    bool STDMETHODCALLTYPE OnPrepareBackup(_In_ IVssWriterComponents *pComponent) override
    {
        return pComponent != NULL && GetBackupType() == VSS_BT_FULL && AreComponentsSelected();
    }
    bool STDMETHODCALLTYPE OnPrepareSnapshot() override { return GetCurrentVolumeCount() > 0; }
    bool STDMETHODCALLTYPE OnFreeze() override { return IsPathAffected(L"C:\\"); }
    bool STDMETHODCALLTYPE OnThaw() override { return GetContext() == VSS_CTX_BACKUP; }
    bool STDMETHODCALLTYPE OnAbort() override { return !IsPartialFileSupportEnabled(); }
    bool STDMETHODCALLTYPE OnBackupComplete(__in IVssWriterComponents *pComponent) override
    {
        return pComponent != NULL && !IsBootableSystemStateBackedUp();
    }
    bool STDMETHODCALLTYPE OnBackupShutdown(__in VSS_ID SnapshotSetId) override
    {
        return SnapshotSetId == GetCurrentSnapshotSetId();
    }
    bool STDMETHODCALLTYPE OnPreRestore(IVssWriterComponents *pComponent) override
    {
        return pComponent != NULL && GetRestoreType() == VSS_RTYPE_BY_COPY;
    }
    bool STDMETHODCALLTYPE OnPostRestore(IVssWriterComponents *pComponent) override
    {
        VSS_ID session;
        return pComponent != NULL && SUCCEEDED(GetSessionId(&session));
    }
    bool STDMETHODCALLTYPE OnPostSnapshot(IVssWriterComponents *pComponent) override
    {
        LPCWSTR *volumes = GetCurrentVolumeArray();
        LPCWSTR device = NULL;
        return pComponent != NULL && SUCCEEDED(GetSnapshotDeviceName(volumes[0], &device));
    }
    bool STDMETHODCALLTYPE OnBackOffIOOnVolume(VSS_PWSZ, VSS_ID, VSS_ID) override { return true; }
    bool STDMETHODCALLTYPE OnContinueIOOnVolume(VSS_PWSZ, VSS_ID, VSS_ID) override { return true; }
    bool STDMETHODCALLTYPE OnVSSShutdown() override { return true; }
    bool STDMETHODCALLTYPE OnVSSApplicationStartup() override { return true; }
};

// The SDK's types, where mingw-w64's headers differ.
static_assert(std::is_same_v<decltype(VSS_COMPONENTINFO::bSelectable), bool>, "bool in structures");
static bool TakesBool(IVssWMFiledesc *files, bool *value)
{
    return SUCCEEDED(files->GetRecursive(value)); // compiles with bool alone
}
static_assert(std::is_base_of_v<IUnknown, IVssWriterComponentsExt>, "it is counted");
static_assert(std::is_abstract_v<CVssWriter>, "four handlers are the writer's own");
static_assert(!std::is_abstract_v<SmallestWriter>, "and no more");
static_assert(std::has_virtual_destructor_v<CVssWriter>, "deleted through the base");
static_assert(!std::is_copy_constructible_v<CompleteWriter>, "one object, one subscription");
static_assert(sizeof(wchar_t) == 2 && sizeof(LONG) == 4 && sizeof(DWORD) == 4, "Windows's sizes");

static const GUID kId = { 0x1d3, 2, 3, { 4, 5, 6, 7, 8, 9, 10, 11 } };

static void AWriterIsInitializedOnce()
{
    bool isGone = false;
    {
        SmallestWriter writer(isGone);
        EXPECT(writer.Initialize(kId, L"", VSS_UT_UNDEFINED, VSS_ST_OTHER) == E_INVALIDARG);
        EXPECT(writer.Initialize(kId, L"Smallest", VSS_UT_USERDATA, VSS_ST_OTHER,
                                 VSS_APP_BACK_END) == S_OK);
        EXPECT(writer.Level() == VSS_APP_BACK_END);
        EXPECT(FAILED(writer.Fail(E_FAIL)));
    }
    EXPECT(isGone);
}

static void AWriterIsDeletedThroughItsBase()
{
    bool isGone = false;
    CVssWriter *writer = new SmallestWriter(isGone);

    EXPECT(!isGone);
    delete writer;
    EXPECT(isGone);

    EXPECT(&TakesBool != NULL);
    CompleteWriter complete;
    EXPECT(complete.InitializeEx(kId, L"Complete", 1, 2, VSS_UT_USERDATA, VSS_ST_OTHER) == S_OK);
}

int wmain()
{
    AWriterIsInitializedOnce();
    AWriterIsDeletedThroughItsBase();
    return expect_result();
}
