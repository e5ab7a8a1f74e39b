/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/depfile.h"
#include "fakes/windows/driver/places.h"

#include "emu/base/cleanup.h"

#include <stdio.h>
#include <string.h>

/* The word as Make writes it: blanks, # and backslashes before them escaped, $ doubled. */
static void add_escaped(struct str *to, const char *path)
{
    for (; *path; path++) {
        if (*path == ' ' || *path == '#')
            str_add_char(to, '\\');
        if (*path == '$')
            str_add_char(to, '$');
        str_add_char(to, *path);
    }
}

/* A word from at; end is set behind it, plain gets it without escapes. */
static void take_word(const char *at, const char **ret_end, struct str *plain)
{
    for (; *at && *at != ' ' && *at != '\n'; at++) {
        if (at[0] == '\\' && (at[1] == ' ' || at[1] == '#'))
            at++;
        else if (at[0] == '$' && at[1] == '$')
            at++;
        else if (at[0] == '\\' && at[1] == '\n')
            break;
        str_add_char(plain, *at);
    }
    *ret_end = at;
}

/* What stands for a prerequisite: itself, another file, or nothing (NULL). */
static const char *replacement(const char *path, const struct survey *s)
{
    const char *cache = driver_cache();

    for (size_t i = 0; i < s->generated.count; i++)
        if (strcmp(path, s->generated.items[i].header) == 0)
            return s->generated.items[i].origin;
    if (cache && str_starts_with(path, cache) && path[strlen(cache)] == '/')
        return NULL;
    return path;
}

/* Takes back the blanks and the continued line before a word that is left out. */
static void take_back_blanks(struct str *mended)
{
    while (mended->length && strchr(" \\\n", mended->text[mended->length - 1])) {
        bool is_line_end = mended->text[mended->length - 1] == '\n';
        bool is_continued = mended->length > 1 && mended->text[mended->length - 2] == '\\';
        if (is_line_end && !is_continued)
            return; /* the end of a rule */
        mended->text[--mended->length] = 0;
    }
}

void depfile_mend(struct str *text, const struct survey *s)
{
    struct str mended = { 0 };
    const char *at = text->text ?: "";

    while (*at) {
        if (*at == ' ' || *at == '\n' || (at[0] == '\\' && at[1] == '\n')) {
            str_add_char(&mended, *at++);
            continue;
        }
        auto_str struct str plain = { 0 };
        const char *end;
        take_word(at, &end, &plain);
        bool is_target = plain.length && plain.text[plain.length - 1] == ':';
        if (is_target)
            plain.text[--plain.length] = 0;
        const char *other = replacement(plain.text ?: "", s);
        if (other == plain.text) {
            str_add_bytes(&mended, at, (size_t)(end - at));
        } else if (other) {
            add_escaped(&mended, other);
            str_add(&mended, is_target ? ":" : "");
        } else if (!is_target) {
            take_back_blanks(&mended);
        }
        at = end;
    }
    str_free(text);
    *text = mended;
}

static bool read_whole(const char *path, struct str *text)
{
    FILE *file = fopen(path, "r");
    char buffer[16384];
    size_t n;

    if (!file)
        return false;
    while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0)
        str_add_bytes(text, buffer, n);
    fclose(file);
    return text->length > 0;
}

bool depfile_names(const char *path, struct name_list *names)
{
    auto_str struct str text = { 0 };

    if (!read_whole(path, &text))
        return false;
    for (const char *at = text.text; *at && *at != '\n';) {
        auto_str struct str plain = { 0 };
        if (*at == ' ' || (at[0] == '\\' && at[1] == '\n')) {
            at += *at == ' ' ? 1 : 2;
            continue;
        }
        take_word(at, &at, &plain);
        if (plain.length && plain.text[plain.length - 1] != ':')
            name_list_add(names, plain.text);
    }
    return true;
}

void depfile_mend_file(const char *path, const struct survey *s)
{
    auto_str struct str text = { 0 };

    if (!read_whole(path, &text))
        return;
    depfile_mend(&text, s);
    driver_write_file(path, text.text ?: "");
}
