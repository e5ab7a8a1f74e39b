/* SPDX-License-Identifier: MIT */
/* A backup that checks its own document before it calls itself done: a restore would read there
 * which components are saved. The bug: the document is saved before SetBackupSucceeded and
 * BackupComplete, and says of no component that it is. */
#include <windows.h>
#include "kit/requester.h"

static UINT Count(const WCHAR *xml, const WCHAR *text)
{
    UINT n = 0;

    for (const WCHAR *at = wcsstr(xml, text); at; at = wcsstr(at + 1, text))
        n++;
    return n;
}

/* Reads the document as a restore would. */
static BOOL CheckDocument(const struct Requester *r)
{
    struct Requester restore = { .backup = NULL };
    BSTR xml = LoadDocument();

    if (!xml || FAILED(CreateVssBackupComponents(&restore.backup))) {
        SysFreeString(xml);
        return FALSE;
    }
    UINT nSaved = Count(xml, L"backupSucceeded=\"yes\"");
    BOOL isGood = Say(L"InitializeForRestore",
                      IVssBackupComponents_InitializeForRestore(restore.backup, xml)) &&
                  RUN(&restore, GatherWriterMetadata) && nSaved == r->nChosen;
    wprintf(L"    the document says of %u of %u components that they are saved\n", nSaved,
            r->nChosen);
    SysFreeString(xml);
    Close(&restore);
    return isGood;
}

static BOOL Backup(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r) || !MakeShadowCopies(r))
        return Abort(r);
    BOOL isCopied = CopyAll(r);
#ifdef PLANTED
    BOOL isKept = SaveDocument(r);
    BOOL isReported = ReportSuccess(r), isEnded = Complete(r);
#else
    BOOL isReported = ReportSuccess(r), isEnded = Complete(r);
    BOOL isKept = SaveDocument(r);
#endif
    return isReported && isEnded && isKept && isCopied && CheckDocument(r);
}

int wmain(void)
{
    return RequesterMain(Backup);
}
