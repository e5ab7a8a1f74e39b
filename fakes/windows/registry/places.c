/* SPDX-License-Identifier: MIT */
/* See places.h. And the functions of registry.h that take full paths. */
#include "fakes/windows/registry/places.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/registry/hive.h"
#include "fakes/windows/registry/registry.h"

#include <string.h>

/* clang-format off */
/* Deviation: HKEY_CLASSES_ROOT is the machine's part alone; on Windows the user's is laid over it. */
const struct registry_place registry_places[N_REGISTRY_PLACES] = {
    { HKEY_LOCAL_MACHINE,    "HKEY_LOCAL_MACHINE",    "HKLM", "MACHINE" },
    { HKEY_USERS,            "HKEY_USERS",            "HKU",  "USER" },
    { HKEY_CURRENT_USER,     "HKEY_CURRENT_USER",     "HKCU", "USER\\" REGISTRY_USER_SID },
    { HKEY_CLASSES_ROOT,     "HKEY_CLASSES_ROOT",     "HKCR", "MACHINE\\SOFTWARE\\Classes" },
    { HKEY_CURRENT_CONFIG,   "HKEY_CURRENT_CONFIG",   "HKCC",
      "MACHINE\\SYSTEM\\CurrentControlSet\\Hardware Profiles\\Current" },
    { HKEY_PERFORMANCE_DATA, "HKEY_PERFORMANCE_DATA", "HKPD", "PERFORMANCE" },
};
/* clang-format on */

/* The predefined key of a full path, with what comes behind it; NULL: no such name. With the
 * lock. */
static struct reg_key *start_of(struct registry *registry, const char *path, const char **ret_rest)
{
    size_t length = strcspn(path, "\\");

    for (int i = 0; i < N_REGISTRY_PLACES; i++) {
        const struct registry_place *place = &registry_places[i];

        if ((strlen(place->name) == length && strncasecmp(place->name, path, length) == 0) ||
            (strlen(place->short_name) == length &&
             strncasecmp(place->short_name, path, length) == 0)) {
            *ret_rest = path + length + (path[length] == '\\');
            return registry_predefined(registry, place->handle);
        }
    }
    return NULL;
}

/* With the lock. NULL: no such key. */
static struct reg_key *find(struct registry *registry, const char *path, unsigned flags,
                            DWORD *ret_error)
{
    const char *rest;
    struct reg_key *key = NULL;
    struct reg_key *start = start_of(registry, path, &rest);

    *ret_error =
        start ? registry_walk(registry, start, rest, flags, &key, NULL) : ERROR_BAD_PATHNAME;
    return key;
}

DWORD registry_read(struct registry *registry, const char *path, const char *name,
                    uint32_t *ret_type, void **ret_data, size_t *ret_size)
{
    DWORD error;

    registry_lock();
    struct reg_key *key = find(registry, path, REGISTRY_OPEN, &error);
    struct reg_value *value = key ? reg_key_value(key, name ? name : "") : NULL;
    if (value) {
        *ret_type = value->type;
        *ret_size = value->size;
        if (ret_data)
            *ret_data = mem_copy(value->data, value->size);
    } else if (!error) {
        error = ERROR_FILE_NOT_FOUND;
    }
    registry_unlock();
    return error;
}

char *registry_read_text(struct registry *registry, const char *path, const char *name)
{
    auto_free void *data = NULL;
    uint32_t type;
    size_t size;

    if (registry_read(registry, path, name, &type, &data, &size) ||
        (type != REG_SZ && type != REG_EXPAND_SZ))
        return NULL;
    auto_free char *text = utf8_from_utf16_n(data, size / sizeof(WCHAR)); /* ends at its zero */
    if (type == REG_SZ)
        return take_ptr(&text);
    DWORD room = ExpandEnvironmentStringsA(text, NULL, 0);
    char *expanded = mem_alloc(room + 1);
    ExpandEnvironmentStringsA(text, expanded, room + 1);
    return expanded;
}

DWORD registry_write(struct registry *registry, const char *path, const char *name, uint32_t type,
                     const void *data, size_t size)
{
    DWORD error;

    registry_lock();
    struct reg_key *key = find(registry, path, REGISTRY_CREATE, &error);
    if (key)
        reg_key_set(key, name ? name : "", type, data, size, registry_now());
    registry_unlock();
    return error;
}

DWORD registry_write_text(struct registry *registry, const char *path, const char *name,
                          const char *text)
{
    auto_free uint16_t *wide = utf16_from_utf8(text);

    return registry_write(registry, path, name, REG_SZ, wide,
                          (utf16_length(wide) + 1) * sizeof(WCHAR));
}

bool registry_has_key(struct registry *registry, const char *path)
{
    DWORD error;

    registry_lock();
    bool is_there = find(registry, path, REGISTRY_OPEN, &error) != NULL;
    registry_unlock();
    return is_there;
}

DWORD registry_add_key(struct registry *registry, const char *path)
{
    DWORD error;

    registry_lock();
    find(registry, path, REGISTRY_CREATE, &error);
    registry_unlock();
    return error;
}

DWORD registry_delete_tree(struct registry *registry, const char *path)
{
    DWORD error;

    registry_lock();
    struct reg_key *key = find(registry, path, REGISTRY_OPEN | REGISTRY_LINK, &error);
    if (key)
        reg_key_delete_tree(key, !key->parent || !key->parent->parent, registry_now());
    registry_unlock();
    return error;
}

DWORD registry_delete_value(struct registry *registry, const char *path, const char *name)
{
    DWORD error;

    registry_lock();
    struct reg_key *key = find(registry, path, REGISTRY_OPEN, &error);
    if (key && !reg_key_delete_value(key, name ? name : "", registry_now()))
        error = ERROR_FILE_NOT_FOUND;
    registry_unlock();
    return error;
}

char *registry_subkey(struct registry *registry, const char *path, size_t index)
{
    DWORD error;

    registry_lock();
    struct reg_key *key = find(registry, path, REGISTRY_OPEN, &error);
    char *name = key && index < key->keys.count ? mem_strdup(key->keys.items[index]->name) : NULL;
    registry_unlock();
    return name;
}

char *registry_value_name(struct registry *registry, const char *path, size_t index)
{
    DWORD error;

    registry_lock();
    struct reg_key *key = find(registry, path, REGISTRY_OPEN, &error);
    char *name =
        key && index < key->values.count ? mem_strdup(key->values.items[index].name) : NULL;
    registry_unlock();
    return name;
}
