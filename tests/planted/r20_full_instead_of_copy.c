/* SPDX-License-Identifier: MIT */
/* The agent of a hypervisor: its backups are copies (VSS_BT_COPY), so as not to disturb the chain
 * of logs and differential backups of another product. It tries again when a backup fails. The bug:
 * the second try opens its session with the default type, a full backup. Before it reports, the
 * agent checks its document: it must say copy. */
#include <windows.h>
#include "kit/requester.h"

#define TRIES           3
#define EXIT_WRONG_TYPE 3

static struct Settings {
    VSS_BACKUP_TYPE type;
} g_settings = { VSS_BT_COPY };

static void ResetSettings(struct Settings *settings)
{
#ifdef PLANTED
    settings->type = VSS_BT_FULL;
#else
    settings->type = VSS_BT_COPY;
#endif
}

static BOOL Try(struct Requester *r)
{
    if (!Open(r, g_settings.type) || !Choose(r) || !MakeShadowCopies(r))
        return Abort(r);
    return EndBackup(r, CopyAll(r));
}

/* A document that cannot be read is a failure, and no wrong type. */
static BOOL CheckDocument(void)
{
    BSTR xml = LoadDocument();
    BOOL isRead = xml != NULL, isCopy = isRead && wcsstr(xml, L"backupType=\"copy\"") != NULL;

    SysFreeString(xml);
    if (isRead && !isCopy) {
        fwprintf(stderr, L"the document says another type of backup than copy\n");
        exit(EXIT_WRONG_TYPE);
    }
    return isRead;
}

static BOOL Backup(struct Requester *r)
{
    for (int i = 1; i <= TRIES; i++) {
        if (Try(r))
            return CheckDocument();
        UINT nFiles = r->nFiles;
        Close(r);
        r->nFiles = nFiles;
        ResetSettings(&g_settings);
        wprintf(L"    try %d of %d has failed\n", i, TRIES);
        Sleep(120000);
    }
    return FALSE;
}

int wmain(void)
{
    return RequesterMain(Backup);
}
