/* SPDX-License-Identifier: MIT */
/* run: alone */
/* Checked strings, numbers as text and paths in parts, with a handler for invalid parameters that
 * returns. Learn: "strcpy_s, wcscpy_s, _mbscpy_s", "_itoa_s", "_splitpath_s, _wsplitpath_s". */
#include "say.h"

#include <errno.h>
#include <wchar.h>

static int n_invalid;

static void note(const wchar_t *a, const wchar_t *b, const wchar_t *c, unsigned d, uintptr_t e)
{
    (void)a, (void)b, (void)c, (void)d, (void)e;
    n_invalid++;
}

static const char *name_of(int error)
{
    switch (error) {
    case 0:
        return "0";
    case EINVAL:
        return "EINVAL";
    case ERANGE:
        return "ERANGE";
    case 80:
        return "STRUNCATE";
    default:
        return "another";
    }
}

/* The answer, whether the handler was called, and what is in the buffer. */
#define SAY_WIDE_ERROR(call)                                                             \
    do {                                                                                 \
        n_invalid = 0;                                                                   \
        int error_ = (call);                                                             \
        say("%s: %s%s", #call, name_of(error_), n_invalid ? ", invalid parameter" : ""); \
        SAY_WIDE(wide);                                                                  \
    } while (0)
#define SAY_NARROW_ERROR(call)                                                           \
    do {                                                                                 \
        n_invalid = 0;                                                                   \
        int error_ = (call);                                                             \
        say("%s: %s%s", #call, name_of(error_), n_invalid ? ", invalid parameter" : ""); \
        SAY_NARROW(narrow);                                                              \
    } while (0)

static wchar_t wide[32];
static char narrow[32];

static void copies(void)
{
    SAY_WIDE_ERROR(wcscpy_s(wide, 32, L"text"));
    SAY_WIDE_ERROR(wcscpy_s(wide, 4, L"text"));
    SAY_WIDE_ERROR(wcscpy_s(wide, 5, L"text"));
    SAY_WIDE_ERROR(wcscpy_s(wide, 5, NULL));
    SAY_WIDE_ERROR(wcscpy_s(NULL, 5, L"x"));
    SAY_WIDE_ERROR(wcscpy_s(wide, 0, L"x"));
    SAY_WIDE_ERROR(wcsncpy_s(wide, 4, L"text", _TRUNCATE));
    SAY_WIDE_ERROR(wcsncpy_s(wide, 4, L"text", 3));
    SAY_WIDE_ERROR(wcsncpy_s(wide, 4, L"text", 4));
    SAY_WIDE_ERROR(wcsncpy_s(wide, 8, L"text", 0));
    SAY_WIDE_ERROR(wcsncpy_s(wide, 8, NULL, 0));
    SAY_WIDE_ERROR(wcsncpy_s(wide, 8, NULL, 2));
    SAY_WIDE_ERROR(wcscpy_s(wide, 32, L"abc"));
    SAY_WIDE_ERROR(wcscat_s(wide, 32, L"def"));
    SAY_WIDE_ERROR(wcscat_s(wide, 8, L"gh"));
    SAY_WIDE_ERROR(wcscpy_s(wide, 32, L"abc"));
    SAY_WIDE_ERROR(wcsncat_s(wide, 6, L"defg", 2));
    SAY_WIDE_ERROR(wcsncat_s(wide, 6, L"defg", _TRUNCATE));
    SAY_WIDE_ERROR(wcscpy_s(wide, 32, L"abc"));
    SAY_WIDE_ERROR(wcsncat_s(wide, 6, L"defg", _TRUNCATE));
    SAY_NARROW_ERROR(strcpy_s(narrow, 32, "text"));
    SAY_NARROW_ERROR(strcpy_s(narrow, 4, "text"));
    SAY_NARROW_ERROR(strncpy_s(narrow, 4, "text", _TRUNCATE));
    SAY_NARROW_ERROR(strcat_s(narrow, 32, " more"));
    SAY_NARROW_ERROR(strcat_s(narrow, 8, " more"));
    SAY_NARROW_ERROR(strncat_s(narrow, 32, "text", 2));
    SAY_NARROW_ERROR(memcpy_s(narrow, 32, "bytes", 6));
    SAY_NARROW_ERROR(memcpy_s(narrow, 3, "BYTES", 6));
    SAY_NARROW_ERROR(memmove_s(narrow, 32, "moved", 6));
    SAY_NARROW_ERROR(memmove_s(narrow, 3, "MOVED", 6));
}

static void changes(void)
{
    SAY_WIDE_ERROR(wcscpy_s(wide, 32, L"MiXed \xc4"));
    SAY_WIDE_ERROR(_wcslwr_s(wide, 32));
    SAY_WIDE_ERROR(_wcsupr_s(wide, 32));
    SAY_WIDE_ERROR(_wcsset_s(wide, 32, L'x'));
    SAY_WIDE_ERROR(_wcsnset_s(wide, 32, L'y', 3));
    SAY_WIDE(_wcsrev(wide));
    SAY_NARROW_ERROR(strcpy_s(narrow, 32, "MiXed"));
    SAY_NARROW_ERROR(_strlwr_s(narrow, 32));
    SAY_NARROW_ERROR(_strupr_s(narrow, 32));
    SAY_NARROW(_strrev(narrow));
    SAY_NARROW(_strnset(narrow, 'z', 2));
    SAY_NARROW(_strset(narrow, 'w'));
}

static void numbers(void)
{
    SAY_WIDE_ERROR(_itow_s(-123, wide, 32, 10));
    SAY_WIDE_ERROR(_itow_s(-123, wide, 32, 16));
    SAY_WIDE_ERROR(_itow_s(-123, wide, 4, 10));
    SAY_WIDE_ERROR(_itow_s(1, wide, 32, 1));
    SAY_WIDE_ERROR(_itow_s(1, wide, 32, 37));
    SAY_WIDE_ERROR(_ultow_s(4294967295u, wide, 32, 10));
    SAY_WIDE_ERROR(_i64tow_s(-9223372036854775807ll - 1, wide, 32, 10));
    SAY_WIDE_ERROR(_ui64tow_s(18446744073709551615ull, wide, 32, 36));
    SAY_NARROW_ERROR(_itoa_s(-2147483647 - 1, narrow, 32, 10));
    SAY_NARROW_ERROR(_ltoa_s(255, narrow, 32, 2));
    SAY_NARROW_ERROR(_i64toa_s(1234567890123ll, narrow, 32, 16));
    SAY_NARROW(_ui64toa(0, narrow, 10));
    SAY_NUMBER(_wtoi(L"  42x"));
    SAY_NUMBER(_wtoi64(L"-9223372036854775808"));
    SAY_NUMBER(wcstol(L"99999999999", NULL, 10));
    SAY_NUMBER(wcstoul(L"-1", NULL, 10));
    SAY_NUMBER(strtol("-99999999999", NULL, 10));
    SAY_NUMBER(strtoul("4294967296", NULL, 10));
    SAY_NUMBER(strtol("0x1f", NULL, 0));
    SAY_NUMBER(_wcstoi64(L"0x7fffffffffffffffffff", NULL, 16));
    SAY_NUMBER(_wcstoui64(L"077", NULL, 0));
    say("%.6f %.6f", wcstod(L" 1.5e3x", NULL), _wtof(L"-.25"));
}

static void paths(void)
{
    static const wchar_t *const some[] = {
        L"C:\\folder\\file.txt",
        L"\\\\server\\share\\x.y.z",
        L"file",
        L".hidden",
        L"C:",
        L"C:file.",
        L"a/b\\c.d\\e",
        L"",
        L"\\",
        L"dir.with\\dot",
    };

    for (unsigned i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
        wchar_t drive[8], dir[32], name[32], ext[32];
        SAY_WIDE(some[i]);
        SAY_NUMBER(_wsplitpath_s(some[i], drive, 8, dir, 32, name, 32, ext, 32));
        SAY_WIDE(drive);
        SAY_WIDE(dir);
        SAY_WIDE(name);
        SAY_WIDE(ext);
        _wmakepath_s(wide, 32, drive, dir, name, ext);
        SAY_WIDE(wide);
    }
    SAY_WIDE_ERROR(_wsplitpath_s(L"C:\\x", wide, 2, NULL, 0, NULL, 0, NULL, 0));
    SAY_WIDE_ERROR(_wsplitpath_s(L"C:\\x", wide, 0, NULL, 0, NULL, 0, NULL, 0));
    SAY_WIDE_ERROR(_wsplitpath_s(NULL, wide, 32, NULL, 0, NULL, 0, NULL, 0));
    SAY_WIDE_ERROR(_wmakepath_s(wide, 32, L"CDE", L"dir", L"name", L"ext"));
    SAY_WIDE_ERROR(_wmakepath_s(wide, 32, NULL, L"dir/", L"name", L".ext"));
    SAY_WIDE_ERROR(_wmakepath_s(wide, 8, L"C", L"dir", L"name", L"ext"));
    SAY_WIDE_ERROR(_wmakepath_s(wide, 32, L"", L"", L"", L""));
    SAY_NARROW_ERROR(_makepath_s(narrow, 32, "x", "\\a\\b", "name", "e"));
}

static void tokens(void)
{
    wchar_t text[] = L",a,,b;c,";
    wchar_t *context = NULL;

    for (wchar_t *t = wcstok_s(text, L",;", &context); t; t = wcstok_s(NULL, L",;", &context))
        SAY_WIDE(t);
    say("%d %d", _wcsicmp(L"ABC", L"abd") < 0, _wcsnicmp(L"ABCx", L"abcy", 3));
    say("%d %d", (int)wcsspn(L"aabbc", L"ab"), (int)wcscspn(L"aabbc", L"c"));
    SAY_WIDE(wcsstr(L"one two", L"tw"));
    SAY_WIDE(wcspbrk(L"one two", L"wt"));
    SAY_WIDE(wcsrchr(L"one two", L'o'));
}

int wmain(void)
{
    _set_invalid_parameter_handler(note);
    copies();
    changes();
    numbers();
    paths();
    tokens();
    return 0;
}
