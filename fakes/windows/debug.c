/* SPDX-License-Identifier: MIT */
/* What a program says to its debugger (Learn: "Debugging Functions"): strings go to standard
 * error when VSSEMU_DEBUG_OUTPUT is set, and nowhere otherwise, as on a Windows without a
 * debugger. */
#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
#include "emu/include/vssemu_types.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void WINAPI OutputDebugStringA(LPCSTR text)
{
    if (text && getenv("VSSEMU_DEBUG_OUTPUT"))
        fputs(text, stderr);
}

void WINAPI OutputDebugStringW(LPCWSTR text)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)text);

    OutputDebugStringA(utf8);
}

void WINAPI DebugBreak(void)
{
    raise(SIGTRAP);
}

/* A tracer shows in /proc/self/status. */
BOOL WINAPI IsDebuggerPresent(void)
{
    char line[256];
    long tracer = 0;
    FILE *file = fopen("/proc/self/status", "re");

    while (file && fgets(line, sizeof(line), file)) {
        if (strncmp(line, "TracerPid:", 10) == 0)
            tracer = strtol(line + 10, NULL, 10);
    }
    if (file)
        fclose(file);
    return tracer != 0;
}
