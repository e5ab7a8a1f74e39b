// SPDX-License-Identifier: MIT
// A writer program whose two threads fight for a CRITICAL_SECTION, a std::mutex and the write lock
// of an SQLite database, each held while the next is waited for, and for the mutex by itself.
// At Freeze the writer wants all three as well, and keeps the database's until Thaw. Windows
// source; `vssemu run` backs it up. Nobody may wait in real time, or keep the turn while it waits.
// Usage: busy-writer DATABASE (a path of the host)
#include <windows.h>
#include <vss.h>
#include <vswriter.h>
#include <stdio.h>
#include <sqlite3.h>

#include <mutex>
#include <string>
#include <thread>

static const GUID BUSY_WRITER_ID = { 0xb5b5, 1, 2, { 3 } };
static const int ROUNDS = 200;

static CRITICAL_SECTION g_section;
static std::mutex g_mutex;
static std::string g_path;
static HANDLE g_stop, g_finished;

static void Must(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return;
    fprintf(stderr, "busy-writer: %s: %s\n", sql, sqlite3_errmsg(db));
    ExitProcess(3);
}

static sqlite3 *Open()
{
    sqlite3 *db = NULL;

    if (sqlite3_open(g_path.c_str(), &db) != SQLITE_OK)
        ExitProcess(3);
    sqlite3_busy_timeout(db, 60000);
    Must(db, "PRAGMA synchronous = off");
    return db;
}

static void Work(int who)
{
    sqlite3 *db = Open();

    for (int i = 0; i < ROUNDS; i++) {
        // The one order: section, mutex, database.
        EnterCriticalSection(&g_section);
        {
            std::lock_guard<std::mutex> hold(g_mutex);
            Must(db, "BEGIN IMMEDIATE");
            Sleep(1);
            Must(db, "UPDATE t SET n = n + 1");
        }
        LeaveCriticalSection(&g_section);
        Must(db, "COMMIT");
        std::lock_guard<std::mutex> hold(g_mutex);
        Sleep(who + 1);
    }
    sqlite3_close(db);
}

class BusyWriter : public CVssWriter
{
  public:
    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *metadata) override
    {
        return SUCCEEDED(metadata->AddComponent(VSS_CT_FILEGROUP, NULL, L"Busy", NULL, NULL, 0,
                                                false, false, true, false)) &&
               SUCCEEDED(
                   metadata->AddFilesToFileGroup(NULL, L"Busy", L"C:\\busy", L"*", false, NULL));
    }
    bool STDMETHODCALLTYPE OnPrepareSnapshot() override { return true; }
    bool STDMETHODCALLTYPE OnFreeze() override
    {
        EnterCriticalSection(&g_section);
        g_mutex.lock();
        m_db = Open();
        Must(m_db, "BEGIN IMMEDIATE");
        g_mutex.unlock();
        LeaveCriticalSection(&g_section);
        return true;
    }
    bool STDMETHODCALLTYPE OnThaw() override
    {
        Must(m_db, "ROLLBACK");
        sqlite3_close(m_db);
        return true;
    }
    bool STDMETHODCALLTYPE OnAbort() override { return OnThaw(); }

  private:
    sqlite3 *m_db = NULL;
};

static BOOL WINAPI OnConsoleControl(DWORD)
{
    SetEvent(g_stop);
    WaitForSingleObject(g_finished, INFINITE);
    return TRUE;
}

static int PrintRow(void *, int, char **values, char **)
{
    printf("n = %s\n", values[0]);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 2 || FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 2;
    g_path = argv[1];
    InitializeCriticalSection(&g_section);
    g_stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    g_finished = CreateEventW(NULL, TRUE, FALSE, NULL);
    SetConsoleCtrlHandler(OnConsoleControl, TRUE);
    CreateDirectoryW(L"C:\\busy", NULL);

    sqlite3 *db = Open();
    Must(db, "CREATE TABLE t(n); INSERT INTO t VALUES(0)");
    std::thread a(Work, 0), b(Work, 1);
    {
        BusyWriter writer;
        if (FAILED(
                writer.Initialize(BUSY_WRITER_ID, L"Busy Writer", VSS_UT_USERDATA, VSS_ST_OTHER)) ||
            FAILED(writer.Subscribe()))
            return 2;
        WaitForSingleObject(g_stop, INFINITE);
        writer.Unsubscribe();
    }
    a.join();
    b.join();
    sqlite3_exec(db, "SELECT n FROM t", PrintRow, NULL, NULL);
    sqlite3_close(db);
    CoUninitialize();
    SetEvent(g_finished);
    return 0;
}
