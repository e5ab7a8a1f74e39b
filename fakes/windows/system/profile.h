/* SPDX-License-Identifier: MIT */
/* The text of an initialization file, "[section]" and "key=value" (Learn:
 * "GetPrivateProfileStringW"): what stands where. Names count in any case of ASCII; blanks around
 * names and values do not count, nor do lines that begin with ';'. */
#pragma once

#include "emu/base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct profile_section {
    const char *start; /* of its line */
    const char *body;  /* behind it */
    const char *end;   /* where the next one begins */
};

struct profile_entry {
    const char *start, *end; /* of its line, with its end */
    const char *value;
    size_t n; /* bytes of the value, without quotation marks around it */
};

bool profile_find_section(const char *text, const char *name, struct profile_section *ret);
bool profile_find_entry(const struct profile_section *section, const char *key,
                        struct profile_entry *ret);

/* Lists, a line each. */
void profile_list_sections(const char *text, struct str *out);
void profile_list_entries(const struct profile_section *section, bool with_values, struct str *out);

/* The text with the value put in, in the place of the old one, or at the end of its section.
 * value NULL: the key is removed; key NULL: the section is. */
void profile_change(const char *text, const char *section, const char *key, const char *value,
                    struct str *out);
