/* SPDX-License-Identifier: MIT */
/* Volumes, registry and snapshots of a world file (read_i.h). */
#include "emu/scenario/read_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"

#include <ctype.h>
#include <string.h>

/* ---- volumes ---- */

static bool take_letter(struct reader *r, const struct tree_node *node, const char *name,
                        char *ret_letter)
{
    if (!isalpha((unsigned char)name[0]) || (name[1] && strcmp(name + 1, ":") != 0))
        return read_fail(r, node, "a volume is called like C:, not %s", name);
    *ret_letter = (char)toupper((unsigned char)name[0]);
    for (size_t i = 0; i < r->scenario->volumes.count; i++) {
        if (r->scenario->volumes.items[i].letter == *ret_letter)
            return read_fail(r, node, "volume %c: is there twice", *ret_letter);
    }
    return true;
}

static bool file_size(struct reader *r, const struct tree_node *node, void *into)
{
    return read_size(r, node, &((struct scenario_file *)into)->size);
}

static bool file_text(struct reader *r, const struct tree_node *node, void *into)
{
    struct scenario_file *file = into;

    if (node->kind != TREE_SCALAR)
        return read_fail(r, node, "the text of a file is a text");
    free(file->text);
    file->text = mem_copy(node->text, node->size + 1);
    file->text_size = node->size;
    return true;
}

static const struct key_row file_rows[] = {
    { "size", VALUE_OWN, 0, file_size },
    { "text", VALUE_OWN, 0, file_text },
    { NULL, VALUE_OWN, 0, NULL },
};

static bool read_files(struct reader *r, const struct tree_node *node, void *into)
{
    struct scenario_volume *volume = into;

    if (tree_is_null(node))
        return true;
    if (node->kind != TREE_MAP)
        return read_fail(r, node, "files is a mapping of paths to texts, or to {size: N}");
    for (size_t i = 0; i < node->items.count; i++) {
        const struct tree_node *member = node->items.items[i];
        const char *path = member->key;

        if (isalpha((unsigned char)path[0]) && path[1] == ':')
            path += 2;
        path += strspn(path, "\\/");
        if (!*path)
            return read_fail(r, member, "a file needs a name below the root of its volume");
        struct scenario_file *file = scenario_add_file(volume, path, NULL, 0);

        for (char *p = file->path; *p; p++)
            *p = *p == '/' ? '\\' : *p;
        if (member->kind == TREE_MAP ? !read_map(r, member, file_rows, "a file", file)
                                     : !file_text(r, member, file))
            return false;
    }
    return true;
}

static bool area_on(struct reader *r, const struct tree_node *node, void *into)
{
    struct scenario_volume *volume = into;
    auto_free char *name = NULL;

    if (!read_text(r, node, &name))
        return false;
    if (!isalpha((unsigned char)name[0]) || (name[1] && strcmp(name + 1, ":") != 0))
        return read_fail(r, node, "a diff area lies on a volume: C");
    volume->diff_area_on = (char)toupper((unsigned char)name[0]);
    return true;
}

static bool area_maximum(struct reader *r, const struct tree_node *node, void *into)
{
    struct scenario_volume *volume = into;

    return read_size(r, node, &volume->diff_area_maximum) &&
           (volume->diff_area_maximum || read_fail(r, node, "a diff area needs some room"));
}

static const struct key_row area_rows[] = {
    { "on", VALUE_OWN, 0, area_on },
    { "maximum", VALUE_OWN, 0, area_maximum },
    { NULL, VALUE_OWN, 0, NULL },
};

/* A size alone: on the volume itself. Without a size there is no limit. */
static bool read_area(struct reader *r, const struct tree_node *node, void *into)
{
    struct scenario_volume *volume = into;

    volume->diff_area_on = volume->letter;
    volume->diff_area_maximum = INT64_MAX;
    if (node->kind == TREE_SCALAR)
        return area_maximum(r, node, into);
    return read_map(r, node, area_rows, "a diff area", into);
}

static const struct key_row volume_rows[] = {
    { "directory", VALUE_TEXT, offsetof(struct scenario_volume, directory), NULL },
    { "label", VALUE_TEXT, offsetof(struct scenario_volume, label), NULL },
    { "size", VALUE_SIZE, offsetof(struct scenario_volume, size), NULL },
    { "diff-area", VALUE_OWN, 0, read_area },
    { "files", VALUE_OWN, 0, read_files },
    { NULL, VALUE_OWN, 0, NULL },
};

static bool read_volume(struct reader *r, const struct tree_node *place, const char *name,
                        const struct tree_node *node)
{
    char letter;

    if (!take_letter(r, place, name, &letter))
        return false;
    struct scenario_volume *volume = scenario_add_volume(r->scenario, letter);

    if (!node || tree_is_null(node))
        return true;
    if (node->kind == TREE_SCALAR)
        return read_text(r, node, &volume->directory);
    if (!read_map(r, node, volume_rows, "a volume", volume))
        return false;
    if (volume->directory && volume->files.count)
        return read_fail(r, node,
                         "the files of a directory are those that are in it: a volume has "
                         "a directory or files");
    return true;
}

static bool add_volume_line(struct reader *r, const char *line, const struct tree_node *place,
                            void *into)
{
    (void)into;
    return read_volume(r, place, line, NULL);
}

bool read_volumes(struct reader *r, const struct tree_node *node, void *scenario)
{
    if (node->kind != TREE_MAP)
        return read_lines(r, node, add_volume_line, scenario);
    for (size_t i = 0; i < node->items.count; i++) {
        if (!read_volume(r, node->items.items[i], node->items.items[i]->key, node->items.items[i]))
            return false;
    }
    return true;
}

/* ---- registry ---- */

static bool is_reg_form(const char *text)
{
    return strncmp(text, "dword:", 6) == 0 || strncmp(text, "hex", 3) == 0 || *text == '"';
}

/* As a .reg file has it. */
static char *reg_text(const struct tree_node *node)
{
    struct str out = { 0 };
    char *end;
    unsigned long number = strtoul(node->text, &end, 0);

    if (!node->is_quoted && *node->text && !*end && number <= UINT32_MAX) {
        str_addf(&out, "dword:%08lx", number);
    } else if (is_reg_form(node->text)) {
        str_add(&out, node->text);
    } else {
        str_add_char(&out, '"');
        for (const char *p = node->text; *p; p++) {
            if (*p == '"' || *p == '\\')
                str_add_char(&out, '\\');
            str_add_char(&out, *p);
        }
        str_add_char(&out, '"');
    }
    return str_take(&out);
}

static bool read_key(struct reader *r, const struct tree_node *node)
{
    if (tree_is_null(node))
        array_add(&r->scenario->registry,
                  ((struct scenario_registry_value){ .key = mem_strdup(node->key) }));
    else if (node->kind != TREE_MAP)
        return read_fail(r, node, "a key of the registry is a mapping of names to values");
    for (size_t i = 0; i < node->items.count; i++) {
        const struct tree_node *value = node->items.items[i];

        if (value->kind != TREE_SCALAR)
            return read_fail(r, value,
                             "a value of the registry is a text, a number, or what a .reg file has "
                             "behind the equals sign (hex:01,02)");
        array_add(&r->scenario->registry,
                  ((struct scenario_registry_value){ .key = mem_strdup(node->key),
                                                     .name = mem_strdup(value->key),
                                                     .text = reg_text(value) }));
    }
    return true;
}

bool read_registry(struct reader *r, const struct tree_node *node, void *scenario)
{
    (void)scenario;
    if (node->kind != TREE_MAP)
        return read_texts(r, node, &r->scenario->registry_files);
    for (size_t i = 0; i < node->items.count; i++) {
        const struct tree_node *member = node->items.items[i];

        if (strcmp(member->key, "files") == 0) {
            if (!read_texts(r, member, &r->scenario->registry_files))
                return false;
        } else if (!read_key(r, member)) {
            return false;
        }
    }
    return true;
}

/* ---- snapshots ---- */

static bool snapshot_count(struct reader *r, const struct tree_node *node, void *into)
{
    uint64_t count;

    if (!read_u64(r, node, &count))
        return false;
    if (count < 1 || count > 512)
        return read_fail(r, node, "a volume has at most 512 snapshots");
    ((struct scenario_snapshot *)into)->count = (uint32_t)count;
    return true;
}

static const struct key_row snapshot_rows[] = {
    { "volumes", VALUE_TEXTS, offsetof(struct scenario_snapshot, volumes), NULL },
    { "context", VALUE_TEXT, offsetof(struct scenario_snapshot, context), NULL },
    { "count", VALUE_OWN, 0, snapshot_count },
    { NULL, VALUE_OWN, 0, NULL },
};

bool read_snapshots(struct reader *r, const struct tree_node *node, void *scenario)
{
    (void)scenario;
    if (node->kind != TREE_LIST)
        return read_fail(r, node, "snapshots is a list, one entry for each set that is there");
    for (size_t i = 0; i < node->items.count; i++) {
        const struct tree_node *item = node->items.items[i];
        struct scenario_snapshot *snapshot = array_push(&r->scenario->snapshots);

        *snapshot = (struct scenario_snapshot){ 0 };
        /* "- C:" is a mapping to YAML. */
        bool is_line =
            item->kind != TREE_MAP || (item->items.count && !item->items.items[0]->key[1]);
        if (is_line ? !read_texts(r, item, &snapshot->volumes)
                    : !read_map(r, item, snapshot_rows, "a snapshot", snapshot))
            return false;
        if (!snapshot->volumes.count)
            return read_fail(r, item, "a snapshot names its volumes");
    }
    return true;
}
