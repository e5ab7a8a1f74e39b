/* SPDX-License-Identifier: MIT */
/* Deleting, copying and renaming keys; waiting for their changes (Learn: "RegDeleteKeyExW",
 * "RegDeleteTreeW", "RegCopyTreeW", "RegNotifyChangeKeyValue"). */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "fakes/windows/registry/open_key.h"
#include "fakes/windows/registry/watch.h"

#include <string.h>

/* Whether the key stands at the very top, where programs delete nothing. */
static bool is_top(const struct reg_key *key)
{
    return !key->parent || !key->parent->parent;
}

static LSTATUS delete_key(HKEY handle, const char *path, REGSAM access, DWORD reserved)
{
    struct open_key open;
    struct reg_key *key = NULL;
    DWORD error;
    unsigned view = open_key_view(access, &error);

    if (!path || reserved)
        return ERROR_INVALID_PARAMETER;
    if (!error)
        error = open_key_get(handle, 0, &open);
    if (error)
        return (LSTATUS)error;
    error = registry_walk(open.registry, open.key, path, view | REGISTRY_LINK, &key, NULL);
    if (!error && (is_top(key) || key->keys.count))
        error = ERROR_ACCESS_DENIED;
    if (!error)
        reg_key_delete(key, registry_now());
    open_key_put(&open);
    return (LSTATUS)error;
}

LSTATUS WINAPI RegDeleteKeyExA(HKEY key, LPCSTR path, REGSAM access, DWORD reserved)
{
    return delete_key(key, path, access, reserved);
}

LSTATUS WINAPI RegDeleteKeyExW(HKEY key, LPCWSTR path, REGSAM access, DWORD reserved)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)path);

    return delete_key(key, utf8, access, reserved);
}

LSTATUS WINAPI RegDeleteKeyA(HKEY key, LPCSTR path)
{
    return delete_key(key, path, 0, 0);
}

LSTATUS WINAPI RegDeleteKeyW(HKEY key, LPCWSTR path)
{
    return RegDeleteKeyExW(key, path, 0, 0);
}

/* Without a path the key stays, and all in it goes. */
LSTATUS WINAPI RegDeleteTreeA(HKEY handle, LPCSTR path)
{
    const REGSAM needs = DELETE | KEY_ENUMERATE_SUB_KEYS | KEY_QUERY_VALUE | KEY_SET_VALUE;
    bool has_path = path && *path;
    struct open_key open;
    struct reg_key *key = NULL;
    DWORD error = open_key_get(handle, has_path ? 0 : needs, &open);

    if (error)
        return (LSTATUS)error;
    error = registry_walk(open.registry, open.key, has_path ? path : "", REGISTRY_LINK, &key, NULL);
    if (!error)
        reg_key_delete_tree(key, !has_path || is_top(key), registry_now());
    open_key_put(&open);
    return (LSTATUS)error;
}

LSTATUS WINAPI RegDeleteTreeW(HKEY key, LPCWSTR path)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)path);

    return RegDeleteTreeA(key, utf8);
}

/* ---- copying ---- */

static void copy_values(const struct reg_key *from, struct reg_key *to)
{
    for (size_t i = 0; i < from->values.count; i++) {
        const struct reg_value *value = &from->values.items[i];
        reg_key_set(to, value->name, value->type, value->data, value->size, registry_now());
    }
}

struct copy_step {
    const struct reg_key *from;
    struct reg_key *to;
};

/* Step by step from a list, not down the stack: the depth is the program's choice. A target inside
 * the source is not walked into again. */
static void copy_tree(const struct reg_key *from, struct reg_key *to)
{
    ARRAY(struct copy_step) steps = { 0 };

    array_add(&steps, ((struct copy_step){ from, to }));
    for (size_t i = 0; i < steps.count; i++) {
        struct copy_step step = steps.items[i];
        size_t n = step.from->keys.count;

        copy_values(step.from, step.to);
        for (size_t k = 0; k < n; k++) {
            const struct reg_key *child = step.from->keys.items[k];
            if (child == to)
                continue;
            struct reg_key *copy = reg_key_child(step.to, child->name, strlen(child->name));
            if (!copy)
                copy = reg_key_add(step.to, child->name, strlen(child->name), registry_now());
            array_add(&steps, ((struct copy_step){ child, copy }));
        }
    }
    array_free(&steps);
}

LSTATUS WINAPI RegCopyTreeA(HKEY source, LPCSTR path, HKEY target)
{
    struct open_key from, to;
    struct reg_key *target_key;
    DWORD error = open_key_get(target, KEY_CREATE_SUB_KEY, &to);

    if (error)
        return (LSTATUS)error;
    target_key = to.key;
    reg_key_ref(target_key);
    open_key_put(&to);
    error = open_key_get_below(source, path, 0, &from);
    if (!error) {
        if (from.key != target_key)
            copy_tree(from.key, target_key);
        open_key_put(&from);
    }
    registry_lock();
    reg_key_unref(target_key);
    registry_unlock();
    return (LSTATUS)error;
}

LSTATUS WINAPI RegCopyTreeW(HKEY source, LPCWSTR path, HKEY target)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)path);

    return RegCopyTreeA(source, utf8, target);
}

/* ---- notification ---- */

static DWORD watch(HKEY key, BOOL has_subtree, DWORD filter, struct object *event)
{
    const DWORD known = REG_NOTIFY_CHANGE_NAME | REG_NOTIFY_CHANGE_ATTRIBUTES |
                        REG_NOTIFY_CHANGE_LAST_SET | REG_NOTIFY_CHANGE_SECURITY;
    struct open_key open;
    DWORD error = open_key_get(key, KEY_NOTIFY, &open);

    if (!error) {
        reg_watch_add(open.key, event, open.object, filter & known, has_subtree);
        open_key_put(&open);
    } else {
        object_unref(event);
    }
    return error;
}

/* Deviation: a watch outlives the thread that made it. */
LSTATUS WINAPI RegNotifyChangeKeyValue(HKEY key, BOOL has_subtree, DWORD filter, HANDLE event,
                                       BOOL is_asynchronous)
{
    DWORD before = GetLastError();
    HANDLE own = is_asynchronous ? NULL : CreateEventW(NULL, TRUE, FALSE, NULL);
    struct object *object = handle_get(is_asynchronous ? event : own, NULL, 0);
    DWORD error = object ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;

    if (object && !object->class->signal) {
        object_unref(object);
        error = ERROR_INVALID_HANDLE;
    }
    SetLastError(before);
    if (!error)
        error = watch(key, has_subtree, filter, object);
    if (!error && own)
        WaitForSingleObject(own, INFINITE);
    if (own)
        CloseHandle(own);
    return (LSTATUS)error;
}
