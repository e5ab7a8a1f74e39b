/* SPDX-License-Identifier: MIT */
/* Where the demo plays: how SQLite reaches the volume, and the program's own two writers. */
#pragma once

#include "bank.h"

class Scene
{
  public:
    /* mount: where C: is on the host. NULL: nowhere, and SQLite gets a VFS for volumes. */
    bool Begin(const char *mount);
    bool IsMounted() const { return !mount_.empty(); }

    /* A Windows path on C: as SQLite opens it, "C:\data\bank.db". */
    std::string Opened(const std::string &path) const;
    /* The same in a snapshot, whose device object is "\\?\GLOBALROOT\Device\...". */
    std::string OpenedInSnapshot(const std::string &device, const std::string &path) const;

    /* Starts both writers and waits until VSS knows at least n_writers in all. */
    bool StartWriters(const wchar_t *database, unsigned n_writers, bool with_example);
    /* The database is nobody's then; the other writer stays. */
    bool StopDatabaseWriter();
    /* Tells both to leave, as a user at the console would; true when both left in good order. */
    bool StopWriters();

  private:
    static DWORD WINAPI SqliteMain(void *self);
    static DWORD WINAPI ExampleMain(void *self);
    bool WaitForWriters(unsigned n_writers);

    std::string mount_;
    std::wstring database_;
    HANDLE sqlite_thread_ = NULL, example_thread_ = NULL;
    HANDLE ready_ = NULL, stop_ = NULL;
};
