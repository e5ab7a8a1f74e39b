/* SPDX-License-Identifier: MIT */
/* The text format of the registry editor of Windows (.reg files), read as a stream of what it says
 * and written value by value. Learn: "How to add, modify, or delete registry subkeys and values by
 * using a .reg file". Knows no registry: the reader tells a sink.
 *
 * Read are UTF-16 (either byte order, with its mark) and UTF-8 (a mark is allowed), any line ends,
 * the version line of Windows 2000 and later and "REGEDIT4", comments (;), [KEY], [-KEY], "name"=
 * and @= with "text", dword:, hex:, hex(N): and -, lines that go on after a backslash, and texts
 * with line ends inside. */
#pragma once

#include "emu/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum reg_type { /* the numbers of Windows (REG_SZ and so on) */
                REG_TEXT_NONE = 0,
                REG_TEXT_SZ = 1,
                REG_TEXT_EXPAND_SZ = 2,
                REG_TEXT_BINARY = 3,
                REG_TEXT_DWORD = 4,
                REG_TEXT_MULTI_SZ = 7,
};

/* Each answers NULL, or why that cannot be (a text to free). Texts are UTF-8. */
struct reg_sink {
    char *(*add_key)(void *arg, const char *path);
    char *(*delete_key)(void *arg, const char *path);
    /* Of the key that was added last; name "" is the default value. Texts are UTF-16,
     * little-endian, with their zero. */
    char *(*set_value)(void *arg, const char *name, uint32_t type, const void *data, size_t size);
    char *(*delete_value)(void *arg, const char *name);
};

/* file is the name for messages. sink NULL: looks at the form alone. *ret_error gets "FILE:LINE:
 * what is wrong; what to do" (the caller frees). */
bool reg_text_read(const void *bytes, size_t size, const char *file, const struct reg_sink *sink,
                   void *arg, char **ret_error);

/* The first lines of a file, and its parts, in UTF-8. */
void reg_text_begin(struct str *out);
void reg_text_add_key(struct str *out, const char *path);
void reg_text_add_value(struct str *out, const char *name, uint32_t type, const void *data,
                        size_t size);
