/* SPDX-License-Identifier: MIT */
/* The demo's scene (scene.h). */
#include "scene.h"

#include "examples/sqlite_writer.h"
#include "example_writers.h"
#include "tree.h"
#include "volume_vfs.h"

#include <algorithm>
#include <stdio.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>

static const unsigned writer_tries = 200;
static const DWORD writer_wait_ms = 50;

bool Scene::Begin(const char *mount)
{
    mount_ = mount ? mount : "";
    return IsMounted() || volume_vfs_register() == SQLITE_OK;
}

static std::string WithSlashes(std::string path)
{
    std::replace(path.begin(), path.end(), '\\', '/');
    return path;
}

std::string Scene::Opened(const std::string &path) const
{
    return IsMounted() ? mount_ + WithSlashes(path.substr(2)) : path;
}

std::string Scene::OpenedInSnapshot(const std::string &device, const std::string &path) const
{
    if (!IsMounted())
        return device + path.substr(2);
    return mount_ + "/.vss/" + device.substr(device.rfind('\\') + 1) + WithSlashes(path.substr(2));
}

/* ---- writers ---- */

DWORD WINAPI Scene::SqliteMain(void *self)
{
    Scene *scene = static_cast<Scene *>(self);

    return (DWORD)RunSqliteWriter(scene->database_.c_str(),
                                  scene->Opened(Narrow(scene->database_)).c_str(), scene->ready_,
                                  scene->stop_);
}

DWORD WINAPI Scene::ExampleMain(void *)
{
    wchar_t name[] = L"writer";
    wchar_t *arguments[] = { name, NULL };

    return (DWORD)example_writer_wmain(1, arguments);
}

/* How many writers answer now; gathering their status is the cheapest question. */
static UINT CountWriters()
{
    IVssBackupComponents *backup = NULL;
    IVssAsync *async = NULL;
    UINT count = 0;

    if (FAILED(CreateVssBackupComponents(&backup)))
        return 0;
    if (SUCCEEDED(backup->InitializeForBackup()) && SUCCEEDED(backup->GatherWriterStatus(&async))) {
        HRESULT result = E_FAIL;

        async->Wait();
        if (SUCCEEDED(async->QueryStatus(&result, NULL)) && result == VSS_S_ASYNC_FINISHED)
            backup->GetWriterStatusCount(&count);
        async->Release();
    }
    backup->Release();
    return count;
}

bool Scene::WaitForWriters(unsigned n_writers)
{
    for (unsigned i = 0; i < writer_tries; i++) {
        if (CountWriters() >= n_writers)
            return true;
        Sleep(writer_wait_ms);
    }
    fprintf(stderr, "demo: only %u of %u writers came up\n", CountWriters(), n_writers);
    return false;
}

bool Scene::StartWriters(const wchar_t *database, unsigned n_writers, bool with_example)
{
    database_ = database;
    ready_ = CreateEventW(NULL, TRUE, FALSE, NULL);
    stop_ = CreateEventW(NULL, TRUE, FALSE, NULL);
    sqlite_thread_ = CreateThread(NULL, 0, SqliteMain, this, 0, NULL);
    WaitForSingleObject(ready_, INFINITE);
    if (with_example)
        example_thread_ = CreateThread(NULL, 0, ExampleMain, this, 0, NULL);
    return WaitForWriters(n_writers);
}

static bool Join(HANDLE *thread)
{
    DWORD result = 0;

    if (*thread) {
        WaitForSingleObject(*thread, INFINITE);
        GetExitCodeThread(*thread, &result);
        CloseHandle(*thread);
        *thread = NULL;
    }
    return result == 0;
}

bool Scene::StopDatabaseWriter()
{
    SetEvent(stop_);
    return Join(&sqlite_thread_);
}

bool Scene::StopWriters()
{
    if (example_thread_)
        GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);
    bool sqlite_ended = StopDatabaseWriter();
    bool example_ended = Join(&example_thread_);
    CloseHandle(ready_);
    CloseHandle(stop_);
    return example_ended && sqlite_ended;
}
