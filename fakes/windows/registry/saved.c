/* SPDX-License-Identifier: MIT */
/* Keys in files: RegSaveKey, RegRestoreKey, RegLoadKey, RegUnLoadKey (Learn: the pages of these
 * names). Deviation: what is saved is a text of the registry editor and no hive of Windows, whose
 * format Microsoft does not document; only what was saved here can be loaded here. */
#include "emu/base/cleanup.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/base/reg_text.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/registry/open_key.h"
#include "fakes/windows/security/accounts.h"

#include "fakes/windows/include/vssemu/file_types.h"

#include <stdlib.h>
#include <string.h>

#define ROOT_NAME "HIVE" /* of the key that was saved, in its file */

/* A file that stands in the tree. */
struct loaded_hive {
    struct list link;
    struct registry *registry;
    struct reg_key *key; /* a reference */
    HANDLE file;         /* nobody else's as long */
};

/* With the registry's lock. */
static struct list loaded_hives = { &loaded_hives, &loaded_hives };

/* ---- files ---- */

static DWORD write_file(HANDLE file, const char *text)
{
    const LARGE_INTEGER start = { .QuadPart = 0 };
    DWORD n, size = (DWORD)strlen(text);
    bool is_written = SetFilePointerEx(file, start, NULL, FILE_BEGIN) &&
                      WriteFile(file, text, size, &n, NULL) && SetEndOfFile(file);

    return is_written ? ERROR_SUCCESS : GetLastError();
}

static DWORD open_hive(LPCWSTR name, DWORD access, HANDLE *ret_file)
{
    *ret_file = CreateFileW(name, access, access & GENERIC_WRITE ? 0 : FILE_SHARE_READ, NULL,
                            OPEN_EXISTING, 0, NULL);
    return *ret_file == INVALID_HANDLE_VALUE ? GetLastError() : ERROR_SUCCESS;
}

/* The text of a saved key, once its form is found right. The caller frees. */
static DWORD read_hive(HANDLE file, char **ret_text, size_t *ret_size)
{
    LARGE_INTEGER size;
    auto_free char *error = NULL;
    DWORD n;

    *ret_text = NULL;
    if (!GetFileSizeEx(file, &size))
        return GetLastError();
    if (size.QuadPart > INT32_MAX)
        return ERROR_NOT_REGISTRY_FILE;
    auto_free char *text = mem_alloc((size_t)size.QuadPart + 1);
    if (!ReadFile(file, text, (DWORD)size.QuadPart, &n, NULL))
        return GetLastError();
    text[n] = 0;
    if (!strstr(text, "[" ROOT_NAME "]") || !reg_text_read(text, n, "", NULL, NULL, &error))
        return ERROR_NOT_REGISTRY_FILE;
    *ret_size = n;
    *ret_text = take_ptr(&text);
    return ERROR_SUCCESS;
}

/* ---- out of a text ---- */

struct filling {
    struct registry *registry;
    struct reg_key *top, *at;
};

static char *fill_key(void *arg, const char *path)
{
    struct filling *filling = arg;
    size_t length = strlen(ROOT_NAME);

    if (strncmp(path, ROOT_NAME, length) != 0 || (path[length] && path[length] != '\\'))
        return mem_strdup("no saved key");
    DWORD error =
        registry_walk(filling->registry, filling->top, path + length + (path[length] != 0),
                      REGISTRY_CREATE, &filling->at, NULL);
    return error ? str_printf("error %u", (unsigned)error) : NULL;
}

static char *fill_value(void *arg, const char *name, uint32_t type, const void *data, size_t size)
{
    struct filling *filling = arg;

    if (!filling->at)
        return mem_strdup("a value before all keys");
    reg_key_set(filling->at, name, type, data, size, registry_now());
    return NULL;
}

static char *refuse_deletion(void *arg, const char *name)
{
    (void)arg;
    (void)name;
    return mem_strdup("a saved key deletes nothing");
}

/* With the lock. */
static DWORD fill(struct registry *registry, struct reg_key *key, const char *text, size_t size)
{
    const struct reg_sink sink = { fill_key, refuse_deletion, fill_value, refuse_deletion };
    struct filling filling = { .registry = registry, .top = key };
    auto_free char *error = NULL;

    return reg_text_read(text, size, "", &sink, &filling, &error) ? ERROR_SUCCESS
                                                                  : ERROR_NOT_REGISTRY_FILE;
}

/* ---- save and restore ---- */

static DWORD text_of_key(HKEY handle, char **ret_text)
{
    struct open_key open;
    DWORD error = open_key_get(handle, 0, &open);

    if (error)
        return error;
    *ret_text = registry_tree_text(open.key, ROOT_NAME);
    open_key_put(&open);
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegSaveKeyExW(HKEY key, LPCWSTR name, LPSECURITY_ATTRIBUTES security, DWORD flags)
{
    auto_free char *text = NULL;

    (void)security;
    if (!name || !flags ||
        flags & ~(DWORD)(REG_STANDARD_FORMAT | REG_LATEST_FORMAT | REG_NO_COMPRESSION) ||
        flags & (flags - 1)) /* Learn: one of three formats */
        return ERROR_INVALID_PARAMETER;
    if (!privilege_is_enabled("SeBackupPrivilege"))
        return ERROR_PRIVILEGE_NOT_HELD;
    DWORD error = text_of_key(key, &text);
    if (error)
        return (LSTATUS)error;
    HANDLE file = CreateFileW(name, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) /* Learn: "RegSaveKeyW": the file must not exist */
        return GetLastError() == ERROR_FILE_EXISTS ? ERROR_ALREADY_EXISTS : (LSTATUS)GetLastError();
    error = write_file(file, text);
    CloseHandle(file);
    return (LSTATUS)error;
}

LSTATUS WINAPI RegSaveKeyW(HKEY key, LPCWSTR name, LPSECURITY_ATTRIBUTES security)
{
    return RegSaveKeyExW(key, name, security, REG_STANDARD_FORMAT);
}

/* Whether a handle is open on a key below this one. */
static bool is_open_below(const struct reg_key *key)
{
    for (size_t i = 0; i < key->keys.count; i++) {
        if (key->keys.items[i]->n_refs > 1 || is_open_below(key->keys.items[i]))
            return true;
    }
    return false;
}

static bool may_restore(void)
{
    return privilege_is_enabled("SeRestorePrivilege") && privilege_is_enabled("SeBackupPrivilege");
}

static DWORD restore(HKEY handle, const char *text, size_t size, DWORD flags)
{
    struct open_key open;
    DWORD error = open_key_get(handle, 0, &open);

    if (error)
        return error;
    if (is_open_below(open.key) && !(flags & REG_FORCE_RESTORE))
        error = ERROR_ACCESS_DENIED;
    if (!error) {
        reg_key_delete_tree(open.key, true, registry_now());
        error = fill(open.registry, open.key, text, size);
    }
    open_key_put(&open);
    return error;
}

LSTATUS WINAPI RegRestoreKeyW(HKEY key, LPCWSTR name, DWORD flags)
{
    auto_free char *text = NULL;
    size_t size;
    HANDLE file;

    if (!name || flags & ~(DWORD)(REG_FORCE_RESTORE | REG_WHOLE_HIVE_VOLATILE))
        return ERROR_INVALID_PARAMETER;
    if (!may_restore())
        return ERROR_PRIVILEGE_NOT_HELD;
    DWORD error = open_hive(name, GENERIC_READ, &file);
    if (error)
        return (LSTATUS)error;
    error = read_hive(file, &text, &size);
    CloseHandle(file);
    return (LSTATUS)(error ? error : restore(key, text, size, flags));
}

/* ---- load and unload ---- */

static struct loaded_hive *find_hive(const struct reg_key *key)
{
    list_each (struct loaded_hive, hive, &loaded_hives, link) {
        if (hive->key == key)
            return hive;
    }
    return NULL;
}

/* Learn: "RegLoadKeyW": below HKEY_LOCAL_MACHINE or HKEY_USERS. */
static DWORD get_top(HKEY handle, const char *path, struct open_key *ret_open)
{
    if (!path || !*path || (handle != HKEY_LOCAL_MACHINE && handle != HKEY_USERS))
        return ERROR_INVALID_PARAMETER;
    if (strchr(path, '\\'))
        return ERROR_INVALID_PARAMETER;
    return may_restore() ? open_key_get(handle, 0, ret_open) : ERROR_PRIVILEGE_NOT_HELD;
}

/* Takes the file, also on failure. */
static DWORD load(HKEY handle, const char *path, HANDLE file, const char *text, size_t size)
{
    struct open_key open;
    struct reg_key *key;
    bool is_made = false;
    DWORD error = get_top(handle, path, &open);

    if (error) {
        CloseHandle(file);
        return error;
    }
    error = registry_walk(open.registry, open.key, path, REGISTRY_CREATE, &key, &is_made);
    if (!error && !is_made)
        error = ERROR_ACCESS_DENIED; /* Unsure: the page tells no code for a key that is there */
    if (!error) {
        error = fill(open.registry, key, text, size);
        if (error)
            reg_key_delete_tree(key, false, registry_now());
    }
    if (!error) {
        struct loaded_hive *hive = mem_new(struct loaded_hive);
        reg_key_ref(key);
        *hive = (struct loaded_hive){ .registry = open.registry, .key = key, .file = file };
        list_append(&loaded_hives, &hive->link);
    }
    open_key_put(&open);
    if (error)
        CloseHandle(file);
    return error;
}

LSTATUS WINAPI RegLoadKeyW(HKEY key, LPCWSTR path, LPCWSTR name)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)path);
    auto_free char *text = NULL;
    struct open_key open;
    size_t size;
    HANDLE file;

    DWORD error = get_top(key, utf8, &open);
    if (error)
        return (LSTATUS)error;
    open_key_put(&open);
    error = name ? open_hive(name, GENERIC_READ | GENERIC_WRITE, &file) : ERROR_INVALID_PARAMETER;
    if (error)
        return (LSTATUS)error;
    error = read_hive(file, &text, &size);
    if (error) {
        CloseHandle(file);
        return (LSTATUS)error;
    }
    return (LSTATUS)load(key, utf8, file, text, size);
}

/* What has changed since goes into the file. */
LSTATUS WINAPI RegUnLoadKeyW(HKEY handle, LPCWSTR path)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)path), *text = NULL;
    struct loaded_hive *hive = NULL;
    struct open_key open;
    struct reg_key *key;
    DWORD error = get_top(handle, utf8, &open);

    if (error)
        return (LSTATUS)error;
    error = registry_walk(open.registry, open.key, utf8, 0, &key, NULL);
    hive = error ? NULL : find_hive(key);
    if (!error && !hive)
        error = ERROR_INVALID_PARAMETER;
    if (!error && (key->n_refs > 2 || is_open_below(key)))
        error = ERROR_ACCESS_DENIED; /* a handle is open on it */
    if (!error) {
        text = registry_tree_text(key, ROOT_NAME);
        list_remove(&hive->link);
        reg_key_delete_tree(key, false, registry_now());
        reg_key_unref(key);
    }
    open_key_put(&open);
    if (error)
        return (LSTATUS)error;
    error = write_file(hive->file, text);
    CloseHandle(hive->file);
    free(hive);
    return (LSTATUS)error;
}

/* ---- narrow forms ---- */

#define WIDE(name, text) auto_free WCHAR *name = (WCHAR *)utf16_from_utf8(text)

LSTATUS WINAPI RegSaveKeyExA(HKEY key, LPCSTR name, LPSECURITY_ATTRIBUTES security, DWORD flags)
{
    WIDE(wide, name);
    return RegSaveKeyExW(key, wide, security, flags);
}

LSTATUS WINAPI RegSaveKeyA(HKEY key, LPCSTR name, LPSECURITY_ATTRIBUTES security)
{
    return RegSaveKeyExA(key, name, security, REG_STANDARD_FORMAT);
}

LSTATUS WINAPI RegRestoreKeyA(HKEY key, LPCSTR name, DWORD flags)
{
    WIDE(wide, name);
    return RegRestoreKeyW(key, wide, flags);
}

LSTATUS WINAPI RegLoadKeyA(HKEY key, LPCSTR path, LPCSTR name)
{
    WIDE(wide_path, path);
    WIDE(wide, name);
    return RegLoadKeyW(key, wide_path, wide);
}

LSTATUS WINAPI RegUnLoadKeyA(HKEY key, LPCSTR path)
{
    WIDE(wide, path);
    return RegUnLoadKeyW(key, wide);
}
