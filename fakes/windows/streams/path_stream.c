/* SPDX-License-Identifier: MIT */
/* See path_stream.h. */
#include "fakes/windows/streams/path_stream.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"

#include <ctype.h>
#include <string.h>

#define MAX_STREAM 254 /* bytes; what it lies in has a character more */

static char *last_element(char *text)
{
    char *last = text;

    for (char *c = text; *c; c++) {
        if (*c == '\\' || *c == '/')
            last = c + 1;
    }
    if (last == text && isalpha((unsigned char)text[0]) && text[1] == ':')
        last += 2;
    return last;
}

/* $INDEX_ALLOCATION is what a directory itself is made of. */
static DWORD check_type(const char *name, const char *type)
{
    if (str_is_equal_nocase(type, "$DATA"))
        return ERROR_SUCCESS;
    bool is_directory = str_is_equal_nocase(type, "$INDEX_ALLOCATION") &&
                        (!*name || str_is_equal_nocase(name, "$I30"));
    return is_directory ? ERROR_SUCCESS : ERROR_INVALID_NAME;
}

DWORD path_cut_stream(char *text, char **ret_stream, bool *ret_cut)
{
    char *last = last_element(text), *colon = strchr(last, ':');

    *ret_stream = NULL;
    *ret_cut = false;
    if (!colon || !colon[1]) /* a device such as \\.\C: ends so; as a file's name it is wrong */
        return ERROR_SUCCESS;
    char *name = colon + 1, *second = strchr(name, ':');
    if (second && strchr(second + 1, ':'))
        return ERROR_INVALID_NAME;
    if (second) {
        *second = 0;
        DWORD error = check_type(name, second + 1);
        if (error)
            return error;
        if (str_is_equal_nocase(second + 1, "$INDEX_ALLOCATION"))
            *name = 0;
    }
    if (strlen(name) > MAX_STREAM)
        return ERROR_INVALID_NAME;
    *ret_stream = *name ? mem_strdup(name) : NULL;
    *ret_cut = true;
    *colon = 0;
    return ERROR_SUCCESS;
}
