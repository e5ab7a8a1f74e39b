/* SPDX-License-Identifier: MIT */
/* Texts in texts (Learn: "StrStrW", "StrStrIW"). */

#include "emu/include/vssemu_types.h"

#include <shlwapi.h>
#include <string.h>

static LPWSTR find(LPCWSTR text, LPCWSTR wanted, DWORD flags)
{
    int n = wanted ? lstrlenW(wanted) : 0;

    if (!text || !n)
        return NULL;
    for (int left = lstrlenW(text); left >= n; left--, text++) {
        if (CompareStringW(LOCALE_INVARIANT, flags, text, n, wanted, n) == CSTR_EQUAL)
            return (LPWSTR)(UINT_PTR)text;
    }
    return NULL;
}

LPWSTR WINAPI StrStrW(LPCWSTR text, LPCWSTR wanted)
{
    return find(text, wanted, 0);
}

LPWSTR WINAPI StrStrIW(LPCWSTR text, LPCWSTR wanted)
{
    return find(text, wanted, NORM_IGNORECASE);
}

LPSTR WINAPI StrStrA(LPCSTR text, LPCSTR wanted)
{
    return text && wanted && *wanted ? strstr(text, wanted) : NULL;
}

/* Deviation: only ASCII letters are the same in both cases. */
LPSTR WINAPI StrStrIA(LPCSTR text, LPCSTR wanted)
{
    return text && wanted && *wanted ? strcasestr(text, wanted) : NULL;
}
