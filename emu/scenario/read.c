/* SPDX-License-Identifier: MIT */
/* See read_i.h. */
#include "emu/scenario/read_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/duration.h"
#include "emu/base/str.h"
#include "emu/scenario/words.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* Where the text of that line of the file begins. */
static unsigned first_column(const struct reader *r, unsigned line)
{
    const char *at = r->text, *end = r->text + r->size;
    unsigned column = 1;

    for (; line > 1 && at; line--) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    for (; at && at < end && (*at == ' ' || *at == '\t'); at++)
        column++;
    return column;
}

bool read_fail(struct reader *r, const struct tree_node *node, const char *format, ...)
{
    auto_str struct str text = { 0 };
    va_list args;

    va_start(args, format);
    str_vaddf(&text, format, args);
    va_end(args);
    free(*r->ret_error);
    unsigned column = node->column ? node->column : first_column(r, node->line);
    *r->ret_error = str_printf("%s:%u:%u: %s", r->name, node->line, column, text.text);
    return false;
}

/* ---- values ---- */

static bool is_scalar(struct reader *r, const struct tree_node *node, const char *what)
{
    if (node->kind == TREE_SCALAR)
        return true;
    return read_fail(r, node, "%s%sthis takes %s, not a %s", node->key ? node->key : "",
                     node->key ? ": " : "", what, node->kind == TREE_MAP ? "mapping" : "list");
}

bool read_text(struct reader *r, const struct tree_node *node, char **ret)
{
    if (!is_scalar(r, node, "a text"))
        return false;
    if (strlen(node->text) != node->size)
        return read_fail(r, node, "a zero stands in this text");
    free(*ret);
    *ret = mem_strdup(node->text);
    return true;
}

bool read_bool(struct reader *r, const struct tree_node *node, bool *ret)
{
    static const char *const yes[] = { "true", "yes", "on" }, *const no[] = { "false", "no",
                                                                              "off" };

    if (!is_scalar(r, node, "yes or no"))
        return false;
    for (size_t i = 0; i < 3; i++) {
        if (str_is_equal_nocase(node->text, yes[i]) || str_is_equal_nocase(node->text, no[i])) {
            *ret = str_is_equal_nocase(node->text, yes[i]);
            return true;
        }
    }
    return read_fail(r, node, "yes or no stands here, not %s", node->text);
}

static bool take_number(const char *text, uint64_t *ret, const char **ret_end)
{
    char *end;

    errno = 0;
    unsigned long long value = strtoull(text, &end, 0);
    if (errno || end == text || *text == '-')
        return false;
    *ret = value;
    *ret_end = end;
    return true;
}

bool read_u64(struct reader *r, const struct tree_node *node, uint64_t *ret)
{
    const char *end;

    if (!is_scalar(r, node, "a number"))
        return false;
    if (!take_number(node->text, ret, &end) || *end || *ret > INT64_MAX)
        return read_fail(r, node, "a number from 0 to %" PRId64 " stands here, not %s", INT64_MAX,
                         node->text);
    return true;
}

bool read_size(struct reader *r, const struct tree_node *node, uint64_t *ret)
{
    static const char *const units[] = { "", "KB", "MB", "GB" };
    const char *end;

    if (!is_scalar(r, node, "a number of bytes"))
        return false;
    if (take_number(node->text, ret, &end)) {
        end += *end == ' ';
        for (unsigned i = 0; i < 4; i++) {
            if (str_is_equal_nocase(end, units[i]) && *ret <= (uint64_t)INT64_MAX >> (10 * i)) {
                *ret <<= 10 * i;
                return true;
            }
        }
    }
    return read_fail(r, node, "a number of bytes stands here (also 4KB, 20MB, 2GB), not %s",
                     node->text);
}

bool read_duration(struct reader *r, const struct tree_node *node, int64_t *ret)
{
    if (!is_scalar(r, node, "a length of time"))
        return false;
    if (!duration_parse(node->text, ret) || *ret < 0)
        return read_fail(r, node, "a length of time stands here, such as 250ms, 20s or 5m, not %s",
                         node->text);
    return true;
}

/* ---- lines ---- */

/* A block: each line by itself, with its own place. */
static bool read_block(struct reader *r, const struct tree_node *node, read_line *each, void *into)
{
    struct tree_node place = { .line = node->line }; /* no column: where its text begins */

    for (const char *at = node->text; *at;) {
        size_t n = strcspn(at, "\n");
        auto_free char *line = str_printf("%.*s", (int)n, at);
        char *begin = line + strspn(line, " \t\r"), *end = begin + strlen(begin);

        place.line++; /* the block begins on the line below its mark */
        at += n + (at[n] == '\n');
        while (end > begin && isspace((unsigned char)end[-1]))
            *--end = 0;
        if (*begin && *begin != '#' && !each(r, begin, &place, into))
            return false;
    }
    return true;
}

static bool read_one_line(struct reader *r, const struct tree_node *node, read_line *each,
                          void *into)
{
    if (node->kind == TREE_MAP && node->items.count == 1 &&
        node->items.items[0]->kind == TREE_SCALAR) {
        const struct tree_node *member = node->items.items[0];
        auto_free char *line =
            str_printf("%s:%s%s", member->key, *member->text ? " " : "", member->text);

        return each(r, line, node, into);
    }
    if (!is_scalar(r, node, "a line of text"))
        return false;
    if (node->is_quoted && strchr(node->text, '\n'))
        return read_block(r, node, each, into);
    return each(r, node->text, node, into);
}

bool read_lines(struct reader *r, const struct tree_node *node, read_line *each, void *into)
{
    if (tree_is_null(node))
        return true;
    if (node->kind != TREE_LIST)
        return read_one_line(r, node, each, into);
    for (size_t i = 0; i < node->items.count; i++) {
        if (!read_one_line(r, node->items.items[i], each, into))
            return false;
    }
    return true;
}

static bool add_text(struct reader *r, const char *line, const struct tree_node *place, void *into)
{
    (void)r;
    (void)place;
    scenario_texts_add(into, line);
    return true;
}

bool read_texts(struct reader *r, const struct tree_node *node, struct scenario_texts *into)
{
    return read_lines(r, node, add_text, into);
}

/* ---- mappings ---- */

static const char *row_key(const void *rows, size_t i)
{
    return ((const struct key_row *)rows)[i].key;
}

static bool refuse_key(struct reader *r, const struct tree_node *node, const struct key_row *rows,
                       const char *what)
{
    struct tree_node place = { .line = node->key_line, .column = node->key_column };
    const char *nearest = word_nearest(node->key, row_key, rows);
    auto_str struct str all = { 0 };

    if (nearest)
        return read_fail(r, &place, "%s has no key %s; did you mean %s?", what, node->key, nearest);
    for (size_t i = 0; rows[i].key; i++)
        str_addf(&all, "%s%s", i ? ", " : "", rows[i].key);
    return read_fail(r, &place, "%s has no key %s; there are %s", what, node->key, all.text);
}

static bool read_value(struct reader *r, const struct tree_node *node, const struct key_row *row,
                       void *into)
{
    void *at = (char *)into + row->offset;

    switch (row->kind) {
    case VALUE_TEXT:
        return read_text(r, node, at);
    case VALUE_BOOL:
        return read_bool(r, node, at);
    case VALUE_U64:
        return read_u64(r, node, at);
    case VALUE_SIZE:
        return read_size(r, node, at);
    case VALUE_DURATION:
        return read_duration(r, node, at);
    case VALUE_TEXTS:
        return read_texts(r, node, at);
    case VALUE_OWN:
        break;
    }
    return row->read(r, node, into);
}

bool read_map(struct reader *r, const struct tree_node *node, const struct key_row *rows,
              const char *what, void *into)
{
    if (tree_is_null(node))
        return true;
    if (node->kind != TREE_MAP)
        return read_fail(r, node, "%s is a mapping of keys to values", what);
    for (size_t i = 0; i < node->items.count; i++) {
        const struct tree_node *member = node->items.items[i];
        const struct key_row *row = rows;

        while (row->key && strcmp(row->key, member->key) != 0)
            row++;
        if (!row->key)
            return refuse_key(r, member, rows, what);
        if (!read_value(r, member, row, into))
            return false;
    }
    return true;
}
