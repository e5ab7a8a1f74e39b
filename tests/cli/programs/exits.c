/* SPDX-License-Identifier: MIT */
/* A requester that does next to nothing and leaves with the code of its first argument. */
#define COBJMACROS
#include <stdlib.h>
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
    CoUninitialize();
    return argc > 1 ? atoi(argv[1]) : 0;
}
