/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/source_text.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* A place in the text. Continued lines are joined while reading, so a character may take three. */
struct cursor {
    const char *at, *end;
    unsigned line;
    bool is_line_start; /* nothing but blanks since the line began */
};

static void skip_continuations(struct cursor *c)
{
    while (c->at < c->end && *c->at == '\\') {
        const char *next = c->at + 1;
        if (next < c->end && *next == '\r')
            next++;
        if (next == c->end || *next != '\n')
            return;
        c->at = next + 1;
        c->line++;
    }
}

/* The character here, 0 at the end. */
static char look(struct cursor *c)
{
    skip_continuations(c);
    return c->at < c->end ? *c->at : 0;
}

static char take(struct cursor *c)
{
    char value = look(c);

    if (c->at < c->end)
        c->at++;
    if (value == '\n')
        c->line++;
    return value;
}

static void skip_comment(struct cursor *c, char kind)
{
    take(c);
    if (kind == '/') {
        while (c->at < c->end && look(c) != '\n')
            take(c);
        return;
    }
    for (char before = 0; c->at < c->end;) {
        char now = take(c);
        if (before == '*' && now == '/')
            return;
        before = now;
    }
}

/* If a comment begins here, skips it. */
static bool skip_if_comment(struct cursor *c)
{
    if (look(c) != '/' || c->at + 1 >= c->end || (c->at[1] != '/' && c->at[1] != '*'))
        return false;
    char kind = c->at[1];
    take(c);
    skip_comment(c, kind);
    return true;
}

static void skip_quoted(struct cursor *c, char quote)
{
    while (c->at < c->end && look(c) != '\n') {
        char now = take(c);
        if (now == '\\')
            take(c);
        else if (now == quote)
            return;
    }
}

/* R"delimiter( ... )delimiter", from behind the R. */
static void skip_raw(struct cursor *c)
{
    const char *open = memchr(c->at, '(', (size_t)(c->end - c->at));
    size_t n = open ? (size_t)(open - c->at) - 1 : 17;

    if (n > 16) {
        take(c);
        return;
    }
    auto_free char *close = str_printf(")%.*s\"", (int)n, c->at + 1);
    const char *end = memmem(open, (size_t)(c->end - open), close, strlen(close));
    const char *stop = end ? end + strlen(close) : c->end;
    while (c->at < stop) {
        c->line += *c->at == '\n';
        c->at++;
    }
}

static void skip_blanks(struct cursor *c)
{
    while (look(c) == ' ' || look(c) == '\t' || skip_if_comment(c))
        if (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
            c->at++;
}

static void take_word(struct cursor *c, char *word, size_t size)
{
    size_t n = 0;

    while (isalnum((unsigned char)look(c)) || look(c) == '_') {
        char letter = take(c);
        if (n + 1 < size)
            word[n++] = letter;
    }
    word[n] = 0;
}

static void read_include(struct source_text *text, struct cursor *c)
{
    struct source_include include = { .line = c->line };
    struct str name = { 0 };
    char close = 0;

    skip_blanks(c);
    if (look(c) == '"')
        close = '"';
    else if (look(c) == '<')
        close = '>';
    else
        return; /* a macro: nobody can know */
    take(c);
    while (c->at < c->end && look(c) != close && look(c) != '\n')
        str_add_char(&name, take(c));
    include.name = str_take(&name);
    include.is_quoted = close == '"';
    include.is_first = !text->has_macros;
    array_add(&text->includes, include);
}

/* Whether a macro without a value is one that keeps a header from being read twice. */
static bool is_guard(const char *name)
{
    size_t n = strlen(name);

    while (n && name[n - 1] == '_')
        n--;
    return (n > 2 && strncmp(name + n - 2, "_H", 2) == 0) ||
           (n > 8 && strncmp(name + n - 8, "INCLUDED", 8) == 0);
}

/* The body of a macro up to the end of its line: a comma, perhaps blanks, and __VA_ARGS__. */
static void read_define(struct source_text *text, struct cursor *c)
{
    char word[64], before = 0;

    skip_blanks(c);
    take_word(c, word, sizeof(word));
    skip_blanks(c);
    text->has_macros |= look(c) != '\n' || !is_guard(word);
    while (c->at < c->end && look(c) != '\n') {
        if (skip_if_comment(c))
            continue;
        char now = look(c);
        if (now == '"' || now == '\'') {
            take(c);
            skip_quoted(c, now);
        } else if (isalpha((unsigned char)now) || now == '_') {
            take_word(c, word, sizeof(word));
            if (before == ',' && strcmp(word, "__VA_ARGS__") == 0)
                text->has_bare_variable_arguments = true;
        } else {
            take(c);
        }
        if (!isspace((unsigned char)now))
            before = now;
    }
}

static void read_directive(struct source_text *text, struct cursor *c)
{
    char word[32];

    skip_blanks(c);
    take_word(c, word, sizeof(word));
    if (strcmp(word, "include") == 0 || strcmp(word, "import") == 0)
        read_include(text, c);
    else if (strcmp(word, "define") == 0)
        read_define(text, c);
    else if (strcmp(word, "undef") == 0)
        text->has_macros = true;
}

static void read_word(struct source_text *text, struct cursor *c)
{
    char word[32];
    unsigned line = c->line;

    take_word(c, word, sizeof(word));
    size_t n = strlen(word);
    if (look(c) == '"' && n > 0 && n < 4 && word[n - 1] == 'R')
        skip_raw(c);
    else if (!strcmp(word, "uuid") || !strcmp(word, "DECLSPEC_UUID") ||
             !strcmp(word, "MIDL_INTERFACE"))
        text->has_uuids = true;
    else if (!text->seh_line && (!strcmp(word, "__try") || !strcmp(word, "__except") ||
                                 !strcmp(word, "__finally") || !strcmp(word, "__leave")))
        text->seh_line = line;
}

static void read_all(struct source_text *text, struct cursor *c)
{
    while (c->at < c->end) {
        if (skip_if_comment(c))
            continue;
        char now = look(c);
        if (now == '#' && c->is_line_start) {
            take(c);
            read_directive(text, c);
        } else if (isalpha((unsigned char)now) || now == '_') {
            read_word(text, c);
        } else {
            take(c);
            if (now == '"')
                skip_quoted(c, now);
            /* 1'000 has no quote in it. */
            else if (now == '\'' && !isdigit((unsigned char)c->at[-2]))
                skip_quoted(c, now);
        }
        c->is_line_start = now == '\n' || (c->is_line_start && (now == ' ' || now == '\t'));
    }
}

bool source_text_read(struct source_text *text, const char *path)
{
    FILE *file = fopen(path, "rb");
    auto_str struct str content = { 0 };
    char buffer[65536];
    size_t n;

    *text = (struct source_text){ 0 };
    if (!file)
        return false;
    while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0)
        str_add_bytes(&content, buffer, n);
    bool failed = ferror(file);
    fclose(file);
    if (failed)
        return false;
    /* A leading blank, so that what stands before the first character may be looked at. */
    auto_free char *all = str_printf("  %s", content.text ?: "");
    struct cursor c = { .at = all + 2, .end = all + strlen(all), .line = 1, .is_line_start = true };
    if (c.end - c.at >= 3 && memcmp(c.at, "\xef\xbb\xbf", 3) == 0)
        c.at += 3;
    read_all(text, &c);
    return true;
}

void source_text_free(struct source_text *text)
{
    for (size_t i = 0; i < text->includes.count; i++)
        free(text->includes.items[i].name);
    array_free(&text->includes);
}
