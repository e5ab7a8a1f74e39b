/* SPDX-License-Identifier: MIT */
/* See hive.h. */
#include "fakes/windows/registry/hive.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/registry/watch.h"

#include <string.h>

static struct reg_key *new_key(struct reg_key *parent, const char *name, size_t length)
{
    struct reg_key *key = mem_new(struct reg_key);

    key->name = str_printf("%.*s", (int)length, name);
    key->parent = parent;
    key->n_refs = 1;
    list_init(&key->watches);
    return key;
}

struct reg_key *reg_key_new_root(void)
{
    return new_key(NULL, "", 0);
}

void reg_key_ref(struct reg_key *key)
{
    key->n_refs++;
}

static void free_values(struct reg_key *key)
{
    for (size_t i = 0; i < key->values.count; i++) {
        free(key->values.items[i].name);
        free(key->values.items[i].data);
    }
    array_free(&key->values);
}

void reg_key_unref(struct reg_key *key)
{
    if (--key->n_refs)
        return;
    free_values(key);
    array_free(&key->keys);
    free(key->class_name);
    free(key->link);
    free(key->name);
    free(key);
}

/* ---- subkeys ---- */

/* Where the name stands, or would. */
static size_t key_place(const struct reg_key *key, const char *name, bool *ret_found)
{
    size_t low = 0, high = key->keys.count;

    *ret_found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = fold_compare(key->keys.items[middle]->name, name);

        if (order == 0) {
            *ret_found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct reg_key *reg_key_child(const struct reg_key *key, const char *name, size_t length)
{
    auto_free char *text = str_printf("%.*s", (int)length, name);
    bool is_found;
    size_t i = key_place(key, text, &is_found);

    return is_found ? key->keys.items[i] : NULL;
}

struct reg_key *reg_key_add(struct reg_key *key, const char *name, size_t length, int64_t now)
{
    struct reg_key *fresh = new_key(key, name, length);
    bool is_found;
    size_t i = key_place(key, fresh->name, &is_found);

    (void)array_push(&key->keys);
    memmove(&key->keys.items[i + 1], &key->keys.items[i],
            (key->keys.count - i - 1) * sizeof(struct reg_key *));
    key->keys.items[i] = fresh;
    fresh->written = key->written = now;
    reg_watch_changed(key, REG_NOTIFY_CHANGE_NAME);
    return fresh;
}

/* What becomes of a key that its parent no longer lists. */
static void bury(struct reg_key *key)
{
    reg_watch_fire_all(key);
    key->parent = NULL;
    key->is_deleted = true;
    free_values(key);
    reg_key_unref(key);
}

void reg_key_delete(struct reg_key *key, int64_t now)
{
    struct reg_key *parent = key->parent;
    bool is_found;
    size_t i = key_place(parent, key->name, &is_found);

    array_remove(&parent->keys, i);
    parent->written = now;
    reg_watch_changed(parent, REG_NOTIFY_CHANGE_NAME);
    bury(key);
}

/* A key without subkeys that is in nobody's list any more goes at once; the deepest go first. The
 * depth of a tree is the program's choice, so this does not recurse. */
static void empty(struct reg_key *top)
{
    struct reg_key *key = top;

    for (;;) {
        while (key->keys.count)
            key = key->keys.items[key->keys.count - 1];
        if (key == top)
            return;
        struct reg_key *parent = key->parent;
        parent->keys.count--;
        bury(key);
        key = parent;
    }
}

void reg_key_delete_tree(struct reg_key *key, bool keeps_itself, int64_t now)
{
    empty(key);
    if (!keeps_itself) {
        reg_key_delete(key, now);
        return;
    }
    free_values(key);
    key->written = now;
    reg_watch_changed(key, REG_NOTIFY_CHANGE_NAME | REG_NOTIFY_CHANGE_LAST_SET);
}

void reg_key_free_tree(struct reg_key *root)
{
    empty(root);
    bury(root);
}

/* ---- values ---- */

static size_t value_place(const struct reg_key *key, const char *name, bool *ret_found)
{
    size_t low = 0, high = key->values.count;

    *ret_found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = fold_compare(key->values.items[middle].name, name);

        if (order == 0) {
            *ret_found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct reg_value *reg_key_value(const struct reg_key *key, const char *name)
{
    bool is_found;
    size_t i = value_place(key, name, &is_found);

    return is_found ? &key->values.items[i] : NULL;
}

void reg_key_set(struct reg_key *key, const char *name, uint32_t type, const void *data,
                 size_t size, int64_t now)
{
    bool is_found;
    size_t i = value_place(key, name, &is_found);

    if (!is_found) {
        (void)array_push(&key->values);
        memmove(&key->values.items[i + 1], &key->values.items[i],
                (key->values.count - i - 1) * sizeof(struct reg_value));
        key->values.items[i] = (struct reg_value){ .name = mem_strdup(name) };
    }
    struct reg_value *value = &key->values.items[i];
    free(value->data);
    value->type = type;
    value->size = size;
    value->data = mem_alloc(size);
    if (size)
        memcpy(value->data, data, size);
    key->written = now;
    reg_watch_changed(key, REG_NOTIFY_CHANGE_LAST_SET);
}

bool reg_key_delete_value(struct reg_key *key, const char *name, int64_t now)
{
    bool is_found;
    size_t i = value_place(key, name, &is_found);

    if (!is_found)
        return false;
    free(key->values.items[i].name);
    free(key->values.items[i].data);
    array_remove(&key->values, i);
    key->written = now;
    reg_watch_changed(key, REG_NOTIFY_CHANGE_LAST_SET);
    return true;
}
