/* SPDX-License-Identifier: MIT */
/* See open_key.h. And opening, making and closing of keys (Learn: "Registry Functions"). */
#include "fakes/windows/registry/open_key.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/world.h"
#include "fakes/windows/registry/places.h"
#include "fakes/windows/registry/watch.h"

#include <string.h>

#define WOW64_BITS (KEY_WOW64_32KEY | KEY_WOW64_64KEY)

/* ---- handles ---- */

struct key_object {
    struct object object;
    struct registry *registry; /* owned reference */
    struct reg_key *key;       /* owned reference */
};

static void key_object_destroy(struct object *object)
{
    struct key_object *handle = (struct key_object *)object;

    registry_lock();
    reg_watch_fire_owner(handle->key, handle);
    reg_key_unref(handle->key);
    registry_unlock();
    registry_unref(handle->registry);
    free(handle);
}

static const struct object_class key_class = { .name = "key", .destroy = key_object_destroy };

HKEY open_key_new(struct open_key *open, struct reg_key *key, REGSAM access)
{
    struct key_object *handle = mem_new(struct key_object);

    object_init(&handle->object, &key_class);
    handle->registry = registry_ref(open->registry);
    handle->key = key;
    reg_key_ref(key);
    if (access & (MAXIMUM_ALLOWED | GENERIC_ALL))
        access |= KEY_ALL_ACCESS;
    if (access & GENERIC_READ)
        access |= KEY_READ;
    if (access & GENERIC_WRITE)
        access |= KEY_WRITE;
    if (access & GENERIC_EXECUTE)
        access |= KEY_EXECUTE;
    return (HKEY)handle_new(&handle->object, access & ~(REGSAM)WOW64_BITS);
}

DWORD open_key_get_any(HKEY handle, REGSAM access, struct open_key *ret)
{
    struct registry *registry = registry_current();
    DWORD before = GetLastError();

    *ret = (struct open_key){ .registry = registry };
    registry_lock();
    ret->key = registry_predefined(registry, handle);
    if (ret->key)
        return ERROR_SUCCESS;
    ret->object = handle_get(handle, &key_class, access);
    if (ret->object) {
        ret->key = ((struct key_object *)ret->object)->key;
        ret->registry = ((struct key_object *)ret->object)->registry;
        return ERROR_SUCCESS;
    }
    registry_unlock();
    DWORD error = GetLastError();
    SetLastError(before); /* these functions answer their codes */
    return error;
}

DWORD open_key_get(HKEY handle, REGSAM access, struct open_key *ret)
{
    DWORD error = open_key_get_any(handle, access, ret);

    if (error || !ret->key->is_deleted)
        return error;
    open_key_put(ret);
    return ERROR_KEY_DELETED;
}

void open_key_put(struct open_key *open)
{
    registry_unlock();
    if (open->object)
        object_unref(open->object);
}

unsigned open_key_view(REGSAM access, DWORD *ret_error)
{
    *ret_error = (access & WOW64_BITS) == WOW64_BITS ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;
    return access & KEY_WOW64_32KEY ? REGISTRY_WOW64_32 : 0;
}

DWORD open_key_get_below(HKEY handle, const char *path, REGSAM wow64, struct open_key *ret)
{
    DWORD error;
    unsigned view = open_key_view(wow64, &error);

    if (!error)
        error = open_key_get(handle, 0, ret);
    if (error)
        return error;
    error = registry_walk(ret->registry, ret->key, path ? path : "", view, &ret->key, NULL);
    if (error)
        open_key_put(ret);
    return error;
}

/* ---- texts ---- */

DWORD reg_name_length(const char *name, bool is_wide)
{
    if (!is_wide)
        return (DWORD)strlen(name);
    auto_free uint16_t *units = utf16_from_utf8(name);
    return (DWORD)utf16_length(units);
}

DWORD reg_fill_name(const char *name, void *buffer, DWORD *size, bool is_wide)
{
    auto_free uint16_t *units = is_wide ? utf16_from_utf8(name) : NULL;
    DWORD length = is_wide ? (DWORD)utf16_length(units) : (DWORD)strlen(name);

    if (length >= *size)
        return ERROR_MORE_DATA;
    if (is_wide)
        memcpy(buffer, units, (length + 1) * sizeof(WCHAR));
    else
        memcpy(buffer, name, length + 1);
    *size = length;
    return ERROR_SUCCESS;
}

const void *reg_data_out(DWORD type, const void *data, size_t size, bool is_wide, size_t *ret_size,
                         void **ret_fresh)
{
    struct str out = { 0 };

    *ret_size = size;
    *ret_fresh = NULL;
    if (is_wide || !reg_is_text(type))
        return data;
    const uint16_t *units = data;
    size_t n = size / sizeof(WCHAR);
    for (size_t at = 0; at < n;) {
        size_t end = at;
        while (end < n && units[end])
            end++;
        auto_free char *part = utf8_from_utf16_n(units + at, end - at);
        str_add(&out, part);
        if (end < n)
            str_add_bytes(&out, "", 1); /* the zero */
        at = end + 1;
    }
    *ret_size = out.length;
    *ret_fresh = str_take(&out);
    return *ret_fresh;
}

void *reg_data_in(const void *data, size_t size, size_t *ret_size)
{
    auto_free char *bytes = mem_alloc(size + 1);
    uint16_t *units = mem_alloc((size + 1) * sizeof(uint16_t));
    size_t n = 0;

    if (size)
        memcpy(bytes, data, size);
    for (size_t at = 0; at < size;) {
        size_t length = strlen(bytes + at);
        n += utf16_put(units + n, bytes + at);
        at += length;
        if (at < size)
            units[n++] = 0;
        at++;
    }
    *ret_size = n * sizeof(uint16_t);
    return units;
}

/* ---- opening ---- */

static LSTATUS open_key(HKEY handle, const char *path, DWORD options, REGSAM access,
                        HKEY *ret_handle)
{
    struct open_key open;
    struct reg_key *key = NULL;
    DWORD error;
    unsigned flags = open_key_view(access, &error);

    if (!ret_handle)
        return ERROR_INVALID_PARAMETER;
    if (options & REG_OPTION_OPEN_LINK)
        flags |= REGISTRY_LINK;
    if (!error)
        error = open_key_get(handle, 0, &open);
    if (error)
        return (LSTATUS)error;
    error = registry_walk(open.registry, open.key, path ? path : "", flags, &key, NULL);
    if (!error)
        *ret_handle = open_key_new(&open, key, access);
    open_key_put(&open);
    return (LSTATUS)error;
}

LSTATUS WINAPI RegOpenKeyExA(HKEY key, LPCSTR path, DWORD options, REGSAM access, PHKEY ret_key)
{
    return open_key(key, path, options, access, ret_key);
}

LSTATUS WINAPI RegOpenKeyExW(HKEY key, LPCWSTR path, DWORD options, REGSAM access, PHKEY ret_key)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)path);

    return open_key(key, utf8, options, access, ret_key);
}

/* Learn: "RegOpenKeyW": without a name the same handle comes back. */
LSTATUS WINAPI RegOpenKeyA(HKEY key, LPCSTR path, PHKEY ret_key)
{
    if (!ret_key)
        return ERROR_INVALID_PARAMETER;
    if (path && *path)
        return open_key(key, path, 0, MAXIMUM_ALLOWED, ret_key);
    *ret_key = key;
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegOpenKeyW(HKEY key, LPCWSTR path, PHKEY ret_key)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)path);

    return RegOpenKeyA(key, utf8, ret_key);
}

LSTATUS WINAPI RegOpenCurrentUser(REGSAM access, PHKEY ret_key)
{
    return open_key(HKEY_CURRENT_USER, NULL, 0, access, ret_key);
}

LSTATUS WINAPI RegOpenUserClassesRoot(HANDLE token, DWORD options, REGSAM access, PHKEY ret_key)
{
    (void)token;
    return options ? ERROR_INVALID_PARAMETER
                   : open_key(HKEY_CLASSES_ROOT, NULL, 0, access, ret_key);
}

static bool is_this_machine(const char *name)
{
    if (!name || !*name)
        return true;
    if (str_starts_with(name, "\\\\"))
        name += 2;
    return str_is_equal_nocase(name, WORLD_MACHINE_NAME) ||
           str_is_equal_nocase(name, "localhost") || str_is_equal(name, ".") ||
           str_is_equal(name, "127.0.0.1");
}

/* There is one machine: others are not found. */
LSTATUS WINAPI RegConnectRegistryA(LPCSTR machine, HKEY key, PHKEY ret_key)
{
    if (!ret_key)
        return ERROR_INVALID_PARAMETER;
    if (!is_this_machine(machine))
        return ERROR_BAD_NETPATH;
    if (key != HKEY_LOCAL_MACHINE && key != HKEY_USERS && key != HKEY_PERFORMANCE_DATA)
        return ERROR_INVALID_HANDLE;
    return open_key(key, NULL, 0, MAXIMUM_ALLOWED, ret_key);
}

LSTATUS WINAPI RegConnectRegistryW(LPCWSTR machine, HKEY key, PHKEY ret_key)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)machine);

    return RegConnectRegistryA(utf8, key, ret_key);
}

LSTATUS WINAPI RegCloseKey(HKEY key)
{
    DWORD before = GetLastError();

    for (int i = 0; i < N_REGISTRY_PLACES; i++) {
        if (key == registry_places[i].handle)
            return ERROR_SUCCESS;
    }
    struct object *object = handle_take(key, &key_class);
    SetLastError(before);
    if (!object)
        return ERROR_INVALID_HANDLE;
    object_unref(object);
    return ERROR_SUCCESS;
}

/* Everything is in memory. */
LSTATUS WINAPI RegFlushKey(HKEY key)
{
    struct open_key open;
    DWORD error = open_key_get(key, 0, &open);

    if (!error)
        open_key_put(&open);
    return (LSTATUS)error;
}

LSTATUS WINAPI RegDisablePredefinedCache(void)
{
    return ERROR_SUCCESS;
}

/* ---- making ---- */

struct making {
    const char *path, *class_name;
    DWORD options;
    REGSAM access;
};

/* Learn: "Registry Element Size Limits" and "RegCreateKeyExW": the system alone makes keys directly
 * below these two. Unsure: which code says so. */
static bool is_reserved_place(const struct open_key *open, const char *path)
{
    size_t length = strcspn(path, "\\");

    return (open->key == registry_predefined(open->registry, HKEY_LOCAL_MACHINE) ||
            open->key == registry_predefined(open->registry, HKEY_USERS)) &&
           length && !reg_key_child(open->key, path, length);
}

static DWORD make_key(struct open_key *open, const struct making *making, HKEY *ret_handle,
                      DWORD *ret_disposition)
{
    struct reg_key *key = NULL;
    bool is_made = false;
    DWORD error;
    unsigned flags = REGISTRY_CREATE | open_key_view(making->access, &error);

    if (making->options & REG_OPTION_VOLATILE)
        flags |= REGISTRY_VOLATILE;
    if (making->options & REG_OPTION_CREATE_LINK)
        flags |= REGISTRY_LINK;
    if (!error && is_reserved_place(open, making->path))
        error = ERROR_INVALID_PARAMETER;
    if (!error)
        error = registry_walk(open->registry, open->key, making->path, flags, &key, &is_made);
    if (error)
        return error;
    if (is_made && making->class_name)
        key->class_name = mem_strdup(making->class_name);
    if (ret_disposition)
        *ret_disposition = is_made ? REG_CREATED_NEW_KEY : REG_OPENED_EXISTING_KEY;
    *ret_handle = open_key_new(open, key, making->access);
    return ERROR_SUCCESS;
}

static LSTATUS create_key(HKEY handle, DWORD reserved, const struct making *making,
                          HKEY *ret_handle, DWORD *ret_disposition)
{
    struct open_key open;

    if (reserved || !making->path || !ret_handle)
        return ERROR_INVALID_PARAMETER;
    DWORD error = open_key_get(handle, 0, &open);
    if (error)
        return (LSTATUS)error;
    error = make_key(&open, making, ret_handle, ret_disposition);
    open_key_put(&open);
    return (LSTATUS)error;
}

LSTATUS WINAPI RegCreateKeyExA(HKEY key, LPCSTR path, DWORD reserved, LPSTR class_name,
                               DWORD options, REGSAM access, LPSECURITY_ATTRIBUTES security,
                               PHKEY ret_key, LPDWORD ret_disposition)
{
    const struct making making = { path, class_name, options, access };

    (void)security;
    return create_key(key, reserved, &making, ret_key, ret_disposition);
}

LSTATUS WINAPI RegCreateKeyExW(HKEY key, LPCWSTR path, DWORD reserved, LPWSTR class_name,
                               DWORD options, REGSAM access, LPSECURITY_ATTRIBUTES security,
                               PHKEY ret_key, LPDWORD ret_disposition)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)path);
    auto_free char *class_utf8 = utf8_from_utf16((const uint16_t *)class_name);
    const struct making making = { utf8, class_utf8, options, access };

    (void)security;
    return create_key(key, reserved, &making, ret_key, ret_disposition);
}

LSTATUS WINAPI RegCreateKeyA(HKEY key, LPCSTR path, PHKEY ret_key)
{
    return RegCreateKeyExA(key, path ? path : "", 0, NULL, REG_OPTION_NON_VOLATILE, MAXIMUM_ALLOWED,
                           NULL, ret_key, NULL);
}

LSTATUS WINAPI RegCreateKeyW(HKEY key, LPCWSTR path, PHKEY ret_key)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)path);

    return RegCreateKeyA(key, utf8, ret_key);
}
