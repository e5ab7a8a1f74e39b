/* SPDX-License-Identifier: MIT */
/* Values: setting, asking, deleting (Learn: "RegSetValueExW", "RegQueryValueExW", "RegGetValueW"
 * and their relatives). Sizes are bytes. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "fakes/windows/registry/open_key.h"

#include <string.h>

#define LONGEST_VALUE_NAME 16383 /* Learn: "Registry Element Size Limits" */

/* ---- setting ---- */

/* "\Registry\Machine\..." of a link, as a path below the top of the tree. */
static void set_link(struct reg_key *key, const void *data, size_t size)
{
    auto_free char *target = utf8_from_utf16_n(data, size / sizeof(WCHAR));

    free(key->link);
    key->link = mem_strdup(strncasecmp(target, "\\Registry\\", 10) == 0 ? target + 10 : target);
}

static LSTATUS set_value(HKEY handle, const char *path, const char *name, DWORD type,
                         const void *data, size_t size)
{
    struct open_key open;
    struct reg_key *key = NULL;
    DWORD error = open_key_get(handle, path ? 0 : KEY_SET_VALUE, &open);

    if (error)
        return (LSTATUS)error;
    error = registry_walk(open.registry, open.key, path ? path : "", REGISTRY_CREATE, &key, NULL);
    if (!error && name && reg_name_length(name, true) > LONGEST_VALUE_NAME)
        error = ERROR_INVALID_PARAMETER;
    if (!error) {
        reg_key_set(key, name ? name : "", type, data, size, registry_now());
        if (key->is_link && type == REG_LINK)
            set_link(key, data, size);
    }
    open_key_put(&open);
    return (LSTATUS)error;
}

/* A text whose caller forgot to count the zero that stands behind it is stored with its zero.
 * Windows: does so. */
static size_t counted_zero(const void *data, size_t size, bool is_wide)
{
    size_t unit = is_wide ? sizeof(WCHAR) : 1;
    WCHAR last = 0, behind = 0;

    if (size < unit || size % unit)
        return size;
    memcpy(&last, (const char *)data + size - unit, unit);
    if (!last)
        return size;
    memcpy(&behind, (const char *)data + size, unit);
    return behind ? size : size + unit;
}

static LSTATUS set_typed(HKEY handle, const char *path, const char *name, DWORD type,
                         const void *data, DWORD size, bool is_wide)
{
    size_t length = size;

    if (size && !data)
        return ERROR_INVALID_PARAMETER;
    if (data && (type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ))
        length = counted_zero(data, size, is_wide);
    if (is_wide || !reg_is_text(type))
        return set_value(handle, path, name, type, data, length);
    auto_free void *wide = reg_data_in(data, length, &length);
    return set_value(handle, path, name, type, wide, length);
}

LSTATUS WINAPI RegSetValueExA(HKEY key, LPCSTR name, DWORD reserved, DWORD type, const BYTE *data,
                              DWORD size)
{
    (void)reserved;
    return set_typed(key, NULL, name, type, data, size, false);
}

LSTATUS WINAPI RegSetValueExW(HKEY key, LPCWSTR name, DWORD reserved, DWORD type, const BYTE *data,
                              DWORD size)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    (void)reserved;
    return set_typed(key, NULL, utf8, type, data, size, true);
}

LSTATUS WINAPI RegSetKeyValueA(HKEY key, LPCSTR path, LPCSTR name, DWORD type, const void *data,
                               DWORD size)
{
    return set_typed(key, path, name, type, data, size, false);
}

LSTATUS WINAPI RegSetKeyValueW(HKEY key, LPCWSTR path, LPCWSTR name, DWORD type, const void *data,
                               DWORD size)
{
    auto_free char *utf8_path = utf8_from_utf16((const uint16_t *)path);
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    return set_typed(key, utf8_path, utf8, type, data, size, true);
}

/* Learn: "RegSetValueW": the default value of a subkey that is made if need be, a text. */
LSTATUS WINAPI RegSetValueA(HKEY key, LPCSTR path, DWORD type, LPCSTR text, DWORD size)
{
    (void)size;
    if (type != REG_SZ || !text)
        return ERROR_INVALID_PARAMETER;
    return RegSetKeyValueA(key, path ? path : "", NULL, REG_SZ, text, (DWORD)strlen(text) + 1);
}

LSTATUS WINAPI RegSetValueW(HKEY key, LPCWSTR path, DWORD type, LPCWSTR text, DWORD size)
{
    auto_free char *utf8_path = utf8_from_utf16((const uint16_t *)path);
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)text);

    return RegSetValueA(key, utf8_path, type, utf8, size);
}

/* ---- asking ---- */

static DWORD hand_out(const struct reg_value *value, bool is_wide, DWORD *ret_type, void *data,
                      DWORD *size)
{
    void *fresh;
    size_t length;
    const void *out = reg_data_out(value->type, value->data, value->size, is_wide, &length, &fresh);
    auto_free void *owned = fresh;
    DWORD error = data && *size < length ? ERROR_MORE_DATA : ERROR_SUCCESS;

    (void)owned;
    if (ret_type)
        *ret_type = value->type;
    if (data && !error && length)
        memcpy(data, out, length);
    if (size)
        *size = (DWORD)length;
    return error;
}

static LSTATUS query(HKEY handle, const char *name, DWORD *reserved, DWORD *ret_type, void *data,
                     DWORD *size, bool is_wide)
{
    struct open_key open;

    if ((data && !size) || reserved)
        return ERROR_INVALID_PARAMETER;
    DWORD error = open_key_get(handle, KEY_QUERY_VALUE, &open);
    if (error)
        return (LSTATUS)error;
    const struct reg_value *value = reg_key_value(open.key, name ? name : "");
    if (value)
        error = hand_out(value, is_wide, ret_type, data, size);
    else
        error = ERROR_FILE_NOT_FOUND;
    open_key_put(&open);
    return (LSTATUS)error;
}

LSTATUS WINAPI RegQueryValueExA(HKEY key, LPCSTR name, LPDWORD reserved, LPDWORD ret_type,
                                LPBYTE data, LPDWORD size)
{
    return query(key, name, reserved, ret_type, data, size, false);
}

LSTATUS WINAPI RegQueryValueExW(HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD ret_type,
                                LPBYTE data, LPDWORD size)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    return query(key, utf8, reserved, ret_type, data, size, true);
}

/* Learn: "RegQueryValueW": the default value of a subkey; a key without one has an empty text. */
static LSTATUS query_default(HKEY handle, const char *path, void *data, LONG *size, bool is_wide)
{
    struct open_key open;
    DWORD unit = is_wide ? sizeof(WCHAR) : 1;
    DWORD error = open_key_get_below(handle, path, 0, &open);

    if (error)
        return (LSTATUS)error;
    const struct reg_value *value = reg_key_value(open.key, "");
    if (value && value->type != REG_SZ && value->type != REG_EXPAND_SZ) {
        error = ERROR_INVALID_DATA;
    } else if (value) {
        error = hand_out(value, is_wide, NULL, data, (DWORD *)size);
    } else {
        if (data && size && *size >= (LONG)unit)
            memset(data, 0, unit);
        if (size)
            *size = (LONG)unit;
    }
    open_key_put(&open);
    return (LSTATUS)error;
}

LSTATUS WINAPI RegQueryValueA(HKEY key, LPCSTR path, LPSTR data, LPLONG size)
{
    return query_default(key, path, data, size, false);
}

LSTATUS WINAPI RegQueryValueW(HKEY key, LPCWSTR path, LPWSTR data, LPLONG size)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)path);

    return query_default(key, utf8, data, size, true);
}

/* ---- deleting ---- */

static LSTATUS delete_value(struct open_key *open, const char *name)
{
    bool was_there = reg_key_delete_value(open->key, name ? name : "", registry_now());

    open_key_put(open);
    return was_there ? ERROR_SUCCESS : ERROR_FILE_NOT_FOUND;
}

LSTATUS WINAPI RegDeleteValueA(HKEY key, LPCSTR name)
{
    struct open_key open;
    DWORD error = open_key_get(key, KEY_SET_VALUE, &open);

    return error ? (LSTATUS)error : delete_value(&open, name);
}

LSTATUS WINAPI RegDeleteValueW(HKEY key, LPCWSTR name)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    return RegDeleteValueA(key, utf8);
}

LSTATUS WINAPI RegDeleteKeyValueA(HKEY key, LPCSTR path, LPCSTR name)
{
    struct open_key open;

    if (!path || !*path)
        return RegDeleteValueA(key, name);
    DWORD error = open_key_get_below(key, path, 0, &open);
    return error ? (LSTATUS)error : delete_value(&open, name);
}

LSTATUS WINAPI RegDeleteKeyValueW(HKEY key, LPCWSTR path, LPCWSTR name)
{
    auto_free char *utf8_path = utf8_from_utf16((const uint16_t *)path);
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    return RegDeleteKeyValueA(key, utf8_path, utf8);
}
