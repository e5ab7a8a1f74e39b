/* SPDX-License-Identifier: MIT */
/* Paths as texts (Learn: "Shell Path Handling Functions"), in both widths, and PathMatchSpec. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/include/vssemu_types.h"
#include "fakes/windows/fold.h"

#include <shlwapi.h>
#include <stdbool.h>
#include <string.h>

#define CHAR_T         char
#define NAME(function) function##A
#include "fakes/windows/system/shell_path_template.h"
#undef CHAR_T
#undef NAME

#define CHAR_T         WCHAR
#define NAME(function) function##W
#include "fakes/windows/system/shell_path_template.h"
#undef CHAR_T
#undef NAME

/* * and ? as written, without regard to case; the dots of names mean nothing here. */
static bool matches(const char *name, const char *mask)
{
    const char *star = NULL, *tried = NULL;

    while (*name) {
        const char *next_name = name, *next_mask = mask;
        uint32_t c = fold_upper(fold_next(&next_name));

        if (*mask == '*') {
            star = ++mask;
            tried = name;
        } else if (*mask && (*mask == '?' || fold_upper(fold_next(&next_mask)) == c)) {
            mask = *mask == '?' ? mask + 1 : next_mask;
            name = next_name;
        } else if (star) {
            mask = star;
            fold_next(&tried);
            name = tried;
        } else {
            return false;
        }
    }
    while (*mask == '*')
        mask++;
    return !*mask;
}

/* Learn: "PathMatchSpecW": several masks are apart by semicolons; blanks before one are none of
 * it. */
BOOL WINAPI PathMatchSpecA(LPCSTR name, LPCSTR masks)
{
    if (!name || !masks)
        return FALSE;
    if (strcmp(masks, "*.*") == 0)
        return TRUE;
    for (;;) {
        masks += strspn(masks, " ");
        size_t n = strcspn(masks, ";");
        auto_free char *mask = mem_alloc(n + 1);

        memcpy(mask, masks, n);
        if (matches(name, mask))
            return TRUE;
        if (!masks[n])
            return FALSE;
        masks += n + 1;
    }
}

BOOL WINAPI PathMatchSpecW(LPCWSTR name, LPCWSTR masks)
{
    auto_free char *utf8_name = utf8_from_utf16((const uint16_t *)name);
    auto_free char *utf8_masks = utf8_from_utf16((const uint16_t *)masks);

    return PathMatchSpecA(utf8_name, utf8_masks);
}
