/* SPDX-License-Identifier: MIT */
#include "worth.h"

#include "tree.h"

#include <stdio.h>

static const char folder[] = "C:\\copies";

/* Transfers that a bank at work makes while other files of the volume are copied. */
static const long meanwhile = 300;

struct Way {
    const char *name;
    bool from_snapshot;
    bool with_log;
};

static const Way ways[Worth::n_ways] = {
    { "the database file of the snapshot", true, false },
    { "database file and log of the snapshot", true, true },
    { "database file and log, one by one from the volume", false, true },
};

enum { SNAPSHOT_FILE, SNAPSHOT_WITH_LOG };

Worth::Worth(const Scene &scene, const Bank &bank, const std::string &database)
    : scene_(scene), bank_(bank), database_(database), copy_(std::string(folder) + "\\bank.db")
{
    CreateDirectoryW(Widen(folder).c_str(), NULL);
}

/* What is left of the copy before must not come into this one. */
bool Worth::Copy(const std::string &from, bool with_log, bool is_at_work) const
{
    std::wstring to = Widen(copy_), source = Widen(from);

    DeleteFileW((to + L"-wal").c_str());
    DeleteFileW((to + L"-shm").c_str());
    if (!CopyFileW(source.c_str(), to.c_str(), FALSE))
        return false;
    if (is_at_work)
        bank_.Await(meanwhile);
    return !with_log || CopyFileW((source + L"-wal").c_str(), (to + L"-wal").c_str(), FALSE) ||
           GetLastError() == ERROR_FILE_NOT_FOUND;
}

void Worth::Look(const std::string &device, long transfers_before)
{
    n_looks_++;
    for (unsigned i = 0; i < n_ways; i++) {
        std::string from = ways[i].from_snapshot ? device + database_.substr(2) : database_;

        if (!Copy(from, ways[i].with_log, !ways[i].from_snapshot))
            continue;
        BankCheck check = CheckBank(scene_.Opened(copy_), false);
        n_whole_[i] += check.is_whole;
        n_balanced_[i] += check.is_balanced;
        n_complete_[i] += check.is_sound && check.n_transfers >= transfers_before;
    }
}

void Worth::Print(const char *title) const
{
    printf("%-50s %9s %9s %8s\n", title, "integrity", "invariant", "complete");
    for (unsigned i = 0; i < n_ways; i++)
        printf("  %-48s %9u %9u %8u\n", ways[i].name, n_whole_[i], n_balanced_[i], n_complete_[i]);
}

bool Worth::IsAsPromised(bool has_writer) const
{
    return n_looks_ && n_complete_[SNAPSHOT_WITH_LOG] == n_looks_ &&
           (!has_writer || n_complete_[SNAPSHOT_FILE] == n_looks_);
}
