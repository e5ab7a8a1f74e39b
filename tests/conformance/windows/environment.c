/* SPDX-License-Identifier: MIT */
/* run: alone */
/* Variables of the environment: sizes with and without the NUL, errors of each. Learn:
 * "GetEnvironmentVariable", "SetEnvironmentVariable", "ExpandEnvironmentStrings". */
#include "say.h"

static void variables(void)
{
    WCHAR value[8];

    SAY_BOOL(SetEnvironmentVariableW(L"SAY_ONE", L"first"));
    wmemset(value, L'#', 8);
    SAY_COUNT(GetEnvironmentVariableW(L"SAY_ONE", value, 8), 0);
    SAY_WIDE_N(value, 8);
    wmemset(value, L'#', 8);
    SAY_COUNT(GetEnvironmentVariableW(L"SAY_ONE", value, 6), 0);
    SAY_COUNT(GetEnvironmentVariableW(L"SAY_ONE", value, 5), 0);
    SAY_COUNT(GetEnvironmentVariableW(L"SAY_ONE", NULL, 0), 0);
    SAY_COUNT(GetEnvironmentVariableW(L"say_one", value, 8), 0);
    SAY_COUNT(GetEnvironmentVariableW(L"SAY_NONE", value, 8), 0);
    SAY_BOOL(SetEnvironmentVariableW(L"SAY_ONE", L""));
    SetLastError(SAY_UNTOUCHED);
    SAY_NUMBER(GetEnvironmentVariableW(L"SAY_ONE", value, 8));
    SAY_WIDE(value);
    SAY_BOOL(SetEnvironmentVariableW(L"SAY_ONE", NULL));
    SAY_COUNT(GetEnvironmentVariableW(L"SAY_ONE", value, 8), 0);
    SAY_BOOL(SetEnvironmentVariableW(L"SAY_ONE", NULL));
    SAY_BOOL(SetEnvironmentVariableW(NULL, L"x"));
    SAY_BOOL(SetEnvironmentVariableW(L"", L"x"));
    SAY_BOOL(SetEnvironmentVariableW(L"A=B", L"x"));
    SAY_COUNT(GetEnvironmentVariableW(L"", value, 8), 0);
}

static void narrow_variables(void)
{
    char value[16];

    SAY_BOOL(SetEnvironmentVariableA("SAY_TWO", "second"));
    SAY_COUNT(GetEnvironmentVariableA("SAY_TWO", value, 16), 0);
    SAY_NARROW(value);
    SAY_COUNT(GetEnvironmentVariableA("SAY_TWO", value, 6), 0);
    SAY_COUNT(GetEnvironmentVariableA("SAY_TWO", value, 7), 0);
    SAY_COUNT(GetEnvironmentVariableA("SAY_NONE", value, 16), 0);
}

static void expansions(void)
{
    WCHAR value[64];
    char narrow[64];

    SAY_BOOL(SetEnvironmentVariableW(L"SAY_X", L"abc"));
    SAY_COUNT(ExpandEnvironmentStringsW(L"<%SAY_X%>", value, 64), 0);
    SAY_WIDE(value);
    SAY_COUNT(ExpandEnvironmentStringsW(L"%SAY_NONE%|100%|%SAY_X%%SAY_X%", value, 64), 0);
    SAY_WIDE(value);
    SAY_COUNT(ExpandEnvironmentStringsW(L"<%SAY_X%>", NULL, 0), 0);
    SAY_COUNT(ExpandEnvironmentStringsW(L"<%SAY_X%>", value, 3), 0);
    SAY_COUNT(ExpandEnvironmentStringsW(L"%say_x%", value, 64), 0);
    SAY_WIDE(value);
    SAY_COUNT(ExpandEnvironmentStringsW(L"", value, 64), 0);
    SAY_COUNT(ExpandEnvironmentStringsA("%SAY_X%!", narrow, 64) > 4, 0);
    SAY_NARROW(narrow);
}

int wmain(void)
{
    variables();
    narrow_variables();
    expansions();
    return 0;
}
