/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/declarations.h"
#include "fakes/windows/driver/arguments.h"
#include "fakes/windows/driver/places.h"

#include "emu/base/cleanup.h"
#include "emu/base/hash.h"
#include "emu/base/list.h"
#include "emu/base/name_list.h"
#include "emu/base/str.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

struct wanted {
    struct hash_link link;
    struct declaration *declaration;
    char *other_name; /* that stands for it, owned; NULL: its own */
};

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static uint64_t hash_word(const char *word, size_t n)
{
    uint64_t h = 0;

    for (size_t i = 0; i < n; i++)
        h = h * 31 + (unsigned char)word[i];
    return hash_number(h);
}

static struct declaration *look_up(const struct hash *names, const char *word, size_t n)
{
    uint64_t hash = hash_word(word, n);

    for (struct hash_link *link = hash_chain(names, hash); link; link = link->next) {
        struct wanted *w = container_of(link, struct wanted, link);
        const char *name = w->other_name ?: w->declaration->name;
        if (link->hash == hash && strncmp(name, word, n) == 0 && !name[n])
            return w->declaration;
    }
    return NULL;
}

/* Where the statement that holds `at` begins: behind the last one, behind the last directive; `at`
 * itself inside a directive. */
static const char *statement_start(const char *text, const char *at)
{
    const char *start = at;

    while (start > text && !strchr(";{}", start[-1])) {
        start--;
        if (*start == '#' && (start == text || start[-1] == '\n'))
            return start + strcspn(start, "\n") < at ? start + strcspn(start, "\n") : at;
    }
    return start;
}

static bool has_word(const char *start, const char *end, const char *word)
{
    size_t n = strlen(word);

    for (const char *at = start; (at = memmem(at, (size_t)(end - at), word, n)); at += n)
        if ((at == start || !is_word(at[-1])) && (at + n == end || !is_word(at[n])))
            return true;
    return false;
}

/* Whether `at`, behind the name, is a list of parameters and then the end of a declaration. */
static bool ends_like_declaration(const char *at)
{
    int depth = 0;

    at += strspn(at, " \t\r\n");
    if (*at != '(')
        return false;
    for (; *at; at++) {
        depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
        if (!depth)
            break;
    }
    if (!*at)
        return false;
    at++;
    at += strspn(at, " \t\r\n");
    return *at == ';' || is_word(*at);
}

static void take_function(struct declaration *d, const char *header, const char *text,
                          const char *at, const char *end)
{
    const char *start = statement_start(text, at);

    if (!ends_like_declaration(end) || has_word(start, at, "return") ||
        has_word(start, at, "typedef") || memchr(start, '=', (size_t)(at - start)) ||
        memchr(start, '"', (size_t)(at - start)))
        return;
    const char *first = start + strspn(start, " \t\r\n");
    if (first >= at) /* a macro of this name, or a call */
        return;
    d->kind = DECLARED_FUNCTION;
    d->failing = failing_value_of(header, d->name, start, at);
}

/* `#define EnumProcesses K32EnumProcesses`, the second being wanted: the first is looked for. */
static void take_other_name(struct hash *names, struct declaration *d, const char *text,
                            const char *at, const char *end)
{
    const char *line = at;

    while (line > text && line[-1] != '\n')
        line--;
    const char *directive = line + strspn(line, " \t");
    if (*directive != '#')
        return;
    directive += 1 + strspn(directive + 1, " \t");
    if (!str_starts_with(directive, "define"))
        return;
    const char *name = directive + 6 + strspn(directive + 6, " \t"), *stop = name;
    while (is_word(*stop))
        stop++;
    const char *value = stop + strspn(stop, " \t"), *rest = end + strspn(end, " \t\r");
    if (stop == name || value != at || *rest != '\n' || look_up(names, name, (size_t)(stop - name)))
        return;
    struct wanted *w = mem_new(struct wanted);
    w->declaration = d;
    w->other_name = str_printf("%.*s", (int)(stop - name), name);
    hash_add(names, &w->link, hash_word(name, (size_t)(stop - name)));
}

/* DEFINE_GUID(NAME, 0x1, ...): the rest up to the parenthesis is the value. */
static void take_guid(struct declaration *d, const char *text, const char *at, const char *end)
{
    const char *open = at;

    while (open > text && isspace((unsigned char)open[-1]))
        open--;
    if (open == text || *--open != '(')
        return;
    const char *word = open;
    while (word > text && is_word(word[-1]))
        word--;
    end += strspn(end, " \t\r\n");
    const char *close = strchr(end, ')');
    if (*end != ',' || !close || close - end > 400 || !str_starts_with(word, "DEFINE_GUID"))
        return;
    d->kind = DECLARED_GUID;
    d->value = str_printf("%.*s", (int)(close - end - 1), end + 1);
}

/* Makes comments blank: a function that is named in one is not declared. */
static void blank_comments(char *text)
{
    for (char *at = text; *at;) {
        if (*at == '"') {
            for (at++; *at && *at != '"' && *at != '\n'; at++)
                at += *at == '\\' && at[1];
            at += *at != 0;
            continue;
        }
        bool is_line = at[0] == '/' && at[1] == '/';
        if (!is_line && (at[0] != '/' || at[1] != '*')) {
            at += at[0] == '\'' && at[1] == '"' ? 2 : 1; /* the character of a quote */
            continue;
        }
        char *stop = is_line ? strchr(at, '\n') : strstr(at + 2, "*/");
        stop = stop ? stop + (is_line ? 0 : 2) : at + strlen(at);
        for (; at < stop; at++)
            if (*at != '\n')
                *at = ' ';
    }
}

static void read_header(struct hash *names, const char *folder, const char *name)
{
    auto_free char *path = str_printf("%s/%s", folder, name);
    auto_str struct str text = { 0 };
    char buffer[65536];
    FILE *file = fopen(path, "rb");
    size_t n;

    while (file && (n = fread(buffer, 1, sizeof(buffer), file)) > 0)
        str_add_bytes(&text, buffer, n);
    if (file)
        fclose(file);
    if (text.text)
        blank_comments(text.text);
    for (const char *at = text.text ?: ""; *at;) {
        const char *end = at;
        while (is_word(*end))
            end++;
        if (end == at) {
            at++;
            continue;
        }
        struct declaration *d =
            isdigit((unsigned char)*at) ? NULL : look_up(names, at, (size_t)(end - at));
        if (d && d->kind == DECLARED_NOWHERE) {
            take_guid(d, text.text, at, end);
            if (d->kind == DECLARED_NOWHERE)
                take_function(d, name, text.text, at, end);
            if (d->kind != DECLARED_NOWHERE)
                d->header = mem_strdup(name);
            else
                take_other_name(names, d, text.text, at, end);
        }
        at = end;
    }
}

static void read_folder(struct hash *names, const char *folder)
{
    struct name_list headers = { 0 };
    DIR *listing = opendir(folder);

    for (struct dirent *entry; listing && (entry = readdir(listing));)
        if (driver_has_suffix(entry->d_name, ".h"))
            name_list_add(&headers, entry->d_name);
    if (listing)
        closedir(listing);
    name_list_sort(&headers); /* the answer does not depend on the order of the folder */
    for (size_t i = 0; i < headers.names.count; i++)
        read_header(names, folder, headers.names.items[i]);
    name_list_free(&headers);
}

void declarations_find(struct declaration *all, size_t n)
{
    const struct driver_places *places = driver_places();
    auto_free char *crt = str_printf("%s/../msvcrt", places->wine_headers);
    auto_free char *ours = str_printf("%s/vssemu", places->headers);
    struct hash names = { 0 };

    for (size_t i = 0; i < n; i++) {
        struct wanted *w = mem_new(struct wanted);
        w->declaration = &all[i];
        hash_add(&names, &w->link, hash_word(all[i].name, strlen(all[i].name)));
    }
    read_folder(&names, places->wine_headers);
    read_folder(&names, places->vss_headers);
    read_folder(&names, crt);
    read_folder(&names, places->headers);
    read_folder(&names, ours);
    for (size_t i = 0; i < names.n_buckets; i++) {
        for (struct hash_link *link = names.buckets[i], *next; link; link = next) {
            struct wanted *w = container_of(link, struct wanted, link);
            next = link->next;
            free(w->other_name);
            free(w);
        }
    }
    hash_free(&names);
}

void declarations_free(struct declaration *all, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(all[i].header);
        free(all[i].value);
    }
}
