/* SPDX-License-Identifier: MIT */
/* Names that are devices wherever they stand. */
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "fakes/windows/path.h"

#include <ctype.h>
#include <string.h>

static bool is_slash(char c)
{
    return c == '\\' || c == '/';
}

static bool is_drive(const char *text)
{
    return isalpha((unsigned char)text[0]) && text[1] == ':';
}

static enum path_kind kind_of_reserved(const char *name, size_t length)
{
    static const struct {
        const char *name;
        enum path_kind kind;
    } rows[] = {
        { "NUL", PATH_NULL },        { "CON", PATH_CONSOLE },   { "CONIN$", PATH_CONSOLE },
        { "CONOUT$", PATH_CONSOLE }, { "PRN", PATH_NO_DEVICE }, { "AUX", PATH_NO_DEVICE },
        { "COM", PATH_NO_DEVICE },   { "LPT", PATH_NO_DEVICE },
    };
    bool has_number = length == 4 && name[3] >= '1' && name[3] <= '9';

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool is_numbered = str_is_equal(rows[i].name, "COM") || str_is_equal(rows[i].name, "LPT");
        size_t wanted = strlen(rows[i].name);
        if (length == wanted + is_numbered && (!is_numbered || has_number) &&
            strncasecmp(name, rows[i].name, wanted) == 0)
            return rows[i].kind;
    }
    return PATH_HOST; /* none of them */
}

/* Names of devices, alone or behind a directory of a drive, with or without an extension (Learn:
 * "Naming Files, Paths, and Namespaces"). On the host only NUL and the console mean anything. */
bool path_reserved_name(const char *text, struct win_path *path)
{
    const char *name = text;

    if (is_drive(text)) {
        for (const char *c = text + 2; *c; c++) {
            if (is_slash(*c))
                name = c + 1;
        }
    }
    bool is_explicit =
        is_slash(name[0]) && is_slash(name[1]) && name[2] == '.' && is_slash(name[3]);
    if (is_explicit)
        name += 4;
    bool is_of_drive = name != text && !is_explicit;
    size_t length = is_of_drive ? strcspn(name, ".:") : strlen(name);
    while (is_of_drive && length && name[length - 1] == ' ')
        length--;
    enum path_kind kind = kind_of_reserved(name, length);
    if (kind == PATH_HOST || (kind == PATH_NO_DEVICE && !is_of_drive))
        return false;
    path->kind = kind;
    path->text =
        kind == PATH_NULL ? mem_strdup("/dev/null") : str_printf("%.*s", (int)length, name);
    return true;
}
