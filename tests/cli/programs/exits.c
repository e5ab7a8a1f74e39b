/* SPDX-License-Identifier: MIT */
/* A requester that does next to nothing and leaves with the code of its first argument, or, told
 * "stay", never. */
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
    CoUninitialize();
    return argc > 1 ? atoi(argv[1]) : 0;
}
