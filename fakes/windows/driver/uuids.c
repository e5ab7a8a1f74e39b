/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/uuids.h"

#include "emu/base/array.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define MARK "\"vssemu uuid \"" /* what dialect.h writes before the text of the identifier */

struct token {
    const char *start, *end;
};

enum scope { SCOPE_NAMESPACE, SCOPE_CLASS, SCOPE_OTHER };

/* How far the statement has come that may declare a class. */
enum progress { AT_START, BEHIND_TYPEDEF, BEHIND_KEY, ELSEWHERE };

struct scan {
    const char *at, *end;
    const char *copied; /* up to here the text is in out */
    struct str out;
    ARRAY(enum scope) scopes; /* of the braces that are open */
    size_t n_declared;
    struct statement {
        enum progress progress;
        const char *start;
        struct token key; /* struct, class, union */
        bool has_namespace, has_key, has_parenthesis, is_extern, ends_with_text;
    } statement;
};

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (c & 0x80);
}

static bool is(struct token token, const char *text)
{
    size_t n = strlen(text);

    return (size_t)(token.end - token.start) == n && memcmp(token.start, text, n) == 0;
}

static const char *skip_quoted(const char *at, const char *end)
{
    char quote = *at++;

    while (at < end && *at != quote && *at != '\n')
        at += *at == '\\' && at + 1 < end ? 2 : 1;
    return at < end ? at + 1 : at;
}

/* R"x(...)x", from the quote on. */
static const char *skip_raw(const char *at, const char *end)
{
    const char *open = memchr(at, '(', (size_t)(end - at));
    size_t n = open ? (size_t)(open - at) - 1 : 17;
    char close[20] = ")";

    if (n > 16)
        return at + 1;
    memcpy(close + 1, at + 1, n);
    close[n + 1] = '"';
    const char *found = memmem(open, (size_t)(end - open), close, n + 2);
    return found ? found + n + 2 : end;
}

static const char *skip_blanks(const char *at, const char *end)
{
    bool is_line_start = true; /* wherever a scan begins, no # stands in code */

    while (at < end && (isspace((unsigned char)*at) || (*at == '#' && is_line_start))) {
        if (*at == '#')
            at = memchr(at, '\n', (size_t)(end - at)) ?: end;
        else
            is_line_start = *at++ == '\n' || is_line_start;
    }
    return at;
}

/* The next token; lines that say where the text is from are none. False at the end. */
static bool take(const char **at, const char *end, struct token *ret)
{
    const char *p = skip_blanks(*at, end);

    if (p >= end)
        return false;
    ret->start = p;
    if (*p == '"' || *p == '\'') {
        p = skip_quoted(p, end);
    } else if (is_word(*p)) {
        while (p < end && (is_word(*p) || (*p == '\'' && isdigit((unsigned char)*ret->start))))
            p++;
        if (p < end && *p == '"' && p[-1] == 'R' && p - ret->start < 4)
            p = skip_raw(p, end);
    } else {
        p += *p == ':' && p + 1 < end && p[1] == ':' ? 2 : 1;
    }
    ret->end = p;
    *at = p;
    return true;
}

static bool begins_attribute(struct token token)
{
    return is(token, "__attribute__") || is(token, "alignas") || is(token, "__declspec");
}

/* The parentheses of an attribute, whose word has just been taken. *ret_text, NULL or the text that
 * stands behind our mark in it. */
static void take_attribute(const char **at, const char *end, struct token *ret_text)
{
    unsigned depth = 0;
    bool is_behind_mark = false;
    struct token token;

    while (take(at, end, &token)) {
        if (is_behind_mark && ret_text)
            *ret_text = token;
        is_behind_mark = is(token, MARK);
        depth += is(token, "(");
        if (is(token, ")") && --depth == 0)
            return;
    }
}

/* The name of the class, from behind one of its attributes on. False: none, or no plain one. */
static bool find_name(const char *at, const char *end, struct token *ret)
{
    struct token token, name = { 0 };

    while (take(&at, end, &token)) {
        if (begins_attribute(token)) {
            take_attribute(&at, end, NULL);
        } else if (is(token, ":") || is(token, "{") || is(token, ";") || is(token, "final")) {
            *ret = name;
            return name.start;
        } else if (!is_word(*token.start) || name.start) {
            return false;
        } else {
            name = token;
        }
    }
    return false;
}

/* The 32 digits of "{01234567-89ab-cdef-0123-456789abcdef}", braces or not, as two numbers. */
static bool read_guid(struct token token, unsigned long long ret[2])
{
    unsigned n = 0;

    ret[0] = ret[1] = 0;
    for (const char *p = token.start; p < token.end && n < 33; p++) {
        if (!isxdigit((unsigned char)*p))
            continue;
        unsigned digit = (unsigned)(isdigit((unsigned char)*p) ? *p - '0' : (*p | 32) - 'a' + 10);
        if (n < 32)
            ret[n / 16] = ret[n / 16] << 4 | digit;
        n++;
    }
    return n == 32;
}

static enum scope scope_of(const struct scan *s)
{
    return s->scopes.count ? s->scopes.items[s->scopes.count - 1] : SCOPE_NAMESPACE;
}

/* A class that carries our mark: its declaration goes before the statement. */
static void declare(struct scan *s, struct token text)
{
    unsigned long long guid[2];
    struct token name;

    if (scope_of(s) == SCOPE_OTHER || !read_guid(text, guid) || !find_name(s->at, s->end, &name))
        return;
    int n_key = (int)(s->statement.key.end - s->statement.key.start);
    int n_name = (int)(name.end - name.start);

    str_add_bytes(&s->out, s->copied, (size_t)(s->statement.start - s->copied));
    s->copied = s->statement.start;
    str_addf(&s->out,
             "%.*s %.*s; %s ::vssemu_guid<0x%016llxULL, 0x%016llxULL> "
             "vssemu_uuid_of(::vssemu_class<%.*s> *); ",
             n_key, s->statement.key.start, n_name, name.start,
             scope_of(s) == SCOPE_CLASS ? "friend" : "extern \"C++\"", guid[0], guid[1], n_name,
             name.start);
    s->n_declared++;
}

static void begin_statement(struct scan *s)
{
    s->statement = (struct statement){ .progress = AT_START };
}

static void open_brace(struct scan *s)
{
    const struct statement *t = &s->statement;
    enum scope scope = SCOPE_OTHER;

    if (t->has_namespace || (t->is_extern && t->ends_with_text))
        scope = scope_of(s);
    else if (t->has_key && !t->has_parenthesis)
        scope = scope_of(s) == SCOPE_OTHER ? SCOPE_OTHER : SCOPE_CLASS;
    array_add(&s->scopes, scope);
    begin_statement(s);
}

static void advance(struct statement *t, struct token token)
{
    bool is_key = is(token, "struct") || is(token, "class") || is(token, "union");
    bool is_early = t->progress == AT_START || t->progress == BEHIND_TYPEDEF;

    if (t->progress == AT_START) {
        t->start = token.start;
        t->is_extern = is(token, "extern");
    }
    if (is_key && is_early)
        t->key = token;
    t->has_key |= is_key;
    t->has_namespace |= is(token, "namespace");
    t->has_parenthesis |= is(token, "(");
    t->ends_with_text = *token.start == '"';
    t->progress = is_key && is_early                                ? BEHIND_KEY
                  : t->progress == AT_START && is(token, "typedef") ? BEHIND_TYPEDEF
                                                                    : ELSEWHERE;
}

static bool is_access(struct token token)
{
    return is(token, "public") || is(token, "private") || is(token, "protected");
}

static void scan_all(struct scan *s)
{
    struct token token, text;

    while (take(&s->at, s->end, &token)) {
        if (begins_attribute(token)) {
            text = (struct token){ 0 };
            take_attribute(&s->at, s->end, &text);
            if (text.start && s->statement.progress == BEHIND_KEY)
                declare(s, text);
        } else if (is(token, "{")) {
            open_brace(s);
        } else if (is(token, "}") || is(token, ";")) {
            if (*token.start == '}' && s->scopes.count)
                s->scopes.count--;
            begin_statement(s);
        } else if (s->statement.progress == AT_START && is_access(token)) {
            take(&s->at, s->end, &token); /* its colon */
        } else {
            advance(&s->statement, token);
        }
    }
}

size_t uuids_declare(struct str *text)
{
    struct scan s = { .at = text->text, .end = text->text + text->length, .copied = text->text };

    if (!text->text || !memmem(text->text, text->length, MARK, strlen(MARK)))
        return 0;
    scan_all(&s);
    array_free(&s.scopes);
    str_add_bytes(&s.out, s.copied, (size_t)(s.end - s.copied));
    str_free(text);
    *text = s.out;
    return s.n_declared;
}
