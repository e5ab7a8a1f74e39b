/* SPDX-License-Identifier: MIT */
/* See yaml_tree.h. Built from libyaml's events. */
#include "emu/scenario/yaml_tree.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/doc/component.h"

#include <string.h>
#include <yaml.h>

struct reading {
    yaml_parser_t parser;
    const char *name, *text;
    size_t size;
    char **ret_error;
    size_t n_nodes;
};

static bool fail_at(struct reading *r, const yaml_mark_t *mark, const char *what)
{
    *r->ret_error = str_printf("%s:%zu:%zu: %s", r->name, mark->line + 1, mark->column + 1, what);
    return false;
}

/* What libyaml has not yet taken apart has no mark, only an offset. */
static yaml_mark_t mark_at(const struct reading *r, size_t offset)
{
    yaml_mark_t mark = { .index = offset };

    for (size_t i = 0; i < offset && i < r->size; i++) {
        bool is_end = r->text[i] == '\n';

        mark.line += is_end;
        mark.column = is_end ? 0 : mark.column + 1;
    }
    return mark;
}

static bool fail_parser(struct reading *r)
{
    const yaml_parser_t *p = &r->parser;
    yaml_mark_t unread = mark_at(r, p->problem_offset);
    const yaml_mark_t *mark = p->error == YAML_READER_ERROR ? &unread : &p->problem_mark;
    auto_str struct str what = { 0 };

    str_addf(&what, "this is no YAML: %s", p->problem ? p->problem : "it cannot be read");
    if (p->context)
        str_addf(&what, ", %s", p->context);
    return fail_at(r, mark, what.text);
}

static struct tree_node *new_node(struct reading *r, enum tree_kind kind, const yaml_mark_t *mark)
{
    struct tree_node *node = mem_new(struct tree_node);

    node->kind = kind;
    node->line = (unsigned)mark->line + 1;
    node->column = (unsigned)mark->column + 1;
    r->n_nodes++;
    return node;
}

static bool parse_node(struct reading *r, yaml_event_t *event, unsigned depth,
                       struct tree_node **ret);

/* One member of a mapping; event is its key. */
static bool parse_member(struct reading *r, yaml_event_t *event, struct tree_node *map,
                         struct text_index *keys, unsigned depth)
{
    yaml_event_t value;
    struct tree_node *node = NULL;

    if (event->type != YAML_SCALAR_EVENT)
        return fail_at(r, &event->start_mark, "a key is a plain word");
    const char *key = (const char *)event->data.scalar.value;
    if (!text_index_add(keys, key, map->items.count)) {
        auto_str struct str what = { 0 };

        str_addf(&what, "the key %s stands here twice", key);
        return fail_at(r, &event->start_mark, what.text);
    }
    if (!yaml_parser_parse(&r->parser, &value))
        return fail_parser(r);
    bool is_good = parse_node(r, &value, depth, &node);
    yaml_event_delete(&value);
    if (!is_good)
        return false;
    node->key = mem_strdup(key);
    node->key_line = (unsigned)event->start_mark.line + 1;
    node->key_column = (unsigned)event->start_mark.column + 1;
    array_add(&map->items, node);
    return true;
}

static bool parse_items(struct reading *r, struct tree_node *into, unsigned depth)
{
    struct text_index keys = { 0 };
    yaml_event_type_t end =
        into->kind == TREE_MAP ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;

    for (;;) {
        yaml_event_t event;
        struct tree_node *node = NULL;
        bool is_good, is_end;

        if (!yaml_parser_parse(&r->parser, &event)) {
            text_index_free(&keys);
            return fail_parser(r);
        }
        is_end = event.type == end;
        if (is_end)
            is_good = true;
        else if (into->kind == TREE_MAP)
            is_good = parse_member(r, &event, into, &keys, depth);
        else if ((is_good = parse_node(r, &event, depth, &node)))
            array_add(&into->items, node);
        yaml_event_delete(&event);
        if (is_end || !is_good) {
            text_index_free(&keys);
            return is_good;
        }
    }
}

static bool parse_node(struct reading *r, yaml_event_t *event, unsigned depth,
                       struct tree_node **ret)
{
    struct tree_node *node;

    if (event->type == YAML_ALIAS_EVENT)
        return fail_at(r, &event->start_mark, "aliases (*name) are not read here");
    if (depth > TREE_MAX_DEPTH)
        return fail_at(r, &event->start_mark, "this is nested too deeply");
    if (r->n_nodes >= TREE_MAX_NODES)
        return fail_at(r, &event->start_mark, "there are too many entries");
    if (event->type == YAML_SCALAR_EVENT) {
        node = new_node(r, TREE_SCALAR, &event->start_mark);
        node->size = event->data.scalar.length;
        node->text = mem_copy(event->data.scalar.value, node->size + 1);
        node->is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        *ret = node;
        return true;
    }
    node = new_node(r, event->type == YAML_MAPPING_START_EVENT ? TREE_MAP : TREE_LIST,
                    &event->start_mark);
    if (!parse_items(r, node, depth + 1)) {
        tree_free(node);
        return false;
    }
    *ret = node;
    return true;
}

/* Whatever follows the document: nothing may. */
static bool parse_end(struct reading *r)
{
    for (;;) {
        yaml_event_t event;

        if (!yaml_parser_parse(&r->parser, &event))
            return fail_parser(r);
        yaml_event_type_t type = event.type;
        yaml_mark_t mark = event.start_mark;

        yaml_event_delete(&event);
        if (type == YAML_DOCUMENT_START_EVENT)
            return fail_at(r, &mark, "a file holds one document");
        if (type == YAML_STREAM_END_EVENT || type == YAML_NO_EVENT)
            return true;
    }
}

static bool parse_all(struct reading *r, struct tree_node **ret)
{
    for (;;) {
        yaml_event_t event;

        if (!yaml_parser_parse(&r->parser, &event))
            return fail_parser(r);
        bool is_end = event.type == YAML_STREAM_END_EVENT;
        bool is_node = event.type == YAML_SCALAR_EVENT || event.type == YAML_ALIAS_EVENT ||
                       event.type == YAML_MAPPING_START_EVENT ||
                       event.type == YAML_SEQUENCE_START_EVENT;
        bool is_good = !is_node || parse_node(r, &event, 1, ret);

        yaml_event_delete(&event);
        if (!is_good || is_end)
            return is_good;
        if (is_node)
            return parse_end(r);
    }
}

bool tree_parse(const char *text, size_t size, const char *name, struct tree_node **ret,
                char **ret_error)
{
    struct reading r = { .name = name, .text = text, .size = size, .ret_error = ret_error };
    struct tree_node *root = NULL;

    if (size > TREE_MAX_SIZE) {
        *ret_error = str_printf("%s:1:1: the file is larger than %u bytes", name, TREE_MAX_SIZE);
        return false;
    }
    if (!yaml_parser_initialize(&r.parser)) {
        *ret_error = str_printf("%s:1:1: no memory to read it", name);
        return false;
    }
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, size);
    bool is_good = parse_all(&r, &root);
    yaml_parser_delete(&r.parser);
    if (is_good)
        *ret = root;
    else
        tree_free(root);
    return is_good;
}

void tree_free(struct tree_node *node)
{
    if (!node)
        return;
    for (size_t i = 0; i < node->items.count; i++)
        tree_free(node->items.items[i]);
    array_free(&node->items);
    free(node->text);
    free(node->key);
    free(node);
}

bool tree_is_null(const struct tree_node *node)
{
    return !node ||
           (node->kind == TREE_SCALAR && !node->is_quoted &&
            (!*node->text || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0));
}
