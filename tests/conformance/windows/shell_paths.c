/* SPDX-License-Identifier: MIT */
/* run: alone */
/* Paths as texts. Learn: "Shell Path Handling Functions". */
#include "say.h"

#include <shlwapi.h>

static void parts(void)
{
    static const WCHAR *const paths[] = {
        L"c:\\dir\\file.txt",        L"c:\\dir\\", L"file",  L"c:\\",
        L"\\\\server\\share\\x.y.z", L"",          L"a.b\\c"
    };
    WCHAR text[MAX_PATH];

    for (int i = 0; i < 7; i++) {
        say("-- %d", i);
        SAY_WIDE(PathFindFileNameW(paths[i]));
        SAY_WIDE(PathFindExtensionW(paths[i]));
        SAY_NUMBER(PathIsRelativeW(paths[i]) != 0);
        SAY_NUMBER(PathIsUNCW(paths[i]) != 0);
        SAY_NUMBER(PathIsRootW(paths[i]) != 0);
        SAY_NUMBER(PathGetDriveNumberW(paths[i]));
        lstrcpyW(text, paths[i]);
        SAY_NUMBER(PathRemoveFileSpecW(text) != 0);
        SAY_WIDE(text);
        lstrcpyW(text, paths[i]);
        PathAddBackslashW(text);
        SAY_WIDE(text);
        lstrcpyW(text, paths[i]);
        PathRemoveBackslashW(text);
        SAY_WIDE(text);
        lstrcpyW(text, paths[i]);
        PathStripPathW(text);
        SAY_WIDE(text);
        lstrcpyW(text, paths[i]);
        PathRemoveExtensionW(text);
        SAY_WIDE(text);
    }
}

static void combine(LPCWSTR folder, LPCWSTR file)
{
    WCHAR text[MAX_PATH];

    if (PathCombineW(text, folder, file))
        SAY_WIDE(text);
    else
        say("NULL");
}

static void combinations(void)
{
    WCHAR text[MAX_PATH];
    char narrow[MAX_PATH];

    combine(L"c:\\dir", L"file");
    combine(L"c:\\dir\\", L"file");
    combine(L"c:\\dir", L"\\file");
    combine(L"c:\\dir", L"d:\\file");
    combine(L"c:\\dir", L"..\\file");
    combine(L"c:\\dir", L".\\a\\..\\b");
    combine(L"c:\\", L"..\\..\\x");
    combine(L"c:\\dir", NULL);
    combine(NULL, L"file");
    combine(NULL, NULL);
    combine(L"c:\\dir", L"\\\\server\\share");
    lstrcpyW(text, L"c:\\a");
    SAY_NUMBER(PathAppendW(text, L"\\b") != 0);
    SAY_WIDE(text);
    strcpy(narrow, "c:\\a b");
    PathQuoteSpacesA(narrow);
    SAY_NARROW(narrow);
    PathUnquoteSpacesA(narrow);
    SAY_NARROW(narrow);
    SAY_NUMBER(PathAppendA(narrow, "x.txt") != 0);
    SAY_NUMBER(PathRenameExtensionA(narrow, ".bak") != 0);
    SAY_NARROW(narrow);
    SAY_NUMBER(PathStripToRootA(narrow) != 0);
    SAY_NARROW(narrow);
}

static void masks(void)
{
    SAY_NUMBER(PathMatchSpecW(L"file.txt", L"*.txt") != 0);
    SAY_NUMBER(PathMatchSpecW(L"file.TXT", L"f*.t?t") != 0);
    SAY_NUMBER(PathMatchSpecW(L"file", L"*.*") != 0);
    SAY_NUMBER(PathMatchSpecW(L"file.txt", L"*.doc; *.txt") != 0);
    SAY_NUMBER(PathMatchSpecW(L"file.txt", L"*.doc") != 0);
    SAY_NUMBER(PathMatchSpecW(L"a.b.c", L"a*c") != 0);
}

int wmain(void)
{
    parts();
    combinations();
    masks();
    return 0;
}
