/* SPDX-License-Identifier: MIT */
/* run: alone */
/* Comparing versions; nothing here tells which Windows it is. Learn: "VerSetConditionMask",
 * "VerifyVersionInfoW", "GetVersionExW". */
#include "say.h"

static void masks(void)
{
    ULONGLONG mask = 0;

    mask = VerSetConditionMask(mask, VER_MAJORVERSION, VER_GREATER_EQUAL);
    say("%llx", (unsigned long long)mask);
    mask = VerSetConditionMask(mask, VER_MINORVERSION, VER_LESS);
    say("%llx", (unsigned long long)mask);
    mask = VerSetConditionMask(mask, VER_SUITENAME, VER_OR);
    say("%llx", (unsigned long long)mask);
    mask = VerSetConditionMask(mask, VER_PRODUCT_TYPE, VER_EQUAL);
    say("%llx", (unsigned long long)mask);
    mask = VerSetConditionMask(mask, 0, VER_EQUAL);
    say("%llx", (unsigned long long)mask);
}

static void verifications(void)
{
    OSVERSIONINFOEXW want, have;
    ULONGLONG mask = 0;

    memset(&have, 0, sizeof(have));
    have.dwOSVersionInfoSize = sizeof(have);
    SAY_BOOL(GetVersionExW((OSVERSIONINFOW *)&have));
    have.dwOSVersionInfoSize = 5;
    SAY_BOOL(GetVersionExW((OSVERSIONINFOW *)&have));
    memset(&want, 0, sizeof(want));
    want.dwOSVersionInfoSize = sizeof(want);
    want.dwMajorVersion = 6;
    mask = VerSetConditionMask(0, VER_MAJORVERSION, VER_GREATER_EQUAL);
    SAY_BOOL(VerifyVersionInfoW(&want, VER_MAJORVERSION, mask));
    mask = VerSetConditionMask(mask, VER_MINORVERSION, VER_GREATER_EQUAL);
    want.dwMinorVersion = 0;
    SAY_BOOL(VerifyVersionInfoW(&want, VER_MAJORVERSION | VER_MINORVERSION, mask));
    want.dwMajorVersion = 99;
    SAY_BOOL(VerifyVersionInfoW(&want, VER_MAJORVERSION, mask));
    SAY_BOOL(VerifyVersionInfoW(&want, VER_MAJORVERSION | VER_MINORVERSION, mask));
    mask = VerSetConditionMask(0, VER_MAJORVERSION, VER_LESS);
    SAY_BOOL(VerifyVersionInfoW(&want, VER_MAJORVERSION, mask));
    SAY_BOOL(VerifyVersionInfoW(&want, 0, mask));
    SAY_BOOL(VerifyVersionInfoW(&want, VER_MAJORVERSION, 0));
}

int wmain(void)
{
    masks();
    verifications();
    return 0;
}
