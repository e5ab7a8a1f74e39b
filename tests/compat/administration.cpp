// SPDX-License-Identifier: MIT
// Administers snapshots that others have made, in the manner of such programs: CComPtr, one task a
// process. Prints what it finds; answers 0, or 2 with the call that failed. Driven by
// tests/cli/test_earlier_snapshots.py.
#include <windows.h>

#include <atlbase.h>
#include <stdio.h>
#include <vsbackup.h>
#include <vss.h>
#include <vswriter.h>

#include <string>
#include <vector>

using std::vector;
using std::wstring;

#define CALL(what)                                  \
    {                                               \
        HRESULT hr_ = (what);                       \
        if (hr_ != S_OK) {                          \
            wprintf(L"%hs: 0x%08lx\n", #what, hr_); \
            throw(hr_);                             \
        }                                           \
    }

static wstring GuidText(VSS_ID id)
{
    WCHAR buffer[40];

    StringFromGUID2(id, buffer, _countof(buffer));
    return buffer;
}

static VSS_ID TextGuid(const wstring &text)
{
    VSS_ID id = GUID_NULL;

    CALL(CLSIDFromString(text.c_str(), &id));
    return id;
}

class Administrator
{
  public:
    Administrator()
    {
        CALL(CoInitialize(NULL));
        CALL(CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
                                  RPC_C_IMP_LEVEL_IMPERSONATE, NULL, EOAC_DYNAMIC_CLOAKING, NULL));
        CALL(CreateVssBackupComponents(&m_vss));
        CALL(m_vss->InitializeForBackup());
        CALL(m_vss->SetContext(VSS_CTX_ALL));
    }

    ~Administrator()
    {
        m_vss.Release();
        CoUninitialize();
    }

    // With GUID_NULL all of them.
    vector<VSS_SNAPSHOT_PROP> Snapshots(VSS_ID set)
    {
        vector<VSS_SNAPSHOT_PROP> found;
        CComPtr<IVssEnumObject> list;

        HRESULT hr = m_vss->Query(GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &list);
        if (hr == S_FALSE) // no object then on some versions
            return found;
        CALL(hr);
        for (;;) {
            VSS_OBJECT_PROP object;
            ULONG n = 0;

            hr = list->Next(1, &object, &n);
            if (n == 0)
                break;
            CALL(hr);
            if (set == GUID_NULL || object.Obj.Snap.m_SnapshotSetId == set)
                found.push_back(object.Obj.Snap);
            else
                VssFreeSnapshotProperties(&object.Obj.Snap);
        }
        return found;
    }

    void List(VSS_ID set)
    {
        vector<VSS_SNAPSHOT_PROP> found = Snapshots(set);

        for (size_t i = 0; i < found.size(); i++)
            Show(found[i]);
        wprintf(L"%u snapshots\n", (unsigned)found.size());
    }

    void ShowOne(VSS_ID id)
    {
        VSS_SNAPSHOT_PROP snapshot;

        CALL(m_vss->GetSnapshotProperties(id, &snapshot));
        Show(snapshot);
    }

    void Delete(VSS_ID id, VSS_OBJECT_TYPE type)
    {
        LONG deleted = 0;
        VSS_ID failed = GUID_NULL;

        CALL(m_vss->DeleteSnapshots(id, type, FALSE, &deleted, &failed));
        wprintf(L"%ld deleted\n", deleted);
    }

    void DeleteOldest(const wstring &volume)
    {
        vector<VSS_SNAPSHOT_PROP> found = Snapshots(GUID_NULL);
        VSS_ID oldest = GUID_NULL;
        LONGLONG when = MAXLONGLONG;
        WCHAR name[MAX_PATH];

        if (!GetVolumeNameForVolumeMountPoint(volume.c_str(), name, MAX_PATH))
            throw(HRESULT_FROM_WIN32(GetLastError()));
        for (size_t i = 0; i < found.size(); i++) {
            if (!_wcsicmp(name, found[i].m_pwszOriginalVolumeName) &&
                found[i].m_tsCreationTimestamp < when) {
                oldest = found[i].m_SnapshotId;
                when = found[i].m_tsCreationTimestamp;
            }
            VssFreeSnapshotProperties(&found[i]);
        }
        Delete(oldest, VSS_OBJECT_SNAPSHOT);
    }

    // A share when it has no backslash or colon.
    void Expose(VSS_ID id, wstring where)
    {
        bool isShare = where.find_first_of(L"\\:") == wstring::npos;
        LONG how = isShare ? VSS_VOLSNAP_ATTR_EXPOSED_REMOTELY : VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY;
        LPWSTR exposed = NULL;

        CALL(m_vss->ExposeSnapshot(id, NULL, how, const_cast<WCHAR *>(where.c_str()), &exposed));
        wprintf(L"exposed as %s\n", exposed);
        if (!isShare)
            PrintFile(wstring(exposed) + (exposed[wcslen(exposed) - 1] == L'\\' ? L"" : L"\\"));
        CoTaskMemFree(exposed);
    }

    void Break(VSS_ID set) { CALL(m_vss->BreakSnapshotSet(set)); }

    void Revert(VSS_ID id)
    {
        VSS_SNAPSHOT_PROP snapshot;
        CComPtr<IVssAsync> async;
        HRESULT result = S_OK;

        CALL(m_vss->GetSnapshotProperties(id, &snapshot));
        CALL(m_vss->RevertToSnapshot(id, true));
        HRESULT hr = m_vss->QueryRevertStatus(snapshot.m_pwszOriginalVolumeName, &async);
        VssFreeSnapshotProperties(&snapshot);
        if (hr == S_OK) {
            CALL(async->Wait());
            CALL(async->QueryStatus(&result, NULL));
            wprintf(L"reverted: 0x%08lx\n", result);
        } else if (hr == VSS_E_OBJECT_NOT_FOUND)
            wprintf(L"reverted already\n");
        else
            CALL(hr);
        PrintFile(L"C:\\");
    }

  private:
    void Show(VSS_SNAPSHOT_PROP &s)
    {
        wprintf(L"%s of %s, %ld in set, attributes 0x%08lx, state %d\n  %s %s\n  %s %s\n",
                GuidText(s.m_SnapshotId).c_str(), GuidText(s.m_SnapshotSetId).c_str(),
                s.m_lSnapshotsCount, s.m_lSnapshotAttributes, s.m_eStatus,
                s.m_pwszOriginalVolumeName, s.m_pwszSnapshotDeviceObject,
                s.m_pwszOriginatingMachine, s.m_pwszServiceMachine);
        PrintFile(wstring(s.m_pwszSnapshotDeviceObject) + L"\\");
        VssFreeSnapshotProperties(&s);
    }

    void PrintFile(const wstring &root)
    {
        char text[100];
        DWORD n = 0;
        HANDLE file = CreateFile((root + L"a.txt").c_str(), GENERIC_READ, FILE_SHARE_READ, NULL,
                                 OPEN_EXISTING, 0, NULL);

        if (file == INVALID_HANDLE_VALUE)
            return;
        ReadFile(file, text, sizeof(text) - 1, &n, NULL);
        text[n] = 0;
        wprintf(L"  a.txt: %hs\n", text);
        CloseHandle(file);
    }

    CComPtr<IVssBackupComponents> m_vss;
};

extern "C" int __cdecl wmain(int argc, WCHAR **argv)
{
    wstring task = argc > 1 ? argv[1] : L"list", object = argc > 2 ? argv[2] : L"";

    try {
        Administrator administrator;

        if (task == L"list")
            administrator.List(object.empty() ? GUID_NULL : TextGuid(object));
        else if (task == L"one")
            administrator.ShowOne(TextGuid(object));
        else if (task == L"delete")
            administrator.Delete(TextGuid(object), VSS_OBJECT_SNAPSHOT);
        else if (task == L"delete-set")
            administrator.Delete(TextGuid(object), VSS_OBJECT_SNAPSHOT_SET);
        else if (task == L"delete-oldest")
            administrator.DeleteOldest(object);
        else if (task == L"expose")
            administrator.Expose(TextGuid(object), argv[3]);
        else if (task == L"break")
            administrator.Break(TextGuid(object));
        else if (task == L"revert")
            administrator.Revert(TextGuid(object));
        else if (task == L"line")
            wprintf(L"%s\n", GetCommandLine());
        if (task == L"line" || task == L"list")
            return 0;
        administrator.List(GUID_NULL);
        return 0;
    } catch (HRESULT hr) {
        wprintf(L"failed: 0x%08lx\n", hr);
        return 2;
    }
}
