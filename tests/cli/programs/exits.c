/* SPDX-License-Identifier: MIT */
/* A requester that does next to nothing and leaves with the code of its first argument, or, told
 * "stay", never, or, told "wait" and a number of hours, behind them. */
#define COBJMACROS
#include <stdlib.h>
#include <string.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>

int main(int argc, char **argv)
{
    IVssBackupComponents *backup;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (SUCCEEDED(CreateVssBackupComponents(&backup))) {
        IVssBackupComponents_InitializeForBackup(backup, NULL);
        IVssBackupComponents_Release(backup);
    }
    if (argc > 1 && strcmp(argv[1], "stay") == 0)
        for (volatile unsigned n = 0;; n++)
            ;
    if (argc > 2 && strcmp(argv[1], "wait") == 0)
        Sleep((DWORD)atoi(argv[2]) * 3600 * 1000);
    CoUninitialize();
    return argc > 1 ? atoi(argv[1]) : 0;
}
