/* SPDX-License-Identifier: MIT */
/* What a key holds: RegQueryInfoKey, RegEnumKey, RegEnumKeyEx, RegEnumValue. Lengths are characters
 * without the zero, sizes of data bytes. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "fakes/windows/registry/open_key.h"

#include <string.h>

#define DESCRIPTOR_SIZE 120 /* of the security descriptor that RegGetKeySecurity gives */

struct info {
    DWORD n_keys, longest_key, longest_class, n_values, longest_value, largest_data;
};

static DWORD larger(DWORD a, size_t b)
{
    return a > b ? a : (DWORD)b;
}

static struct info info_of(const struct reg_key *key, bool is_wide)
{
    struct info info = { .n_keys = (DWORD)key->keys.count, .n_values = (DWORD)key->values.count };

    for (size_t i = 0; i < key->keys.count; i++) {
        const struct reg_key *child = key->keys.items[i];
        info.longest_key = larger(info.longest_key, reg_name_length(child->name, is_wide));
        if (child->class_name)
            info.longest_class =
                larger(info.longest_class, reg_name_length(child->class_name, is_wide));
    }
    for (size_t i = 0; i < key->values.count; i++) {
        const struct reg_value *value = &key->values.items[i];
        info.longest_value = larger(info.longest_value, reg_name_length(value->name, is_wide));
        /* Both widths are told the size of what is stored. */
        info.largest_data = larger(info.largest_data, value->size);
    }
    return info;
}

static void put(LPDWORD to, DWORD value)
{
    if (to)
        *to = value;
}

static FILETIME filetime_of(int64_t ticks)
{
    return (FILETIME){ .dwLowDateTime = (DWORD)ticks, .dwHighDateTime = (DWORD)(ticks >> 32) };
}

/* A class name: the buffer may be missing, its length alone be wanted. */
static DWORD fill_class(const char *name, void *buffer, DWORD *size, bool is_wide)
{
    DWORD error = ERROR_SUCCESS;

    if (!size)
        return ERROR_SUCCESS;
    if (buffer)
        error = reg_fill_name(name ? name : "", buffer, size, is_wide);
    *size = reg_name_length(name ? name : "", is_wide);
    return error;
}

static LSTATUS query_info(HKEY handle, void *class_name, DWORD *class_size, struct info *ret_info,
                          LPFILETIME ret_time, bool is_wide)
{
    struct open_key open;

    if (class_name && !class_size)
        return ERROR_INVALID_PARAMETER;
    DWORD error = open_key_get(handle, KEY_QUERY_VALUE, &open);
    if (error)
        return (LSTATUS)error;
    *ret_info = info_of(open.key, is_wide);
    if (ret_time)
        *ret_time = filetime_of(open.key->written);
    error = fill_class(open.key->class_name, class_name, class_size, is_wide);
    open_key_put(&open);
    return (LSTATUS)error;
}

/* clang-format off */
#define QUERY_INFO(letter, type, is_wide)                                                          \
    LSTATUS WINAPI RegQueryInfoKey##letter(                                                        \
        HKEY key, type class_name, LPDWORD class_size, LPDWORD reserved, LPDWORD ret_keys,         \
        LPDWORD ret_longest_key, LPDWORD ret_longest_class, LPDWORD ret_values,                    \
        LPDWORD ret_longest_value, LPDWORD ret_largest_data, LPDWORD ret_security,                 \
        LPFILETIME ret_time)                                                                       \
    {                                                                                              \
        struct info info = { 0 };                                                                  \
        LSTATUS error = query_info(key, class_name, class_size, &info, ret_time, is_wide);         \
                                                                                                   \
        (void)reserved;                                                                            \
        if (error && error != ERROR_MORE_DATA)                                                     \
            return error;                                                                          \
        put(ret_keys, info.n_keys);                                                                \
        put(ret_longest_key, info.longest_key);                                                    \
        put(ret_longest_class, info.longest_class);                                                \
        put(ret_values, info.n_values);                                                            \
        put(ret_longest_value, info.longest_value);                                                \
        put(ret_largest_data, info.largest_data);                                                  \
        put(ret_security, DESCRIPTOR_SIZE);                                                        \
        return error;                                                                              \
    }
/* clang-format on */
QUERY_INFO(A, LPSTR, false)
QUERY_INFO(W, LPWSTR, true)

/* ---- one after another ---- */

static LSTATUS enum_key(HKEY handle, DWORD index, void *name, DWORD *size, void *class_name,
                        DWORD *class_size, LPFILETIME ret_time, bool is_wide)
{
    struct open_key open;

    if (!name || !size)
        return ERROR_INVALID_PARAMETER;
    DWORD error = open_key_get(handle, KEY_ENUMERATE_SUB_KEYS, &open);
    if (error)
        return (LSTATUS)error;
    if (index >= open.key->keys.count) {
        error = ERROR_NO_MORE_ITEMS;
    } else {
        const struct reg_key *child = open.key->keys.items[index];
        error = reg_fill_name(child->name, name, size, is_wide);
        if (!error)
            error = fill_class(child->class_name, class_name, class_size, is_wide);
        if (!error && ret_time)
            *ret_time = filetime_of(child->written);
    }
    open_key_put(&open);
    return (LSTATUS)error;
}

LSTATUS WINAPI RegEnumKeyExA(HKEY key, DWORD index, LPSTR name, LPDWORD size, LPDWORD reserved,
                             LPSTR class_name, LPDWORD class_size, LPFILETIME ret_time)
{
    return reserved ? ERROR_INVALID_PARAMETER
                    : enum_key(key, index, name, size, class_name, class_size, ret_time, false);
}

LSTATUS WINAPI RegEnumKeyExW(HKEY key, DWORD index, LPWSTR name, LPDWORD size, LPDWORD reserved,
                             LPWSTR class_name, LPDWORD class_size, LPFILETIME ret_time)
{
    return reserved ? ERROR_INVALID_PARAMETER
                    : enum_key(key, index, name, size, class_name, class_size, ret_time, true);
}

LSTATUS WINAPI RegEnumKeyA(HKEY key, DWORD index, LPSTR name, DWORD size)
{
    return enum_key(key, index, name, &size, NULL, NULL, NULL, false);
}

LSTATUS WINAPI RegEnumKeyW(HKEY key, DWORD index, LPWSTR name, DWORD size)
{
    return enum_key(key, index, name, &size, NULL, NULL, NULL, true);
}

static DWORD hand_out(const struct reg_value *value, void *name, DWORD *size, DWORD *ret_type,
                      void *data, DWORD *data_size, bool is_wide)
{
    void *fresh;
    size_t length;
    const void *out = reg_data_out(value->type, value->data, value->size, is_wide, &length, &fresh);
    auto_free void *owned = fresh;
    DWORD error = ERROR_SUCCESS;

    (void)owned;
    if (ret_type)
        *ret_type = value->type;
    if (data && *data_size < length)
        error = ERROR_MORE_DATA;
    else if (data && length)
        memcpy(data, out, length);
    if (data_size)
        *data_size = (DWORD)length;
    DWORD name_error = reg_fill_name(value->name, name, size, is_wide);
    return name_error ? name_error : error;
}

static LSTATUS enum_value(HKEY handle, DWORD index, void *name, DWORD *size, DWORD *reserved,
                          DWORD *ret_type, void *data, DWORD *data_size, bool is_wide)
{
    struct open_key open;

    if (!name || !size || (data && !data_size) || reserved)
        return ERROR_INVALID_PARAMETER;
    DWORD error = open_key_get(handle, KEY_QUERY_VALUE, &open);
    if (error)
        return (LSTATUS)error;
    error = index < open.key->values.count ? hand_out(&open.key->values.items[index], name, size,
                                                      ret_type, data, data_size, is_wide)
                                           : ERROR_NO_MORE_ITEMS;
    open_key_put(&open);
    return (LSTATUS)error;
}

LSTATUS WINAPI RegEnumValueA(HKEY key, DWORD index, LPSTR name, LPDWORD size, LPDWORD reserved,
                             LPDWORD ret_type, LPBYTE data, LPDWORD data_size)
{
    return enum_value(key, index, name, size, reserved, ret_type, data, data_size, false);
}

LSTATUS WINAPI RegEnumValueW(HKEY key, DWORD index, LPWSTR name, LPDWORD size, LPDWORD reserved,
                             LPDWORD ret_type, LPBYTE data, LPDWORD data_size)
{
    return enum_value(key, index, name, size, reserved, ret_type, data, data_size, true);
}
