/* SPDX-License-Identifier: MIT */
#include "fakes/windows/system/profile.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct line {
    const char *start, *end;   /* whole, with its end */
    const char *first, *limit; /* without blanks around it */
};

static void trim(const char **first, const char **limit)
{
    while (*first < *limit && isspace((unsigned char)**first))
        (*first)++;
    while (*limit > *first && isspace((unsigned char)(*limit)[-1]))
        (*limit)--;
}

/* The line at `at`; false at the end. */
static bool line_at(const char *at, const char *end, struct line *ret)
{
    if (at >= end)
        return false;
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    *ret = (struct line){ .start = at, .end = newline ? newline + 1 : end };
    ret->first = ret->start;
    ret->limit = ret->end;
    trim(&ret->first, &ret->limit);
    return true;
}

static bool is_name(const char *first, const char *limit, const char *name)
{
    size_t n = (size_t)(limit - first);

    return strlen(name) == n && strncasecmp(first, name, n) == 0;
}

/* "[name]" */
static bool is_header(const struct line *line, const char **ret_first, const char **ret_limit)
{
    if (line->first == line->limit || *line->first != '[')
        return false;
    const char *close = memchr(line->first, ']', (size_t)(line->limit - line->first));
    *ret_first = line->first + 1;
    *ret_limit = close ? close : line->limit;
    trim(ret_first, ret_limit);
    return true;
}

bool profile_find_section(const char *text, const char *name, struct profile_section *ret)
{
    const char *end = text + strlen(text), *first, *limit;
    bool has_found = false;

    for (struct line line; line_at(text, end, &line); text = line.end) {
        if (!is_header(&line, &first, &limit))
            continue;
        if (has_found) {
            ret->end = line.start;
            return true;
        }
        has_found = is_name(first, limit, name);
        *ret = (struct profile_section){ line.start, line.end, end };
    }
    return has_found;
}

/* The name of an entry; false: the line is empty or a comment. */
static bool is_entry(const struct line *line, const char **ret_limit, const char **ret_equals)
{
    if (line->first == line->limit || *line->first == ';')
        return false;
    const char *equals = memchr(line->first, '=', (size_t)(line->limit - line->first));
    const char *first = line->first;
    *ret_equals = equals;
    *ret_limit = equals ? equals : line->limit;
    trim(&first, ret_limit);
    return true;
}

bool profile_find_entry(const struct profile_section *section, const char *key,
                        struct profile_entry *ret)
{
    const char *name_end, *equals;

    for (struct line line = { .end = section->body }; line_at(line.end, section->end, &line);) {
        if (!is_entry(&line, &name_end, &equals) || !equals || !is_name(line.first, name_end, key))
            continue;
        const char *first = equals + 1, *limit = line.limit;
        trim(&first, &limit);
        if (limit - first >= 2 && (*first == '"' || *first == '\'') && limit[-1] == *first) {
            first++;
            limit--;
        }
        *ret = (struct profile_entry){ line.start, line.end, first, (size_t)(limit - first) };
        return true;
    }
    return false;
}

void profile_list_sections(const char *text, struct str *out)
{
    const char *end = text + strlen(text), *first, *limit;

    for (struct line line; line_at(text, end, &line); text = line.end)
        if (is_header(&line, &first, &limit))
            str_addf(out, "%.*s\n", (int)(limit - first), first);
}

void profile_list_entries(const struct profile_section *section, bool with_values, struct str *out)
{
    const char *name_end, *equals;

    for (struct line line = { .end = section->body }; line_at(line.end, section->end, &line);) {
        if (!is_entry(&line, &name_end, &equals))
            continue;
        str_add_bytes(out, line.first, (size_t)(name_end - line.first));
        if (with_values && equals) {
            const char *first = equals, *limit = line.limit;
            str_add_char(out, '=');
            first++;
            trim(&first, &limit);
            str_add_bytes(out, first, (size_t)(limit - first));
        }
        str_add_char(out, '\n');
    }
}

/* Where a new entry goes: behind the last line that is not empty. */
static const char *last_place(const struct profile_section *section)
{
    const char *place = section->body;

    for (struct line line = { .end = section->body }; line_at(line.end, section->end, &line);)
        if (line.first < line.limit)
            place = line.end;
    return place;
}

void profile_change(const char *text, const char *section, const char *key, const char *value,
                    struct str *out)
{
    struct profile_section found;
    struct profile_entry entry;
    const char *from = text + strlen(text), *to = from;
    bool is_there = profile_find_section(text, section, &found);
    bool is_new = !is_there && key && value;

    if (is_there && !key) {
        from = found.start;
        to = found.end;
    } else if (is_there && profile_find_entry(&found, key, &entry)) {
        from = entry.start;
        to = entry.end;
    } else if (is_there) {
        from = to = last_place(&found);
    }
    str_add_bytes(out, text, (size_t)(from - text));
    if (key && value) {
        if (from > text && from[-1] != '\n')
            str_add(out, "\r\n");
        if (is_new)
            str_addf(out, "[%s]\r\n", section);
        str_addf(out, "%s=%s\r\n", key, value);
    }
    str_add(out, to);
}
