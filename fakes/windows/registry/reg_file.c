/* SPDX-License-Identifier: MIT */
/* A registry out of .reg texts, and into one (registry.h; the format is emu/base/reg_text). */
#include "emu/base/cleanup.h"
#include "emu/base/reg_text.h"
#include "emu/base/str.h"
#include "fakes/windows/registry/hive.h"
#include "fakes/windows/registry/places.h"
#include "fakes/windows/registry/registry.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct loading {
    struct registry *registry;
    char *path; /* of the key that values go to */
};

static char *refuse(const char *path, DWORD error)
{
    if (error == ERROR_BAD_PATHNAME)
        return str_printf("[%s] begins with none of HKEY_LOCAL_MACHINE, HKEY_USERS, "
                          "HKEY_CURRENT_USER, HKEY_CLASSES_ROOT, HKEY_CURRENT_CONFIG",
                          path);
    return str_printf("[%s] cannot be made: Win32 error %u", path, (unsigned)error);
}

static char *load_key(void *arg, const char *path)
{
    struct loading *loading = arg;
    DWORD error = registry_add_key(loading->registry, path);

    free(loading->path);
    loading->path = mem_strdup(path);
    return error ? refuse(path, error) : NULL;
}

static char *load_deletion(void *arg, const char *path)
{
    struct loading *loading = arg;
    DWORD error = registry_delete_tree(loading->registry, path);

    return error == ERROR_BAD_PATHNAME ? refuse(path, error) : NULL;
}

static char *load_value(void *arg, const char *name, uint32_t type, const void *data, size_t size)
{
    struct loading *loading = arg;

    registry_write(loading->registry, loading->path, name, type, data, size);
    return NULL;
}

static char *load_value_deletion(void *arg, const char *name)
{
    struct loading *loading = arg;

    registry_delete_value(loading->registry, loading->path, name);
    return NULL;
}

static const struct reg_sink loading_sink = {
    .add_key = load_key,
    .delete_key = load_deletion,
    .set_value = load_value,
    .delete_value = load_value_deletion,
};

bool registry_load_text(struct registry *registry, const void *bytes, size_t size, const char *name,
                        char **ret_error)
{
    struct loading loading = { .registry = registry };
    bool is_good = reg_text_read(bytes, size, name, &loading_sink, &loading, ret_error);

    free(loading.path);
    return is_good;
}

bool registry_load_file(struct registry *registry, const char *path, char **ret_error)
{
    auto_str struct str text = { 0 };
    char buffer[16384];
    size_t n;
    FILE *file = fopen(path, "re");

    if (!file) {
        *ret_error = str_printf("the registry file %s cannot be read: %s", path, strerror(errno));
        return false;
    }
    while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0)
        str_add_bytes(&text, buffer, n);
    bool has_failed = ferror(file);
    fclose(file);
    if (has_failed) {
        *ret_error = str_printf("the registry file %s cannot be read to its end", path);
        return false;
    }
    return registry_load_text(registry, text.text ? text.text : "", text.length, path, ret_error);
}

/* ---- out ---- */

struct writing {
    struct str out;
    struct str path; /* of the key at hand */
};

static void write_key(struct writing *w, const struct reg_key *key)
{
    reg_text_add_key(&w->out, w->path.text);
    for (size_t i = 0; i < key->values.count; i++) {
        const struct reg_value *value = &key->values.items[i];
        reg_text_add_value(&w->out, value->name, value->type, value->data, value->size);
    }
}

/* What must be left out: volatile keys do not outlive the machine, links are the machine's. */
static bool is_kept(const struct reg_key *key)
{
    return !key->is_volatile && !key->is_link;
}

/* A key with all below, along the tree and not down the stack: its depth is the program's
 * choice. */
static void write_tree(struct writing *w, const struct reg_key *top)
{
    ARRAY(size_t) places = { 0 }; /* of the next subkey, in each key from top to the one at hand */
    const struct reg_key *key = top;

    write_key(w, key);
    array_add(&places, 0);
    while (places.count) {
        size_t *next = &places.items[places.count - 1];

        if (*next == key->keys.count) {
            places.count--;
            w->path.length -= key == top ? 0 : strlen(key->name) + 1;
            w->path.text[w->path.length] = 0;
            key = key->parent;
            continue;
        }
        const struct reg_key *child = key->keys.items[(*next)++];
        if (!is_kept(child))
            continue;
        str_addf(&w->path, "\\%s", child->name);
        key = child;
        write_key(w, key);
        array_add(&places, 0);
    }
    array_free(&places);
}

char *registry_tree_text(const struct reg_key *key, const char *name)
{
    struct writing w = { 0 };

    reg_text_begin(&w.out);
    str_add(&w.path, name);
    write_tree(&w, key);
    str_free(&w.path);
    return str_take(&w.out);
}

char *registry_text(struct registry *registry)
{
    struct writing w = { 0 };

    reg_text_begin(&w.out);
    registry_lock();
    for (int i = 0; i < 2; i++) { /* the others lie inside these two */
        str_add(&w.path, registry_places[i].name);
        write_tree(&w, registry_predefined(registry, registry_places[i].handle));
        str_free(&w.path);
    }
    registry_unlock();
    return str_take(&w.out);
}

int registry_save_file(struct registry *registry, const char *path)
{
    auto_free char *text = registry_text(registry);
    FILE *file = fopen(path, "we");

    if (!file)
        return -errno;
    int error = fputs(text, file) < 0 ? -errno : 0;
    if (fclose(file) != 0 && !error)
        error = -errno;
    return error;
}
