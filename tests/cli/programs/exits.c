/* SPDX-License-Identifier: MIT */
/* A requester that does next to nothing and leaves with the code of its first argument, or, told
 * "stay", never, or, told "wait" and a number of hours, behind them. Told "chance", it fails as one
 * does that uses what happens to lie in memory: in every run of a search, by itself where there is
 * a volume E:, with the second argument "never" nowhere. */
#define COBJMACROS
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>

/* A run of a search was forked from another process of the program. */
static int IsOfSearch(void)
{
    char path[32], name[16] = "";

    snprintf(path, sizeof(path), "/proc/%d/comm", (int)getppid());
    FILE *file = fopen(path, "r");
    if (file) {
        if (!fgets(name, sizeof(name), file))
            *name = 0;
        fclose(file);
    }
    return strncmp(name, "exits", 5) == 0;
}

static int Chance(int has_never)
{
    int has_e = (GetLogicalDrives() & 1u << ('E' - 'A')) != 0;

    return IsOfSearch() || (has_e && !has_never) ? 9 : 0;
}

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
    if (argc > 1 && strcmp(argv[1], "chance") == 0)
        return Chance(argc > 2);
    return argc > 1 ? atoi(argv[1]) : 0;
}
