/* SPDX-License-Identifier: MIT */
/* A loop on a variable and nothing else, compiled with -fvssemu-fine. Usage: stuck-fine WAY:
 * another thread sets it "later", "soon", or "never". */
#include <windows.h>

#include <stdio.h>
#include <string.h>

static volatile int is_set;

static DWORD WINAPI set_after(void *time)
{
    Sleep((DWORD)(DWORD_PTR)time);
    is_set = 1;
    return 0;
}

int main(int argc, char **argv)
{
    const char *way = argc > 1 ? argv[1] : "";
    DWORD_PTR time = strcmp(way, "soon") == 0 ? 1 : 600000;

    if (strcmp(way, "never") != 0)
        CreateThread(NULL, 0, set_after, (void *)time, 0, NULL);
    while (!is_set)
        ;
    puts("set");
    return 0;
}
