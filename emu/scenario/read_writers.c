/* SPDX-License-Identifier: MIT */
/* The writers of a world file (read_i.h). */
#include "emu/scenario/read_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/doc/writer_catalog.h"
#include "emu/scenario/brief.h"
#include "emu/scenario/cast.h"
#include "emu/scenario/words.h"

#include <string.h>

/* ---- words of enumerations ---- */

/* Case does not matter, and "user-data" is USER_DATA. */
static bool read_word(struct reader *r, const struct tree_node *node, const struct enum_word *words,
                      int *ret)
{
    auto_free char *text = NULL;

    if (!read_text(r, node, &text))
        return false;
    const struct enum_word *word = enum_word_of_text(words, text);

    for (char *p = text; *p; p++)
        *p = *p == '-' ? '_' : *p;
    if (!word)
        word = enum_word_of_text(words, text);
    if (word) {
        *ret = word->value;
        return true;
    }
    auto_free char *list = enum_words_list(words);

    return read_fail(r, node, "%s is %s, not %s", node->key, list, node->text);
}

/* ---- files ---- */

static bool add_files_line(struct reader *r, const char *line, const struct tree_node *place,
                           void *into)
{
    if (brief_add_files(into, line))
        return true;
    return read_fail(r, place,
                     "%s is no set of files: C:\\data\\*.mdf, C:\\data\\** for everything below",
                     line);
}

struct set_reading {
    char *path, *filespec, *alternate;
    bool recursive;
    uint64_t mask;
};

static const struct key_row set_rows[] = {
    { "path", VALUE_TEXT, offsetof(struct set_reading, path), NULL },
    { "filespec", VALUE_TEXT, offsetof(struct set_reading, filespec), NULL },
    { "alternate", VALUE_TEXT, offsetof(struct set_reading, alternate), NULL },
    { "recursive", VALUE_BOOL, offsetof(struct set_reading, recursive), NULL },
    { "mask", VALUE_U64, offsetof(struct set_reading, mask), NULL },
    { NULL, VALUE_OWN, 0, NULL },
};

static bool read_set(struct reader *r, const struct tree_node *node, struct filespecs *specs)
{
    struct set_reading set = { .mask = FILESPEC_MASK_DEFAULT };
    bool is_good = read_map(r, node, set_rows, "a set of files", &set);

    if (is_good && (!filespec_path_is_valid(set.path) || !filespec_pattern_is_valid(set.filespec)))
        is_good = read_fail(r, node, "a set of files has a path and a filespec without a path");
    if (is_good)
        filespecs_add(specs, set.path, set.filespec, set.recursive, set.alternate,
                      (uint32_t)set.mask);
    free(set.path);
    free(set.filespec);
    free(set.alternate);
    return is_good;
}

static bool read_files(struct reader *r, const struct tree_node *node, struct filespecs *specs)
{
    if (node->kind != TREE_LIST)
        return read_lines(r, node, add_files_line, specs);
    for (size_t i = 0; i < node->items.count; i++) {
        const struct tree_node *item = node->items.items[i];

        if (item->kind == TREE_MAP ? !read_set(r, item, specs)
                                   : !read_lines(r, item, add_files_line, specs))
            return false;
    }
    return true;
}

/* ---- components ---- */

struct component_reading {
    struct wmd *wmd;
    struct wmd_component *component;
};

static struct wmd_component *component_of(void *into)
{
    return ((struct component_reading *)into)->component;
}

static bool component_files(struct reader *r, const struct tree_node *node, void *into)
{
    struct wmd_component *c = component_of(into);

    return read_files(r, node, c->type == VSS_CT_DATABASE ? &c->database_files : &c->files);
}

static bool component_logs(struct reader *r, const struct tree_node *node, void *into)
{
    struct wmd_component *c = component_of(into);

    if (c->type != VSS_CT_DATABASE)
        return read_fail(r, node, "only a component of `type: database` has logs");
    return read_files(r, node, &c->log_files);
}

static bool component_selectable(struct reader *r, const struct tree_node *node, void *into)
{
    return read_bool(r, node, &component_of(into)->selectable);
}

static bool component_for_restore(struct reader *r, const struct tree_node *node, void *into)
{
    return read_bool(r, node, &component_of(into)->selectable_for_restore);
}

static bool component_notify(struct reader *r, const struct tree_node *node, void *into)
{
    return read_bool(r, node, &component_of(into)->notify_on_backup_complete);
}

static bool component_caption(struct reader *r, const struct tree_node *node, void *into)
{
    return read_text(r, node, &component_of(into)->caption);
}

static bool component_flags(struct reader *r, const struct tree_node *node, void *into)
{
    uint64_t flags;

    if (!read_u64(r, node, &flags))
        return false;
    component_of(into)->flags = (uint32_t)flags;
    return true;
}

/* "Sql Writer" Instance\db: a writer by name or class, and its component. */
static bool add_dependency(struct reader *r, const char *line, const struct tree_node *place,
                           void *into)
{
    struct wmd_component *c = component_of(into);
    auto_words struct words words = { 0 };
    auto_free char *path = NULL;
    const char *name;
    GUID id;

    if (!words_split(line, &words) || words.count != 2)
        return read_fail(r, place,
                         "a dependency is WRITER COMPONENT, the writer in quotes if its "
                         "name has blanks");
    if (!guid_from_text(words.items[0], &id))
        id = brief_writer_id(words.items[0]);
    brief_split_name(words.items[1], &path, &name);
    array_add(&c->dependencies,
              ((struct wmd_dependency){
                  .writer_id = id, .logical_path = mem_strdup(path), .name = mem_strdup(name) }));
    return true;
}

static bool component_depends(struct reader *r, const struct tree_node *node, void *into)
{
    return read_lines(r, node, add_dependency, into);
}

static bool was_read(struct reader *r, const struct tree_node *node, void *into)
{
    (void)r;
    (void)node;
    (void)into;
    return true;
}

static const struct key_row component_rows[] = {
    { "name", VALUE_OWN, 0, was_read },
    { "type", VALUE_OWN, 0, was_read },
    { "files", VALUE_OWN, 0, component_files },
    { "logs", VALUE_OWN, 0, component_logs },
    { "selectable", VALUE_OWN, 0, component_selectable },
    { "selectable-for-restore", VALUE_OWN, 0, component_for_restore },
    { "notify", VALUE_OWN, 0, component_notify },
    { "caption", VALUE_OWN, 0, component_caption },
    { "flags", VALUE_OWN, 0, component_flags },
    { "depends", VALUE_OWN, 0, component_depends },
    { NULL, VALUE_OWN, 0, NULL },
};

static const struct tree_node *member(const struct tree_node *map, const char *key)
{
    for (size_t i = 0; i < map->items.count; i++) {
        if (strcmp(map->items.items[i]->key, key) == 0)
            return map->items.items[i];
    }
    return NULL;
}

static bool read_component(struct reader *r, const struct tree_node *node, struct wmd *wmd)
{
    const struct tree_node *name = node->kind == TREE_MAP ? member(node, "name") : node;
    const struct tree_node *type = node->kind == TREE_MAP ? member(node, "type") : NULL;
    struct component_reading c = { .wmd = wmd };
    auto_free char *full = NULL;
    int kind = VSS_CT_FILEGROUP;

    if (node->kind == TREE_LIST || !name)
        return read_fail(r, node, "a component is its name, or a mapping with a name");
    if (!read_text(r, name, &full) || (type && !read_word(r, type, component_type_words, &kind)))
        return false;
    if (!*full || full[strlen(full) - 1] == '\\')
        return read_fail(r, name, "a component needs a name, Path\\Name or Name");
    c.component = brief_add_component(wmd, (VSS_COMPONENT_TYPE)kind, full);
    if (!c.component)
        return read_fail(r, name, "the component %s is there twice", full);
    if (node->kind == TREE_MAP && !read_map(r, node, component_rows, "a component", &c))
        return false;
    brief_have_files(wmd, c.component);
    return true;
}

/* ---- writers ---- */

struct writer_reading {
    struct wmd *wmd;
    int level;
    int64_t freeze_timeout_ns;
};

static struct wmd *wmd_of(void *into)
{
    return ((struct writer_reading *)into)->wmd;
}

static bool writer_id(struct reader *r, const struct tree_node *node, void *into)
{
    if (node->kind == TREE_SCALAR && guid_from_text(node->text, &wmd_of(into)->writer_id))
        return true;
    return read_fail(r, node, "id is a GUID such as 5affb034-969f-4919-8875-88f830d0ef89");
}

static bool writer_instance(struct reader *r, const struct tree_node *node, void *into)
{
    return read_text(r, node, &wmd_of(into)->instance_name);
}

static bool writer_usage(struct reader *r, const struct tree_node *node, void *into)
{
    int value = 0;
    bool is_good = read_word(r, node, usage_words, &value);

    wmd_of(into)->usage = (VSS_USAGE_TYPE)value;
    return is_good;
}

static bool writer_source(struct reader *r, const struct tree_node *node, void *into)
{
    int value = 0;
    bool is_good = read_word(r, node, source_words, &value);

    wmd_of(into)->source = (VSS_SOURCE_TYPE)value;
    return is_good;
}

static bool writer_schema(struct reader *r, const struct tree_node *node, void *into)
{
    uint64_t schema;

    if (!read_u64(r, node, &schema))
        return false;
    wmd_of(into)->backup_schema = (uint32_t)schema;
    return true;
}

static bool writer_level(struct reader *r, const struct tree_node *node, void *into)
{
    if (node->kind == TREE_SCALAR &&
        brief_level_named(node->text, &((struct writer_reading *)into)->level))
        return true;
    return read_fail(r, node, "level is front-end, back-end, system or system-rm");
}

static bool writer_restore(struct reader *r, const struct tree_node *node, void *into)
{
    int value = 0;

    if (tree_is_null(node)) {
        wmd_of(into)->has_restore_method = false;
        return true;
    }
    bool is_good = read_word(r, node, restore_method_words, &value);

    wmd_of(into)->restore_method = (VSS_RESTOREMETHOD_ENUM)value;
    return is_good;
}

static bool writer_wants(struct reader *r, const struct tree_node *node, void *into)
{
    int value = 0;
    bool is_good = read_word(r, node, writer_restore_words, &value);

    wmd_of(into)->writer_restore = (VSS_WRITERRESTORE_ENUM)value;
    return is_good;
}

static bool writer_components(struct reader *r, const struct tree_node *node, void *into)
{
    if (tree_is_null(node))
        return true;
    if (node->kind != TREE_LIST)
        return read_fail(r, node, "components is a list");
    for (size_t i = 0; i < node->items.count; i++) {
        if (!read_component(r, node->items.items[i], wmd_of(into)))
            return false;
    }
    return true;
}

static bool writer_excludes(struct reader *r, const struct tree_node *node, void *into)
{
    return read_files(r, node, &wmd_of(into)->exclude_files);
}

static bool writer_not_in_copy(struct reader *r, const struct tree_node *node, void *into)
{
    return read_files(r, node, &wmd_of(into)->exclude_files_from_snapshot);
}

static const struct key_row writer_rows[] = {
    { "name", VALUE_OWN, 0, was_read },
    { "id", VALUE_OWN, 0, writer_id },
    { "instance", VALUE_OWN, 0, writer_instance },
    { "usage", VALUE_OWN, 0, writer_usage },
    { "source", VALUE_OWN, 0, writer_source },
    { "schema", VALUE_OWN, 0, writer_schema },
    { "level", VALUE_OWN, 0, writer_level },
    { "freeze-timeout", VALUE_DURATION, offsetof(struct writer_reading, freeze_timeout_ns), NULL },
    { "restore", VALUE_OWN, 0, writer_restore },
    { "restore-events", VALUE_OWN, 0, writer_wants },
    { "components", VALUE_OWN, 0, writer_components },
    { "exclude", VALUE_OWN, 0, writer_excludes },
    { "exclude-from-snapshot", VALUE_OWN, 0, writer_not_in_copy },
    { NULL, VALUE_OWN, 0, NULL },
};

/* One that is said here. node: its mapping, or its name. */
static bool read_document(struct reader *r, const struct tree_node *node)
{
    const struct tree_node *name = node->kind == TREE_MAP ? member(node, "name") : node;
    auto_free char *text = NULL;

    if (!read_text(r, name, &text))
        return false;
    if (!*text)
        return read_fail(r, name, "a writer needs a name");
    struct writer_reading w = { .wmd = brief_document(text), .level = VSS_APP_FRONT_END };
    struct scenario_writer *writer = scenario_add_document(r->scenario, w.wmd);

    writer->line = node->line;
    if (node->kind == TREE_MAP && !read_map(r, node, writer_rows, "a writer", &w))
        return false;
    if (node->kind != TREE_MAP || !member(node, "components"))
        brief_have_files(w.wmd, brief_add_component(w.wmd, VSS_CT_FILEGROUP, "data"));
    writer->level = w.level;
    if (w.freeze_timeout_ns / 1000000 > UINT32_MAX)
        return read_fail(r, node, "the freeze-timeout of %s is too long", text);
    writer->freeze_timeout_ms = (uint32_t)(w.freeze_timeout_ns / 1000000);
    return true;
}

static const struct other_kind {
    const char *key;
    enum scenario_writer_kind kind;
} other_kinds[] = {
    { "test-writer", SCENARIO_WRITER_TEST },
    { "test-writer-xml", SCENARIO_WRITER_TEST_XML },
    { "metadata", SCENARIO_WRITER_METADATA },
    { "simulate", SCENARIO_WRITER_CATALOG },
};

static bool read_cast(struct reader *r, const struct tree_node *node)
{
    auto_free char *key = NULL;

    if (!read_text(r, node, &key))
        return false;
    size_t i = cast_find(key);

    if (i == cast_count())
        return read_fail(r, node, "the cast has no writer %s; `vssemu writers cast` lists them",
                         key);
    scenario_add_writer(r->scenario, SCENARIO_WRITER_CAST, key)->line = node->line;
    return true;
}

static bool read_other(struct reader *r, const struct tree_node *node)
{
    const struct tree_node *only = node->items.items[0];

    if (strcmp(only->key, "cast") == 0)
        return read_cast(r, only);

    for (size_t i = 0; i < sizeof(other_kinds) / sizeof(*other_kinds); i++) {
        auto_free char *text = NULL;

        if (strcmp(only->key, other_kinds[i].key) != 0)
            continue;
        if (!read_text(r, only, &text))
            return false;
        if (other_kinds[i].kind == SCENARIO_WRITER_CATALOG && !writer_catalog_find(text) &&
            !str_is_equal_nocase(text, WRITER_CATALOG_IDLE))
            return read_fail(r, only,
                             "there is no writer of Windows called %s; `vssemu writers` "
                             "lists them",
                             text);
        scenario_add_writer(r->scenario, other_kinds[i].kind, text)->line = node->line;
        return true;
    }
    return read_fail(r, node,
                     "a writer has a name, or is one of test-writer: FILE.xml, "
                     "test-writer-xml: TEXT, metadata: FILE.xml, simulate: NAME and cast: "
                     "KEY");
}

bool read_writers(struct reader *r, const struct tree_node *node, void *scenario)
{
    (void)scenario;
    if (tree_is_null(node))
        return true;
    if (node->kind != TREE_LIST)
        return read_fail(r, node, "writers is a list");
    for (size_t i = 0; i < node->items.count; i++) {
        const struct tree_node *item = node->items.items[i];

        if (item->kind == TREE_LIST)
            return read_fail(r, item, "a writer is its name or a mapping");
        bool is_other = item->kind == TREE_MAP && !member(item, "name") && item->items.count == 1;
        if (item->kind == TREE_MAP && !member(item, "name") && !is_other)
            return read_fail(r, item, "a writer needs a name");
        if (is_other ? !read_other(r, item) : !read_document(r, item))
            return false;
    }
    return true;
}
