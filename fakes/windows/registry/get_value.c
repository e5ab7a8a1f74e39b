/* SPDX-License-Identifier: MIT */
/* RegGetValue: a value of a known type, whole and terminated (Learn: "RegGetValueW"). */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "fakes/windows/registry/open_key.h"

#include <string.h>

/* Data with the zeros that their type has: one behind a text, two behind a list of texts. The
 * caller frees. */
static WCHAR *terminated(DWORD type, const void *data, size_t size, size_t *ret_size)
{
    size_t n = size / sizeof(WCHAR);
    WCHAR *units = mem_alloc((n + 2) * sizeof(WCHAR));

    memcpy(units, data, n * sizeof(WCHAR));
    if (!n || units[n - 1])
        n++;
    if (type == REG_MULTI_SZ && (n < 2 || units[n - 2]))
        n++;
    *ret_size = n * sizeof(WCHAR);
    return units;
}

/* The caller frees. */
static WCHAR *expanded(const WCHAR *text, size_t *ret_size)
{
    DWORD room = ExpandEnvironmentStringsW(text, NULL, 0);
    WCHAR *out = mem_alloc(((size_t)room + 1) * sizeof(WCHAR));

    ExpandEnvironmentStringsW(text, out, room + 1);
    *ret_size = (utf16_length((const uint16_t *)out) + 1) * sizeof(WCHAR);
    return out;
}

static bool is_type_allowed(DWORD type, size_t size, DWORD flags)
{
    if ((flags & RRF_RT_ANY) == RRF_RT_ANY)
        return true;
    if (type == REG_BINARY && (flags & RRF_RT_REG_BINARY)) {
        /* RRF_RT_DWORD and RRF_RT_QWORD take binary data of their size alone. */
        if ((flags & RRF_RT_ANY) == RRF_RT_DWORD)
            return size == sizeof(DWORD);
        if ((flags & RRF_RT_ANY) == RRF_RT_QWORD)
            return size == sizeof(uint64_t);
        return true;
    }
    return type <= REG_QWORD && type != REG_DWORD_BIG_ENDIAN &&
           flags & (type == REG_QWORD      ? RRF_RT_REG_QWORD
                    : type == REG_MULTI_SZ ? RRF_RT_REG_MULTI_SZ
                    : type <= REG_DWORD    ? 1u << type
                                           : 0u);
}

/* A copy of the value, as far as it is of use. */
struct taken {
    DWORD type;
    void *data; /* owned */
    size_t size;
};

static DWORD take(HKEY handle, const char *path, const char *name, DWORD flags, struct taken *ret)
{
    struct open_key open;
    REGSAM wow64 = (flags & RRF_SUBKEY_WOW6464KEY ? KEY_WOW64_64KEY : 0u) |
                   (flags & RRF_SUBKEY_WOW6432KEY ? KEY_WOW64_32KEY : 0u);
    DWORD error = path && *path ? open_key_get_below(handle, path, wow64, &open)
                                : open_key_get(handle, KEY_QUERY_VALUE, &open);

    if (error)
        return error;
    const struct reg_value *value = reg_key_value(open.key, name ? name : "");
    if (value)
        *ret = (struct taken){ value->type, mem_copy(value->data, value->size), value->size };
    else
        error = ERROR_FILE_NOT_FOUND;
    open_key_put(&open);
    return error;
}

static void prepare(struct taken *taken, DWORD flags)
{
    auto_free void *old = taken->data;

    if (!reg_is_text(taken->type)) {
        old = NULL;
        return;
    }
    taken->data = terminated(taken->type, old, taken->size, &taken->size);
    if (taken->type == REG_EXPAND_SZ && !(flags & RRF_NOEXPAND)) {
        auto_free void *text = taken->data;
        taken->data = expanded(text, &taken->size);
        taken->type = REG_SZ;
    }
}

static DWORD get(HKEY handle, const char *path, const char *name, DWORD flags, DWORD *ret_type,
                 void *data, DWORD *size, bool is_wide)
{
    struct taken taken = { 0 };
    DWORD error = take(handle, path, name, flags, &taken);
    void *fresh;
    size_t length;

    if (error)
        return error;
    prepare(&taken, flags);
    auto_free void *owned = taken.data;
    const void *out = reg_data_out(taken.type, owned, taken.size, is_wide, &length, &fresh);
    auto_free void *narrow = fresh;
    (void)narrow;
    if (ret_type)
        *ret_type = taken.type;
    if (!is_type_allowed(taken.type, length, flags))
        return ERROR_UNSUPPORTED_TYPE;
    if (data && *size < length)
        error = ERROR_MORE_DATA;
    else if (data && length)
        memcpy(data, out, length);
    if (size)
        *size = (DWORD)length;
    return error;
}

static LSTATUS get_value(HKEY handle, const char *path, const char *name, DWORD flags,
                         DWORD *ret_type, void *data, DWORD *size, bool is_wide)
{
    DWORD room = size ? *size : 0;

    if (data && !size)
        return ERROR_INVALID_PARAMETER;
    if (flags & RRF_RT_REG_EXPAND_SZ && !(flags & RRF_NOEXPAND) &&
        (flags & RRF_RT_ANY) != RRF_RT_ANY)
        return ERROR_INVALID_PARAMETER;
    if ((flags & RRF_WOW64_MASK) == RRF_WOW64_MASK)
        return ERROR_INVALID_PARAMETER;
    DWORD error = get(handle, path, name, flags, ret_type, data, size, is_wide);
    if (error && data && flags & RRF_ZEROONFAILURE)
        memset(data, 0, room);
    return (LSTATUS)error;
}

LSTATUS WINAPI RegGetValueA(HKEY key, LPCSTR path, LPCSTR name, DWORD flags, LPDWORD ret_type,
                            PVOID data, LPDWORD size)
{
    return get_value(key, path, name, flags, ret_type, data, size, false);
}

LSTATUS WINAPI RegGetValueW(HKEY key, LPCWSTR path, LPCWSTR name, DWORD flags, LPDWORD ret_type,
                            PVOID data, LPDWORD size)
{
    auto_free char *utf8_path = utf8_from_utf16((const uint16_t *)path);
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    return get_value(key, utf8_path, utf8, flags, ret_type, data, size, true);
}
