/* SPDX-License-Identifier: MIT */
/* run: alone */
/* Command lines taken apart. Learn: "CommandLineToArgvW", "Parsing C Command-Line Arguments". */
#include "say.h"

#include <shellapi.h>

static void split(LPCWSTR line)
{
    int n = 0;
    LPWSTR *words = CommandLineToArgvW(line, &n);

    say("%d words", n);
    for (int i = 0; i < n; i++)
        SAY_WIDE(words[i]);
    LocalFree(words);
}

int wmain(void)
{
    int n = 5;

    split(L"program one two");
    split(L"\"c:\\program files\\x.exe\"  a\tb ");
    split(L"p \"a b\" c\"d e\"f");
    split(L"p a\\b c\\\"d \"e\\\\\" f\\\\g");
    split(L"p \"a\\\"b\" \\\\\\\"x");
    split(L"p \"\" \"");
    split(L"p \"he said \"\"no\"\"\" end");
    split(L"p *.txt 'x y'");
    SAY_POINTER(CommandLineToArgvW(L"x", NULL));
    return n == 5 ? 0 : 1;
}
