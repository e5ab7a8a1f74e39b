/* SPDX-License-Identifier: MIT */
/* A backup that keeps the writers' states in a table of its own. The bug: a row is found by the
 * writer's class, but two instances of one class may run (the active and the replica half of a mail
 * server), and one of them may fail alone. */
#include <windows.h>
#include "kit/requester.h"

#define MAX_ROWS 128

struct Row {
    VSS_ID instance, class_;
    HRESULT failure;
};

struct Table {
    struct Row rows[MAX_ROWS];
    UINT count;
};

static struct Row *Find(struct Table *table, const VSS_ID *instance, const VSS_ID *class_)
{
    for (UINT i = 0; i < table->count; i++) {
#ifdef PLANTED
        (void)instance;
        if (IsEqualGUID(&table->rows[i].class_, class_))
            return &table->rows[i];
#else
        (void)class_;
        if (IsEqualGUID(&table->rows[i].instance, instance))
            return &table->rows[i];
#endif
    }
    return NULL;
}

static BOOL ReadStates(struct Requester *r, struct Table *table)
{
    UINT count = 0;

    table->count = 0;
    if (!RUN(r, GatherWriterStatus))
        return FALSE;
    IVssBackupComponents_GetWriterStatusCount(r->backup, &count);
    for (UINT i = 0; i < count; i++) {
        struct Row row;
        VSS_WRITER_STATE state;
        BSTR name = NULL;
        if (FAILED(IVssBackupComponents_GetWriterStatus(r->backup, i, &row.instance, &row.class_,
                                                        &name, &state, &row.failure)))
            continue;
        wprintf(L"    %s: state %d, 0x%08lx\n", name, state, row.failure);
        SysFreeString(name);
        struct Row *old = Find(table, &row.instance, &row.class_);
        if (old)
            *old = row;
        else if (table->count < MAX_ROWS)
            table->rows[table->count++] = row;
    }
    IVssBackupComponents_FreeWriterStatus(r->backup);
    return TRUE;
}

/* Whether the writers of all chosen components are well. */
static BOOL AllWell(struct Requester *r)
{
    struct Table table;
    BOOL all = ReadStates(r, &table);

    for (UINT i = 0; all && i < r->nChosen; i++) {
        struct Row *row = Find(&table, &r->chosen[i].instance, &r->chosen[i].writer);
        r->chosen[i].isWell = row && SUCCEEDED(row->failure);
        all = r->chosen[i].isWell;
    }
    return all;
}

static BOOL Backup(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r) || !StartSet(r) || !AddVolumes(r) ||
        !RUN(r, PrepareForBackup) || !AllWell(r) || !RUN(r, DoSnapshotSet) || !AllWell(r) ||
        !FindDevices(r))
        return Abort(r);
    BOOL isCopied = CopyAll(r);
    BOOL isReported = ReportSuccess(r);
    BOOL isComplete = RUN(r, BackupComplete) && AllWell(r);
    return SaveDocument(r) && isComplete && isReported && isCopied;
}

int wmain(void)
{
    return RequesterMain(Backup);
}
