/* SPDX-License-Identifier: MIT */
#include "fakes/windows/crt/encoded.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "fakes/windows/crt/files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MOST_UNITS 1024

struct encoded {
    HANDLE handle;
    enum encoding encoding;
    size_t mark;      /* bytes of the mark at the beginning */
    struct str ready; /* read and converted, from at on not given out yet */
    size_t at;
    char begun[4]; /* of a character that is being written */
    size_t n_begun;
};

bool encoding_of_mode(const char *mode, enum encoding *ret_encoding)
{
    const char *name = strchr(mode, ',');

    *ret_encoding = ENCODING_NONE;
    if (!name)
        return true;
    name += 1 + strspn(name + 1, " ");
    if (strncasecmp(name, "ccs", 3) != 0)
        return false;
    name += 3 + strspn(name + 3, " ");
    if (*name != '=')
        return false;
    name += 1 + strspn(name + 1, " ");
    if (strcasecmp(name, "UTF-8") == 0)
        *ret_encoding = ENCODING_UTF_8;
    else if (strcasecmp(name, "UTF-16LE") == 0 || strcasecmp(name, "UNICODE") == 0)
        *ret_encoding = ENCODING_UTF_16;
    return *ret_encoding != ENCODING_NONE;
}

static bool read_bytes(struct encoded *f, void *buffer, size_t size, size_t *ret_n)
{
    DWORD n = 0;

    *ret_n = 0;
    if (!ReadFile(f->handle, buffer, (DWORD)size, &n, NULL)) {
        errno = files_errno(GetLastError());
        return false;
    }
    *ret_n = n;
    return true;
}

static bool write_bytes(struct encoded *f, const void *bytes, size_t size)
{
    DWORD n;

    if (WriteFile(f->handle, bytes, (DWORD)size, &n, NULL) && n == size)
        return true;
    errno = files_errno(GetLastError());
    return false;
}

static void move_to(struct encoded *f, int64_t position, DWORD whence)
{
    SetFilePointerEx(f->handle, (LARGE_INTEGER){ .QuadPart = position }, NULL, whence);
}

static void find_mark(struct encoded *f)
{
    unsigned char start[3] = { 0 };
    size_t n;

    if (read_bytes(f, start, sizeof(start), &n)) {
        if (n == 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0) {
            f->encoding = ENCODING_UTF_8;
            f->mark = 3;
        } else if (n >= 2 && memcmp(start, "\xff\xfe", 2) == 0) {
            f->encoding = ENCODING_UTF_16;
            f->mark = 2;
        }
    }
    move_to(f, (int64_t)f->mark, FILE_BEGIN);
}

struct encoded *encoded_new(HANDLE handle, enum encoding encoding, bool can_read, bool can_write)
{
    struct encoded *f = mem_new(struct encoded);
    LARGE_INTEGER size = { .QuadPart = 0 };

    f->handle = handle;
    f->encoding = encoding;
    GetFileSizeEx(handle, &size);
    if (size.QuadPart && can_read) {
        find_mark(f);
    } else if (!size.QuadPart && can_write) {
        f->mark = encoding == ENCODING_UTF_8 ? 3 : 2;
        write_bytes(f, encoding == ENCODING_UTF_8 ? "\xef\xbb\xbf" : "\xff\xfe", f->mark);
    }
    return f;
}

/* Fills ready with the next characters of a file in UTF-16; nothing at its end. */
static bool fill(struct encoded *f)
{
    WCHAR units[MOST_UNITS + 1];
    char bytes[3 * (MOST_UNITS + 1)];
    size_t n, more;

    str_free(&f->ready);
    f->at = 0;
    if (!read_bytes(f, units, MOST_UNITS * sizeof(WCHAR), &n))
        return false;
    n /= sizeof(WCHAR);
    if (n && (units[n - 1] & 0xfc00) == 0xd800) {
        if (!read_bytes(f, units + n, sizeof(WCHAR), &more))
            return false;
        n += more / sizeof(WCHAR);
    }
    INT length =
        n ? WideCharToMultiByte(CP_UTF8, 0, units, (INT)n, bytes, sizeof(bytes), NULL, NULL) : 0;
    str_add_bytes(&f->ready, bytes, (size_t)length);
    return true;
}

ssize_t encoded_read(struct encoded *f, char *buffer, size_t size)
{
    size_t n;

    if (f->encoding != ENCODING_UTF_16)
        return read_bytes(f, buffer, size > INT32_MAX ? INT32_MAX : size, &n) ? (ssize_t)n : -1;
    if (f->at == f->ready.length && !fill(f))
        return -1;
    n = f->ready.length - f->at;
    n = n < size ? n : size;
    if (n)
        memcpy(buffer, f->ready.text + f->at, n);
    f->at += n;
    return (ssize_t)n;
}

/* Bytes at the end of text that are the beginning of a character. */
static size_t unfinished(const char *text, size_t n)
{
    for (size_t back = 1; back <= 3 && back <= n; back++) {
        unsigned char c = (unsigned char)text[n - back];
        if ((c & 0xc0) == 0x80)
            continue;
        size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
        return length > back ? back : 0;
    }
    return 0;
}

ssize_t encoded_write(struct encoded *f, const char *bytes, size_t size)
{
    struct str text = { 0 };
    bool is_written = true;

    if (f->encoding != ENCODING_UTF_16)
        return write_bytes(f, bytes, size) ? (ssize_t)size : -1;
    str_add_bytes(&text, f->begun, f->n_begun);
    str_add_bytes(&text, bytes, size);
    f->n_begun = unfinished(text.text, text.length);
    size_t n = text.length - f->n_begun;
    memcpy(f->begun, text.text + n, f->n_begun);
    if (n) {
        WCHAR *units = mem_alloc(n * sizeof(WCHAR));
        INT length = MultiByteToWideChar(CP_UTF8, 0, text.text, (INT)n, units, (INT)n);
        is_written = write_bytes(f, units, (size_t)length * sizeof(WCHAR));
        free(units);
    }
    str_free(&text);
    return is_written ? (ssize_t)size : -1;
}

bool encoded_seek(struct encoded *f, int64_t distance, int whence)
{
    if (distance || whence == 1)
        return false;
    str_free(&f->ready);
    f->at = f->n_begun = 0;
    move_to(f, whence == 0 ? (int64_t)f->mark : 0, whence == 0 ? FILE_BEGIN : FILE_END);
    return true;
}

int encoded_close(struct encoded *f)
{
    bool is_closed = CloseHandle(f->handle);

    str_free(&f->ready);
    free(f);
    return is_closed ? 0 : -1;
}
