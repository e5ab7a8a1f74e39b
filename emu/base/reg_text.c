/* SPDX-License-Identifier: MIT */
/* See reg_text.h. The whole text is UTF-8 before it is read; a line ends at its '\n'. */
#include "emu/base/reg_text.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/utf.h"

#include <ctype.h>
#include <string.h>

#define VERSION_5 "Windows Registry Editor Version 5.00"
#define VERSION_4 "REGEDIT4"

struct reader {
    const char *at;
    const char *file;
    unsigned line;
    bool is_narrow; /* REGEDIT4: texts in hex are 8-bit */
    bool has_key;
    const struct reg_sink *sink;
    void *arg;
    char *error; /* NULL: so far so good */
};

/* ---- the text as UTF-8 ---- */

static char *utf8_of_file(const void *bytes, size_t size)
{
    const unsigned char *b = bytes;

    if (size >= 2 && ((b[0] == 0xFF && b[1] == 0xFE) || (b[0] == 0xFE && b[1] == 0xFF))) {
        bool is_big = b[0] == 0xFE;
        size_t n = (size - 2) / 2;
        auto_free uint16_t *units = mem_alloc((n + 1) * sizeof(uint16_t));

        for (size_t i = 0; i < n; i++) {
            unsigned first = b[2 + 2 * i], second = b[3 + 2 * i];
            units[i] = (uint16_t)(is_big ? first << 8 | second : second << 8 | first);
        }
        return utf8_from_utf16_n(units, n);
    }
    size_t skip = size >= 3 && memcmp(b, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    char *text = mem_alloc(size - skip + 1);
    if (size - skip)
        memcpy(text, b + skip, size - skip);
    return text;
}

/* ---- lines ---- */

static void fail(struct reader *r, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void fail(struct reader *r, unsigned line, const char *format, ...)
{
    struct str text = { 0 };
    va_list args;

    if (r->error)
        return;
    str_addf(&text, "%s:%u: ", r->file, line);
    va_start(args, format);
    str_vaddf(&text, format, args);
    va_end(args);
    r->error = str_take(&text);
}

/* Takes what the sink answered. */
static void heed(struct reader *r, unsigned line, char *answer)
{
    if (answer)
        fail(r, line, "%s", answer);
    free(answer);
}

static void skip_blanks(struct reader *r)
{
    while (*r->at == ' ' || *r->at == '\t' || *r->at == '\r')
        r->at++;
}

/* To the first character of the next line that says something; comments are none. */
static void skip_empty_lines(struct reader *r)
{
    for (;;) {
        skip_blanks(r);
        if (*r->at == ';')
            r->at += strcspn(r->at, "\n");
        if (*r->at != '\n')
            return;
        r->at++;
        r->line++;
    }
}

/* Behind a value: the line ends, or a comment begins. */
static void end_line(struct reader *r, const char *after)
{
    skip_blanks(r);
    if (*r->at && *r->at != '\n' && *r->at != ';')
        fail(r, r->line, "\"%.*s\" behind %s; end the line there",
             (int)strcspn(r->at, "\r\n") > 40 ? 40 : (int)strcspn(r->at, "\r\n"), r->at, after);
}

/* "text" with \\ and \" inside; may hold line ends. The caller frees; NULL: failed. */
static char *read_quoted(struct reader *r)
{
    struct str text = { 0 };
    unsigned line = r->line;

    for (r->at++; *r->at && *r->at != '"'; r->at++) {
        if (*r->at == '\\' && (r->at[1] == '\\' || r->at[1] == '"'))
            r->at++;
        else if (*r->at == '\\')
            fail(r, r->line, "a backslash alone; inside quotes write two (\"C:\\\\x\")");
        if (*r->at == '\n')
            r->line++;
        str_add_char(&text, *r->at);
    }
    if (!*r->at)
        fail(r, line, "the quote that opens here is never closed");
    else
        r->at++;
    if (!r->error)
        return str_take(&text);
    str_free(&text);
    return NULL;
}

/* ---- values ---- */

static void tell_value(struct reader *r, unsigned line, const char *name, uint32_t type,
                       const void *data, size_t size)
{
    if (r->sink && !r->error)
        heed(r, line, r->sink->set_value(r->arg, name, type, data, size));
}

static void tell_text(struct reader *r, unsigned line, const char *name, uint32_t type,
                      const char *utf8)
{
    auto_free uint16_t *wide = utf16_from_utf8(utf8);

    tell_value(r, line, name, type, wide, (utf16_length(wide) + 1) * sizeof(uint16_t));
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'                 ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                : -1;
}

static void read_dword(struct reader *r, const char *name)
{
    unsigned n = 0;
    uint32_t value = 0;

    for (; hex_digit(*r->at) >= 0; n++)
        value = value << 4 | (uint32_t)hex_digit(*r->at++);
    if (!n || n > 8)
        fail(r, r->line, "dword: takes one to eight hexadecimal digits, as in dword:0000000a");
    end_line(r, "the number");
    tell_value(r, r->line, name, REG_TEXT_DWORD, &value, sizeof(value));
}

/* Over a backslash that ends a line, blanks and line ends between bytes. */
static void skip_between_bytes(struct reader *r)
{
    skip_blanks(r);
    while (*r->at == '\\') {
        r->at++;
        skip_blanks(r);
        if (*r->at != '\n') {
            fail(r, r->line, "a backslash inside a line; it may only end one that goes on");
            return;
        }
        r->at++;
        r->line++;
        skip_blanks(r);
    }
}

static bool is_text_type(uint32_t type)
{
    return type == REG_TEXT_SZ || type == REG_TEXT_EXPAND_SZ || type == REG_TEXT_MULTI_SZ;
}

/* REGEDIT4 gives texts in bytes of the code page, zeros included. */
static void tell_narrow(struct reader *r, unsigned line, const char *name, uint32_t type,
                        const struct str *bytes)
{
    struct str wide = { 0 };

    for (size_t at = 0; at < bytes->length;) {
        const char *part = bytes->text + at; /* a zero stands behind the last byte in any case */
        auto_free uint16_t *units = utf16_from_utf8(part);
        size_t n = strlen(part);
        bool has_zero = at + n < bytes->length;

        str_add_bytes(&wide, (const char *)units,
                      (utf16_length(units) + has_zero) * sizeof(uint16_t));
        at += n + has_zero;
    }
    tell_value(r, line, name, type, wide.text, wide.length);
    str_free(&wide);
}

static void read_hex(struct reader *r, const char *name, uint32_t type)
{
    auto_str struct str bytes = { 0 };
    unsigned line = r->line;

    for (;;) {
        skip_between_bytes(r);
        if (r->error || !*r->at || *r->at == '\n' || *r->at == ';')
            break;
        int high = hex_digit(*r->at);
        int low = high < 0 ? -1 : hex_digit(r->at[1]);
        if (high < 0) {
            fail(r, r->line, "\"%c\" is no hexadecimal digit; bytes are written as in hex:01,ff",
                 *r->at);
            return;
        }
        str_add_char(&bytes, (char)(low < 0 ? high : high << 4 | low));
        r->at += low < 0 ? 1 : 2;
        skip_blanks(r);
        if (*r->at == ',')
            r->at++;
        else if (*r->at && *r->at != '\n' && *r->at != ';' && *r->at != '\\')
            fail(r, r->line, "bytes lack a comma between them");
    }
    if (r->is_narrow && is_text_type(type))
        tell_narrow(r, line, name, type, &bytes);
    else
        tell_value(r, line, name, type, bytes.text ? bytes.text : "", bytes.length);
}

/* "hex(7):" and the like; the number is hexadecimal. */
static bool read_hex_type(struct reader *r, uint32_t *ret_type)
{
    uint32_t type = 0;
    const char *at = r->at + 4;

    if (strncasecmp(r->at, "hex:", 4) == 0) {
        r->at += 4;
        *ret_type = REG_TEXT_BINARY;
        return true;
    }
    if (strncasecmp(r->at, "hex(", 4) != 0)
        return false;
    while (hex_digit(*at) >= 0)
        type = type << 4 | (uint32_t)hex_digit(*at++);
    if (at == r->at + 4 || at[0] != ')' || at[1] != ':')
        return false;
    r->at = at + 2;
    *ret_type = type;
    return true;
}

static void read_value(struct reader *r, const char *name)
{
    uint32_t type;
    unsigned line = r->line;

    if (*r->at == '"') {
        auto_free char *text = read_quoted(r);
        if (text)
            end_line(r, "the text");
        if (text)
            tell_text(r, line, name, REG_TEXT_SZ, text);
    } else if (*r->at == '-') {
        r->at++;
        end_line(r, "the minus");
        if (r->sink && !r->error)
            heed(r, line, r->sink->delete_value(r->arg, name));
    } else if (strncasecmp(r->at, "dword:", 6) == 0) {
        r->at += 6;
        read_dword(r, name);
    } else if (read_hex_type(r, &type)) {
        read_hex(r, name, type);
    } else {
        fail(r, r->line,
             "the value of \"%s\" is of no known kind; write \"text\", dword:, hex:, hex(N): or -",
             name);
    }
}

static void read_named_value(struct reader *r)
{
    auto_free char *name = NULL;

    if (!r->has_key) {
        fail(r, r->line, "a value before the first key; write [HKEY_LOCAL_MACHINE\\...] above it");
        return;
    }
    if (*r->at == '@') {
        r->at++;
        name = mem_strdup("");
    } else {
        name = read_quoted(r);
    }
    if (!name)
        return;
    skip_blanks(r);
    if (*r->at != '=') {
        fail(r, r->line, "\"%s\" lacks its =", name);
        return;
    }
    r->at++;
    skip_blanks(r);
    read_value(r, name);
}

/* A key's name may hold brackets: the last one of the line closes. */
static void read_key(struct reader *r)
{
    size_t length = strcspn(r->at, "\n");
    const char *end = r->at + length;
    bool is_deleted = r->at[1] == '-';
    const char *path = r->at + (is_deleted ? 2 : 1);

    while (end > path && *end != ']')
        end--;
    if (end <= path) {
        fail(r, r->line, "a key lacks its name or its closing bracket; write [KEY\\NAME]");
        return;
    }
    auto_free char *name = str_printf("%.*s", (int)(end - path), path);
    r->at = end + 1;
    end_line(r, "the key");
    r->has_key = !is_deleted;
    if (r->sink && !r->error)
        heed(r, r->line,
             is_deleted ? r->sink->delete_key(r->arg, name) : r->sink->add_key(r->arg, name));
}

static void read_version(struct reader *r)
{
    size_t length;

    skip_empty_lines(r);
    length = strcspn(r->at, "\r\n");
    while (length && isspace((unsigned char)r->at[length - 1]))
        length--;
    if (length == strlen(VERSION_4) && strncmp(r->at, VERSION_4, length) == 0)
        r->is_narrow = true;
    else if (length != strlen(VERSION_5) || strncmp(r->at, VERSION_5, length) != 0)
        fail(r, r->line, "this is no registry file; its first line must be \"" VERSION_5 "\"");
    r->at += length;
}

bool reg_text_read(const void *bytes, size_t size, const char *file, const struct reg_sink *sink,
                   void *arg, char **ret_error)
{
    auto_free char *text = utf8_of_file(bytes, size);
    struct reader r = { .at = text, .file = file, .line = 1, .sink = sink, .arg = arg };

    read_version(&r);
    while (!r.error) {
        skip_empty_lines(&r);
        if (!*r.at)
            break;
        if (*r.at == '[')
            read_key(&r);
        else if (*r.at == '"' || *r.at == '@')
            read_named_value(&r);
        else
            fail(&r, r.line, "a line is a [key], a \"name\"=value, @=value or a ; comment");
    }
    if (!r.error)
        return true;
    *ret_error = r.error;
    return false;
}

/* ---- writing ---- */

void reg_text_begin(struct str *out)
{
    str_add(out, VERSION_5 "\n");
}

void reg_text_add_key(struct str *out, const char *path)
{
    str_addf(out, "\n[%s]\n", path);
}

static void add_quoted(struct str *out, const char *text)
{
    str_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            str_add_char(out, '\\');
        str_add_char(out, *text);
    }
    str_add_char(out, '"');
}

/* As a quoted text, if its one zero is at its end and nothing in it needs more than quotes. */
static bool add_as_text(struct str *out, const void *data, size_t size)
{
    size_t n = size / sizeof(uint16_t);
    auto_free uint16_t *units = mem_copy(data, size);

    if (!n || size % sizeof(uint16_t) || units[n - 1])
        return false;
    for (size_t i = 0; i + 1 < n; i++) {
        if (units[i] < 32)
            return false;
    }
    auto_free char *utf8 = utf8_from_utf16_n(units, n - 1);
    add_quoted(out, utf8);
    return true;
}

static void add_hex(struct str *out, uint32_t type, const unsigned char *data, size_t size)
{
    if (type == REG_TEXT_BINARY)
        str_add(out, "hex:");
    else
        str_addf(out, "hex(%x):", (unsigned)type);
    for (size_t i = 0; i < size; i++) {
        if (i && i % 25 == 0)
            str_add(out, "\\\n  ");
        str_addf(out, i + 1 < size ? "%02x," : "%02x", data[i]);
    }
}

void reg_text_add_value(struct str *out, const char *name, uint32_t type, const void *data,
                        size_t size)
{
    uint32_t number;

    if (*name)
        add_quoted(out, name);
    else
        str_add_char(out, '@');
    str_add_char(out, '=');
    if (type == REG_TEXT_DWORD && size == sizeof(number)) {
        memcpy(&number, data, sizeof(number));
        str_addf(out, "dword:%08x", (unsigned)number);
    } else if (type != REG_TEXT_SZ || !add_as_text(out, data, size)) {
        add_hex(out, type, data, size);
    }
    str_add_char(out, '\n');
}
