// SPDX-License-Identifier: MIT
// A writer that sets on its component all that its handlers may, and a requester that backs up,
// restores, and prints what it reads there. Without the argument "alone" both are in this process;
// with it the requester has the writers of whoever started it.
#include <vsbackup.h>
#include <vss.h>
#include <vswriter.h>
#include <windows.h>

#include <cstdio>
#include <cstring>

typedef HRESULT (IVssBackupComponents::*Starter)(IVssAsync **);

// {8A2E4C77-0D51-4B1F-9D0C-3E6F5A7B9C01}
static const VSS_ID WRITER_ID = {
    0x8a2e4c77, 0x0d51, 0x4b1f, { 0x9d, 0x0c, 0x3e, 0x6f, 0x5a, 0x7b, 0x9c, 0x01 }
};

class AnsweringWriter : public CVssWriterEx2
{
  public:
    HRESULT Start()
    {
        HRESULT hr = CVssWriterEx2::Initialize(WRITER_ID, L"Answering Writer", VSS_UT_USERDATA,
                                               VSS_ST_OTHER);
        return SUCCEEDED(hr) ? Subscribe() : hr;
    }

    // The second document has a file set more than the first.
    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *metadata)
    {
        metadata->AddComponent(VSS_CT_FILEGROUP, L"shelf", L"Books", NULL, NULL, 0, false, false,
                               true, true);
        metadata->AddFilesToFileGroup(L"shelf", L"Books", L"C:\\docs", L"*", true, NULL);
        if (m_nIdentified++)
            metadata->AddExcludeFiles(L"C:\\docs", L"*.later", false);
        metadata->SetRestoreMethod(VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL, VSS_WRE_ALWAYS,
                                   false);
        return true;
    }

    bool STDMETHODCALLTYPE OnPrepareBackup(IVssWriterComponents *components)
    {
        return With(components, [](IVssComponentEx2 *c) {
            c->SetBackupMetadata(L"page \"12\" \u00e9");
            c->SetBackupMetadata(L"refused: there is one");
            c->SetPrepareForBackupFailureMsg(L"the shelf was dusty");
        });
    }

    bool STDMETHODCALLTYPE OnPostSnapshot(IVssWriterComponents *components)
    {
        return With(components, [](IVssComponentEx2 *c) {
            FILETIME time = { 0x89abcdef, 0x01d7ffff };

            c->SetBackupStamp(L"stamp 7");
            c->AddPartialFile(L"C:\\docs", L"a.txt", L"0:2", L"its head");
            c->AddDifferencedFilesByLastModifyTime(L"C:\\docs", L"*.txt", TRUE, time);
            c->SetPostSnapshotFailureMsg(L"one book is missing");
            c->SetFailure(VSS_E_WRITERERROR_RETRYABLE, 17, L"missing", 0);
        });
    }

    // The second backup: a reported failure is no veto.
    bool STDMETHODCALLTYPE OnBackupComplete(IVssWriterComponents *)
    {
        if (m_nComplete++)
            SetWriterFailureEx(VSS_E_WRITERERROR_RETRYABLE, 77, L"the log is too long");
        return true;
    }

    bool STDMETHODCALLTYPE OnPrepareSnapshot() { return true; }
    bool STDMETHODCALLTYPE OnFreeze() { return true; }
    bool STDMETHODCALLTYPE OnThaw() { return true; }
    bool STDMETHODCALLTYPE OnAbort() { return true; }

    bool STDMETHODCALLTYPE OnPreRestore(IVssWriterComponents *components)
    {
        return With(components, [](IVssComponentEx2 *c) {
            c->SetRestoreMetadata(L"restored by hand");
            c->SetRestoreTarget(VSS_RT_DIRECTED);
            c->AddDirectedTarget(L"C:\\docs", L"a.txt", L"0:2", L"C:\\docs", L"b.txt", L"0:2");
            c->SetPreRestoreFailureMsg(L"not yet");
        });
    }

    bool STDMETHODCALLTYPE OnPostRestore(IVssWriterComponents *components)
    {
        return With(components, [](IVssComponentEx2 *c) { c->SetPostRestoreFailureMsg(L"torn"); });
    }

  private:
    int m_nIdentified = 0, m_nComplete = 0;

    static bool With(IVssWriterComponents *components, void (*what)(IVssComponentEx2 *))
    {
        UINT n = 0;

        components->GetComponentCount(&n);
        for (UINT i = 0; i < n; i++) {
            IVssComponent *component = nullptr;
            IVssComponentEx2 *face = nullptr;

            components->GetComponent(i, &component);
            component->QueryInterface(IID_IVssComponentEx2, reinterpret_cast<void **>(&face));
            what(face);
            face->Release();
            component->Release();
        }
        return true;
    }
};

static HRESULT Finish(IVssBackupComponents *vss, const char *name, Starter start)
{
    IVssAsync *async = nullptr;
    HRESULT hr = (vss->*start)(&async);

    if (SUCCEEDED(hr)) {
        async->Wait();
        async->QueryStatus(&hr, nullptr);
        async->Release();
    }
    if (FAILED(hr))
        printf("%s: %#x\n", name, static_cast<unsigned>(hr));
    return hr;
}
#define FINISH(vss, method) Finish(vss, #method, &IVssBackupComponents::method)

static void Print(const char *what, BSTR text)
{
    printf("  %s: %ls\n", what, text ? text : L"-");
    SysFreeString(text);
}

#define PRINT(method)          \
    {                          \
        BSTR text = nullptr;   \
        c->Get##method(&text); \
        Print(#method, text);  \
    }

static void PrintLists(IVssComponent *c)
{
    BSTR a = nullptr, b = nullptr, d = nullptr, e = nullptr, f = nullptr, g = nullptr;
    BOOL recursive = FALSE;
    FILETIME time = {};

    for (UINT i = 0; c->GetPartialFile(i, &a, &b, &d, &e) == S_OK; i++) {
        Print("partial", a), Print("partial", b), Print("partial", d), Print("partial", e);
    }
    for (UINT i = 0; c->GetDifferencedFile(i, &a, &b, &recursive, nullptr, &time) == S_OK; i++) {
        Print("differenced", a), Print("differenced", b);
        printf("  %d %#lx %#lx\n", recursive, time.dwHighDateTime, time.dwLowDateTime);
    }
    for (UINT i = 0; c->GetDirectedTarget(i, &a, &b, &d, &e, &f, &g) == S_OK; i++) {
        Print("directed", a), Print("directed", b), Print("directed", d);
        Print("directed", e), Print("directed", f), Print("directed", g);
    }
}

static void PrintComponent(IVssComponentEx2 *c, bool isRestore)
{
    VSS_RESTORE_TARGET target = VSS_RT_UNDEFINED;
    HRESULT failure = S_OK, application = S_OK;
    BSTR message = nullptr;
    DWORD reserved = 0;

    PRINT(ComponentName)
    PRINT(BackupMetadata)
    PRINT(BackupStamp)
    PRINT(PrepareForBackupFailureMsg)
    PRINT(PostSnapshotFailureMsg)
    PRINT(RestoreMetadata)
    PRINT(PreRestoreFailureMsg)
    PRINT(PostRestoreFailureMsg)
    c->GetRestoreTarget(&target);
    printf("  target %d\n", target);
    if (!isRestore) {
        c->GetFailure(&failure, &application, &message, &reserved);
        printf("  failure %#x %d\n", static_cast<unsigned>(failure), application);
        Print("failure", message);
    }
    PrintLists(c);
}

static void PrintAll(IVssBackupComponents *vss, const char *when, bool isRestore)
{
    UINT n = 0;

    printf("%s\n", when);
    vss->GetWriterComponentsCount(&n);
    for (UINT i = 0; i < n; i++) {
        IVssWriterComponentsExt *components = nullptr;
        IVssComponent *component = nullptr;
        IVssComponentEx2 *face = nullptr;

        if (FAILED(vss->GetWriterComponents(i, &components)))
            continue;
        components->GetComponent(0, &component);
        component->QueryInterface(IID_IVssComponentEx2, reinterpret_cast<void **>(&face));
        PrintComponent(face, isRestore);
        face->Release();
        component->Release();
        components->Release();
    }
}

static void AddComponent(IVssBackupComponents *vss, VSS_ID *instance)
{
    IVssExamineWriterMetadata *metadata = nullptr;
    VSS_ID writer, ignored;
    BSTR name = nullptr;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    UINT includes = 0, excludes = 0, components = 0;

    if (FAILED(vss->GetWriterMetadata(0, &ignored, &metadata))) {
        printf("no writer\n");
        return;
    }
    metadata->GetIdentity(instance, &writer, &name, &usage, &source);
    metadata->GetFileCounts(&includes, &excludes, &components);
    printf("excludes %u\n", excludes);
    Print("writer", name);
    metadata->Release();
    vss->AddComponent(*instance, WRITER_ID, VSS_CT_FILEGROUP, L"shelf", L"Books");
}

static void PrintStatus(IVssBackupComponents *vss)
{
    IVssBackupComponentsEx3 *ex = nullptr;
    VSS_ID instance, writer;
    BSTR name = nullptr, message = nullptr;
    VSS_WRITER_STATE state = VSS_WS_UNKNOWN;
    HRESULT failure = S_OK, application = S_OK;

    FINISH(vss, GatherWriterStatus);
    vss->QueryInterface(IID_IVssBackupComponentsEx3, reinterpret_cast<void **>(&ex));
    ex->GetWriterStatusEx(0, &instance, &writer, &name, &state, &failure, &application, &message);
    printf("status %d %#x %d\n", state, static_cast<unsigned>(failure), application);
    SysFreeString(name);
    Print("message", message);
    ex->Release();
}

static BSTR Backup()
{
    IVssBackupComponents *vss = nullptr;
    wchar_t volume[] = L"C:\\";
    VSS_ID set, snapshot, instance = GUID_NULL;
    BSTR xml = nullptr;

    CreateVssBackupComponents(&vss);
    vss->InitializeForBackup();
    vss->SetBackupState(true, false, VSS_BT_FULL, true);
    FINISH(vss, GatherWriterMetadata);
    AddComponent(vss, &instance);
    vss->StartSnapshotSet(&set);
    vss->AddToSnapshotSet(volume, GUID_NULL, &snapshot);
    FINISH(vss, PrepareForBackup);
    PrintAll(vss, "prepared", false);
    FINISH(vss, DoSnapshotSet);
    PrintAll(vss, "snapshot", false);
    vss->SetBackupSucceeded(instance, WRITER_ID, VSS_CT_FILEGROUP, L"shelf", L"Books", true);
    FINISH(vss, BackupComplete);
    PrintStatus(vss);
    vss->SaveAsXML(&xml);
    vss->Release();
    return xml;
}

static void Restore(BSTR xml)
{
    IVssBackupComponents *vss = nullptr;

    CreateVssBackupComponents(&vss);
    vss->InitializeForRestore(xml);
    FINISH(vss, GatherWriterMetadata);
    vss->SetRestoreState(VSS_RTYPE_BY_COPY);
    vss->SetSelectedForRestore(WRITER_ID, VSS_CT_FILEGROUP, L"shelf", L"Books", true);
    FINISH(vss, PreRestore);
    PrintAll(vss, "before the restore", true);
    vss->SetFileRestoreStatus(WRITER_ID, VSS_CT_FILEGROUP, L"shelf", L"Books", VSS_RS_ALL);
    FINISH(vss, PostRestore);
    PrintAll(vss, "behind the restore", true);
    vss->Release();
}

int main(int argc, char **argv)
{
    AnsweringWriter writer;
    bool isAlone = argc > 1 && strcmp(argv[1], "alone") == 0;

    CoInitializeEx(nullptr, COINIT_MULTITHREADED);
    if (!isAlone && FAILED(writer.Start()))
        return 1;
    // Twice: the second backup and what is said in it have numbers of their own.
    SysFreeString(Backup());
    BSTR xml = Backup();
    Restore(xml);
    SysFreeString(xml);
    if (!isAlone)
        writer.Unsubscribe();
    CoUninitialize();
    return 0;
}
