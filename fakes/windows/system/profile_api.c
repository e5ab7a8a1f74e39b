/* SPDX-License-Identifier: MIT */
/* Initialization files (Learn: "GetPrivateProfileStringW", "WritePrivateProfileStringW",
 * "GetPrivateProfileIntW", "GetPrivateProfileSectionW", "GetPrivateProfileSectionNamesW"). A name
 * without a path lies in the Windows directory. A file that begins with FF FE is UTF-16 and stays
 * it; any other is text of the narrow functions, UTF-8. */
#include "fakes/windows/system/profile.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/include/vssemu_types.h"
#include "fakes/windows/last_error.h"

#include <stdlib.h>
#include <string.h>

#define LARGEST 0x1000000 /* what is more is no initialization file */

static WCHAR *whole_name(const char *file)
{
    auto_free char *path = str_printf("%s%s", strpbrk(file, "\\/:") ? "" : "C:\\Windows\\", file);

    return (WCHAR *)utf16_from_utf8(path);
}

/* The text in UTF-8, for the caller to free; NULL with the last error. */
static char *read_text(const char *file, bool *ret_is_wide)
{
    auto_free WCHAR *path = whole_name(file);
    HANDLE handle = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                OPEN_EXISTING, 0, NULL);
    LARGE_INTEGER size = { .QuadPart = 0 };
    DWORD n = 0;

    *ret_is_wide = false;
    if (handle == INVALID_HANDLE_VALUE)
        return NULL;
    GetFileSizeEx(handle, &size);
    if (size.QuadPart > LARGEST)
        size.QuadPart = LARGEST;
    auto_free char *bytes = mem_alloc((size_t)size.QuadPart + 2);
    BOOL is_read = ReadFile(handle, bytes, (DWORD)size.QuadPart, &n, NULL);
    CloseHandle(handle);
    if (!is_read)
        return NULL;
    *ret_is_wide = n >= 2 && memcmp(bytes, "\xff\xfe", 2) == 0;
    if (*ret_is_wide)
        return utf8_from_utf16_n((const uint16_t *)(void *)(bytes + 2), n / 2 - 1);
    return str_printf("%.*s", (int)n, bytes);
}

static BOOL write_text(const char *file, const char *text, bool is_wide)
{
    auto_free WCHAR *path = whole_name(file);
    auto_free uint16_t *wide = utf16_from_utf8(text);
    HANDLE handle = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS,
                                FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD n;

    if (handle == INVALID_HANDLE_VALUE)
        return FALSE;
    BOOL is_done = !is_wide || WriteFile(handle, "\xff\xfe", 2, &n, NULL);
    if (is_done && is_wide)
        is_done = WriteFile(handle, wide, (DWORD)(utf16_length(wide) * 2), &n, NULL);
    else if (is_done)
        is_done = WriteFile(handle, text, (DWORD)strlen(text), &n, NULL);
    CloseHandle(handle);
    return is_done;
}

/* ---- reading ---- */

struct question {
    const char *section, *key, *fallback, *file; /* UTF-8 */
};

/* Looks for what is asked for: a value, or names, a line each. */
static bool answer(const struct question *q, bool with_values, struct str *out)
{
    bool is_wide;
    auto_free char *text = q->file ? read_text(q->file, &is_wide) : NULL;
    struct profile_section section;
    struct profile_entry entry;

    if (text && !q->section) {
        profile_list_sections(text, out);
    } else if (text && profile_find_section(text, q->section, &section)) {
        if (!q->key)
            profile_list_entries(&section, with_values, out);
        else if (profile_find_entry(&section, q->key, &entry))
            str_add_bytes(out, entry.value, entry.n);
        else
            return win_fail(ERROR_FILE_NOT_FOUND);
    } else {
        return win_fail(ERROR_FILE_NOT_FOUND);
    }
    SetLastError(ERROR_SUCCESS);
    return true;
}

/* Learn: "GetPrivateProfileStringW": what is too long is cut, a value to size - 1 and a list, which
 * ends with two zeros, to size - 2. Lines become texts with a zero each. */
static DWORD fill(const char *text, bool is_list, WCHAR *wide, char *narrow, DWORD size)
{
    auto_free uint16_t *units = utf16_from_utf8(text);
    size_t n = wide ? utf16_length(units) : strlen(text), end = is_list ? 2 : 1;

    if (!size)
        return 0;
    if (size < end)
        end = size;
    if (n + 1 > size || (is_list && !n && size < 2)) {
        n = size - end;
        SetLastError(ERROR_MORE_DATA);
    } else {
        end = is_list && !n ? 2 : 1;
    }
    for (size_t i = 0; i < n + end; i++) {
        int unit = i >= n ? 0 : wide ? units[i] : (unsigned char)text[i];
        unit = is_list && unit == '\n' ? 0 : unit;
        if (wide)
            wide[i] = (WCHAR)unit;
        else
            narrow[i] = (char)unit;
    }
    return (DWORD)n;
}

static DWORD get(const struct question *q, WCHAR *wide, char *narrow, DWORD size)
{
    auto_str struct str out = { 0 };
    bool is_list = !q->section || !q->key;

    if (!answer(q, false, &out) && !is_list) {
        size_t n = strlen(q->fallback ?: "");
        while (n && (q->fallback[n - 1] == ' ' || q->fallback[n - 1] == '\t'))
            n--; /* "trailing blank characters" are stripped */
        str_add_bytes(&out, q->fallback ?: "", n);
    }
    return fill(out.text ?: "", is_list, wide, narrow, size);
}

INT WINAPI GetPrivateProfileStringA(LPCSTR section, LPCSTR key, LPCSTR fallback, LPSTR buffer,
                                    UINT size, LPCSTR file)
{
    const struct question q = { section, key, fallback, file };

    return buffer ? (INT)get(&q, NULL, buffer, size) : 0;
}

INT WINAPI GetPrivateProfileStringW(LPCWSTR section, LPCWSTR key, LPCWSTR fallback, LPWSTR buffer,
                                    UINT size, LPCWSTR file)
{
    auto_free char *s = utf8_from_utf16((const uint16_t *)section);
    auto_free char *k = utf8_from_utf16((const uint16_t *)key);
    auto_free char *d = utf8_from_utf16((const uint16_t *)fallback);
    auto_free char *f = utf8_from_utf16((const uint16_t *)file);
    const struct question q = { s, k, d, f };

    return buffer ? (INT)get(&q, buffer, NULL, size) : 0;
}

DWORD WINAPI GetPrivateProfileSectionNamesA(LPSTR buffer, DWORD size, LPCSTR file)
{
    return (DWORD)GetPrivateProfileStringA(NULL, NULL, NULL, buffer, size, file);
}

DWORD WINAPI GetPrivateProfileSectionNamesW(LPWSTR buffer, DWORD size, LPCWSTR file)
{
    return (DWORD)GetPrivateProfileStringW(NULL, NULL, NULL, buffer, size, file);
}

INT WINAPI GetPrivateProfileSectionA(LPCSTR section, LPSTR buffer, DWORD size, LPCSTR file)
{
    const struct question q = { .section = section, .file = file };
    auto_str struct str out = { 0 };

    if (!section || !buffer)
        return 0;
    answer(&q, true, &out);
    return (INT)fill(out.text ?: "", true, NULL, buffer, size);
}

INT WINAPI GetPrivateProfileSectionW(LPCWSTR section, LPWSTR buffer, DWORD size, LPCWSTR file)
{
    auto_free char *s = utf8_from_utf16((const uint16_t *)section);
    auto_free char *f = utf8_from_utf16((const uint16_t *)file);
    const struct question q = { .section = s, .file = f };
    auto_str struct str out = { 0 };

    if (!section || !buffer)
        return 0;
    answer(&q, true, &out);
    return (INT)fill(out.text ?: "", true, buffer, NULL, size);
}

/* Digits up to what is none; 0 where there are none. Not found: the default. */
static UINT get_number(const struct question *q, INT fallback)
{
    auto_str struct str out = { 0 };

    if (!q->section || !q->key || !answer(q, false, &out) || !out.length)
        return (UINT)fallback;
    return (UINT)strtoll(out.text, NULL, strncasecmp(out.text, "0x", 2) == 0 ? 16 : 10);
}

UINT WINAPI GetPrivateProfileIntA(LPCSTR section, LPCSTR key, INT fallback, LPCSTR file)
{
    const struct question q = { section, key, NULL, file };

    return get_number(&q, fallback);
}

UINT WINAPI GetPrivateProfileIntW(LPCWSTR section, LPCWSTR key, INT fallback, LPCWSTR file)
{
    auto_free char *s = utf8_from_utf16((const uint16_t *)section);
    auto_free char *k = utf8_from_utf16((const uint16_t *)key);
    auto_free char *f = utf8_from_utf16((const uint16_t *)file);
    const struct question q = { s, k, NULL, f };

    return get_number(&q, fallback);
}

/* ---- writing ---- */

BOOL WINAPI WritePrivateProfileStringA(LPCSTR section, LPCSTR key, LPCSTR value, LPCSTR file)
{
    bool is_wide;

    if (!section || !file)
        return win_fail(ERROR_FILE_NOT_FOUND); /* with all NULL it flushes a cache: there is none */
    auto_free char *text = read_text(file, &is_wide);
    auto_str struct str out = { 0 };
    if (!text && GetLastError() != ERROR_FILE_NOT_FOUND)
        return FALSE;
    profile_change(text ?: "", section, key, value, &out);
    return write_text(file, out.text ?: "", is_wide);
}

BOOL WINAPI WritePrivateProfileStringW(LPCWSTR section, LPCWSTR key, LPCWSTR value, LPCWSTR file)
{
    auto_free char *s = utf8_from_utf16((const uint16_t *)section);
    auto_free char *k = utf8_from_utf16((const uint16_t *)key);
    auto_free char *v = utf8_from_utf16((const uint16_t *)value);
    auto_free char *f = utf8_from_utf16((const uint16_t *)file);

    return WritePrivateProfileStringA(s, k, v, f);
}
