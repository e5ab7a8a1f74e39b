/* SPDX-License-Identifier: MIT */
/* For test_console.py: two control handlers say what they get; Ctrl+C is taken by the newer one. */
#include <windows.h>

#include <stdio.h>

static BOOL WINAPI older(DWORD type)
{
    printf("older: %u\n", (unsigned)type);
    fflush(stdout);
    return FALSE;
}

static BOOL WINAPI newer(DWORD type)
{
    printf("newer: %u\n", (unsigned)type);
    fflush(stdout);
    return type == CTRL_C_EVENT;
}

int wmain(int argc, WCHAR **argv)
{
    SetConsoleCtrlHandler(older, TRUE);
    SetConsoleCtrlHandler(newer, TRUE);
    if (argc > 1 && argv[1][0] == 'i')
        SetConsoleCtrlHandler(NULL, TRUE);
    puts("ready");
    fflush(stdout);
    Sleep(INFINITE);
    return 0;
}
