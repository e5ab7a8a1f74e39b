/* SPDX-License-Identifier: MIT */
/* A VSS writer that guards a SQLite database in WAL mode, written as for Windows.
 *
 *     sqlite_writer DATABASE [PATH]
 *
 * DATABASE is the Windows path of the database, "C:\data\bank.db"; its component has the name of
 * the file. PATH, if given, is how SQLite opens it (on Windows that is the same).
 *
 * Freeze takes the write lock and then writes everything that is in the write-ahead log into the
 * database itself, so the snapshot holds a complete database; applications wait at their next BEGIN
 * IMMEDIATE. Thaw and Abort give the lock back. Connections are open from Freeze to Thaw only, so
 * that nothing stands in the way of a restore. */
#include <windows.h>
#include <vss.h>
#include <vswriter.h>

#include <sqlite3.h>
#include <stdio.h>
#include <string>

#include "sqlite_writer.h"

static const VSS_ID writer_id = {
    0x2b6c0d35, 0x8a51, 0x4f7e, { 0x9d, 0x11, 0x3e, 0x52, 0x47, 0xc0, 0x6a, 0x94 }
};

/* A writer has 60 s from Freeze to Thaw; it waits for the lock a third of that. */
static const int lock_wait_ms = 20000;

class SqliteWriter : public CVssWriter
{
  public:
    SqliteWriter(const wchar_t *database, const char *opened) : database_(database), opened_(opened)
    {
        size_t end = database_.rfind(L'\\');
        directory_ = database_.substr(0, end);
        name_ = database_.substr(end + 1);
    }
    ~SqliteWriter() { Release(); }

    HRESULT Start()
    {
        HRESULT hr = Initialize(writer_id, L"SQLite Writer", VSS_UT_USERDATA, VSS_ST_TRANSACTEDDB,
                                VSS_APP_BACK_END); /* frozen after its applications */
        return FAILED(hr) ? hr : Subscribe();
    }

    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *metadata) override
    {
        HRESULT hr =
            metadata->AddComponent(VSS_CT_DATABASE, NULL, name_.c_str(), L"A SQLite database", NULL,
                                   0, false, false, true, true);
        if (SUCCEEDED(hr))
            hr = metadata->AddDatabaseFiles(NULL, name_.c_str(), directory_.c_str(), name_.c_str());
        if (SUCCEEDED(hr))
            hr = metadata->AddDatabaseLogFiles(NULL, name_.c_str(), directory_.c_str(),
                                               (name_ + L"-wal").c_str());
        /* The index of the log is made anew by whoever opens the database. */
        if (SUCCEEDED(hr))
            hr = metadata->AddExcludeFiles(directory_.c_str(), (name_ + L"-shm").c_str(), false);
        if (SUCCEEDED(hr))
            hr = metadata->SetRestoreMethod(VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
                                            VSS_WRE_ALWAYS, false);
        return SUCCEEDED(hr);
    }

    bool STDMETHODCALLTYPE OnPrepareSnapshot() override { return true; }

    bool STDMETHODCALLTYPE OnFreeze() override
    {
        if (!IsPathAffected(database_.c_str()))
            return true;
        if (Lock() && Checkpoint())
            return true;
        fprintf(stderr, "sqlite writer: no freeze: %s\n", holder_ ? sqlite3_errmsg(holder_) : "");
        Release();
        SetWriterFailure(VSS_E_WRITERERROR_RETRYABLE);
        return false;
    }

    bool STDMETHODCALLTYPE OnThaw() override
    {
        Release();
        return true;
    }

    bool STDMETHODCALLTYPE OnAbort() override
    {
        Release();
        return true;
    }

    /* A log of today must not be played back into the database of the backup. */
    bool STDMETHODCALLTYPE OnPreRestore(IVssWriterComponents *) override
    {
        return Remove(L"-wal") && Remove(L"-shm");
    }

  private:
    sqlite3 *Open()
    {
        sqlite3 *connection = NULL;
        int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX;
        if (sqlite3_open_v2(opened_.c_str(), &connection, flags, NULL) == SQLITE_OK) {
            sqlite3_busy_handler(connection, OnBusy, NULL);
            return connection;
        }
        sqlite3_close(connection);
        return NULL;
    }

    /* SQLite's own waiting pauses longer and longer; an application that gives the lock back for
     * moments only would never be caught. */
    static int OnBusy(void *, int n_tries)
    {
        Sleep(1);
        return n_tries < lock_wait_ms;
    }

    bool Lock()
    {
        holder_ = Open();
        return holder_ && sqlite3_exec(holder_, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK;
    }

    /* A checkpoint cannot run inside the transaction that holds the lock, but beside it. Frames
     * that a reader still needs stay in the log: then it is tried again. A connection knows of the
     * log only once it has read something. */
    bool Checkpoint()
    {
        checkpointer_ = Open();
        if (sqlite3_exec(checkpointer_, "PRAGMA schema_version", NULL, NULL, NULL) != SQLITE_OK)
            return false;
        for (int i = 0; i < 100; i++) {
            int in_log = 0, written = 0;
            int rc = sqlite3_wal_checkpoint_v2(checkpointer_, NULL, SQLITE_CHECKPOINT_PASSIVE,
                                               &in_log, &written);
            if (rc == SQLITE_OK && in_log == written)
                return true;
            if (rc != SQLITE_OK && rc != SQLITE_BUSY)
                return false;
            Sleep(10);
        }
        return false;
    }

    void Release()
    {
        sqlite3_close(checkpointer_);
        checkpointer_ = NULL;
        if (holder_)
            sqlite3_exec(holder_, "ROLLBACK", NULL, NULL, NULL);
        sqlite3_close(holder_);
        holder_ = NULL;
    }

    bool Remove(const wchar_t *suffix)
    {
        return DeleteFileW((database_ + suffix).c_str()) ||
               GetLastError() == ERROR_FILE_NOT_FOUND || GetLastError() == ERROR_PATH_NOT_FOUND;
    }

    std::wstring database_, directory_, name_;
    std::string opened_;
    sqlite3 *holder_ = NULL;
    sqlite3 *checkpointer_ = NULL;
};

int RunSqliteWriter(const wchar_t *database, const char *opened, HANDLE ready, HANDLE stop)
{
    SqliteWriter writer(database, opened);
    HRESULT hr = writer.Start();

    SetEvent(ready);
    if (FAILED(hr)) {
        fprintf(stderr, "sqlite writer: cannot subscribe: 0x%08x\n", (unsigned)hr);
        return 1;
    }
    WaitForSingleObject(stop, INFINITE);
    writer.Unsubscribe();
    return 0;
}

static HANDLE console_stop;

static BOOL WINAPI OnConsole(DWORD)
{
    SetEvent(console_stop);
    return TRUE;
}

static std::string Narrow(const wchar_t *text)
{
    int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    std::string narrow((size_t)size, '\0');
    WideCharToMultiByte(CP_UTF8, 0, text, -1, &narrow[0], size, NULL, NULL);
    narrow.resize((size_t)size - 1);
    return narrow;
}

int wmain(int argc, wchar_t **argv)
{
    if (argc < 2 || argc > 3 || !wcschr(argv[1], L'\\')) {
        fprintf(stderr, "usage: sqlite_writer DATABASE [PATH]\n");
        return 2;
    }
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 1;
    /* Learn: "Security Considerations for Writers". */
    if (FAILED(CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
                                    RPC_C_IMP_LEVEL_IDENTIFY, NULL, EOAC_NONE, NULL)))
        return 1;
    HANDLE ready = CreateEventW(NULL, TRUE, FALSE, NULL);
    console_stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    SetConsoleCtrlHandler(OnConsole, TRUE);
    int result = RunSqliteWriter(argv[1], Narrow(argc == 3 ? argv[2] : argv[1]).c_str(), ready,
                                 console_stop);
    SetConsoleCtrlHandler(OnConsole, FALSE);
    CloseHandle(ready);
    CloseHandle(console_stop);
    CoUninitialize();
    return result;
}
