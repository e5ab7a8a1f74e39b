/* SPDX-License-Identifier: MIT */
/* The disk behind the volumes as a path (see path.h). */
#include "emu/base/mem.h"
#include "fakes/windows/path.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_slash(char c)
{
    return c == '\\' || c == '/';
}

static bool is_of_dot_device(const char *text)
{
    return is_slash(text[0]) && is_slash(text[1]) && (text[2] == '.' || text[2] == '?') &&
           is_slash(text[3]);
}

/* \\.\PhysicalDrive0 is the one disk on which all volumes lie; others are not there. */
bool path_disk_name(const char *text, struct win_path *ret_path)
{
    const char *name = "PhysicalDrive";
    size_t length = strlen(name);
    char *end;

    if (!is_of_dot_device(text) || strncasecmp(text + 4, name, length) != 0 ||
        !isdigit((unsigned char)text[4 + length]))
        return false;
    unsigned long number = strtoul(text + 4 + length, &end, 10);
    if (*end || number > 0x7FFFFFFF)
        return false;
    ret_path->kind = number ? PATH_NO_DEVICE : PATH_DISK;
    ret_path->text = mem_strdup("");
    ret_path->prefix = mem_strdup(text);
    return true;
}
