/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/survey.h"
#include "fakes/windows/driver/command.h"
#include "fakes/windows/driver/interface.h"
#include "fakes/windows/driver/search.h"
#include "fakes/windows/driver/source_text.h"

#include "emu/base/cleanup.h"
#include "emu/base/hash.h"
#include "emu/base/list.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* A file of the user's that is to be read, once. */
struct visit {
    struct hash_link link;
    char *path; /* as the compiler would name it */
};

struct work {
    struct survey *result;
    struct search search;
    struct hash seen;
    ARRAY(struct visit *) visits;
    bool is_leading;   /* nothing but the C library was named so far in the file that is read */
    char *next_leader; /* the user's header that was named first; NULL if none */
};

/* Headers that lead to what is not here natively; those that exist may be named without harm, so
 * this is an explanation for a compilation that failed. */
static const struct {
    const char *header, *what;
} foreign_headers[] = {
    { "comadmin.h", "the COM+ catalogue (comadmin.h)" },
    { "wbemidl.h", "Windows Management Instrumentation (wbemidl.h)" },
    { "wbemcli.h", "Windows Management Instrumentation (wbemcli.h)" },
    { "msxml.h", "MSXML (msxml.h)" },
    { "msxml2.h", "MSXML (msxml2.h)" },
    { "msxml6.h", "MSXML (msxml6.h)" },
};
static const char import[] = "#import of a type library (MSXML)";
static const char *const library_endings[] = { ".dll", ".tlb", ".olb", ".ocx", ".exe" };

static void add_visit(struct work *w, const char *path)
{
    char real[PATH_MAX];
    uint64_t hash = hash_text(realpath(path, real) ? real : path);

    for (struct hash_link *link = hash_chain(&w->seen, hash); link; link = link->next)
        if (link->hash == hash)
            return;
    struct visit *visit = mem_new(struct visit);
    visit->path = mem_strdup(path);
    hash_add(&w->seen, &visit->link, hash);
    array_add(&w->visits, visit);
}

static void add_forward(struct survey *s, const char *spelling, char *directive)
{
    for (size_t i = 0; i < s->forwards.count; i++) {
        struct survey_forward *f = &s->forwards.items[i];
        if (strcmp(f->spelling, spelling) != 0)
            continue;
        if (strcmp(f->directive, directive) != 0)
            driver_say("\"%s\" is %s for one file and %s for another: the first is taken", spelling,
                       f->directive, directive);
        free(directive);
        return;
    }
    struct survey_forward forward = { mem_strdup(spelling), directive };
    array_add(&s->forwards, forward);
}

/* A header beside the file that includes it is named by its whole path: the forwarding file lies
 * elsewhere. In a folder of the search path it is named below that, so that #include_next and
 * system folders keep their meaning. */
static void forward_to(struct work *w, const char *spelling, const struct search_result *found)
{
    char real[PATH_MAX];

    if (found->folder && found->folder->kind != SEARCH_QUOTED && !strstr(found->name, "..")) {
        add_forward(w->result, spelling, str_printf("#include <%s>\n", found->name));
        return;
    }
    auto_free char *folder = search_folder_of(found->path);
    const char *base = strrchr(found->path, '/');
    if (realpath(*folder ? folder : ".", real))
        add_forward(w->result, spelling,
                    str_printf("#include \"%s/%s\"\n", real, base ? base + 1 : found->path));
}

static void note_foreign_header(struct work *w, const char *path, const struct source_include *i)
{
    const char *ending = strrchr(i->name, '.') ?: "", *what = NULL;

    for (size_t k = 0; k < sizeof(foreign_headers) / sizeof(foreign_headers[0]); k++)
        if (str_is_equal_nocase(i->name, foreign_headers[k].header))
            what = foreign_headers[k].what;
    for (size_t k = 0; k < sizeof(library_endings) / sizeof(library_endings[0]); k++)
        if (str_is_equal_nocase(ending, library_endings[k]))
            what = import;
    if (what) {
        struct survey_foreign foreign = { what, mem_strdup(path), i->line };
        array_add(&w->result->foreign, foreign);
    }
}

/* A header that is nowhere: perhaps an interface file makes it. */
static void generate(struct work *w, const struct source_include *include, const char *beside)
{
    struct interface_output output;

    if (!interface_for_header(&w->search, include->name, beside, &output, &w->result->trouble))
        return;
    add_forward(w->result, include->name, str_printf("#include \"%s\"\n", output.header));
    add_visit(w, output.header);
    struct survey_generated generated = { output.header, output.origin };
    array_add(&w->result->generated, generated);
}

/* Headers of the C and C++ libraries, which are in the forced header already. */
static bool is_of_library(const char *name)
{
    static const char *const names[] = { "assert.h", "ctype.h",  "stddef.h", "stdint.h", "stdio.h",
                                         "stdlib.h", "string.h", "time.h",   "wchar.h" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return !strpbrk(name, "./\\");
}

/* Follows what is named first, through the user's headers. */
static void note_first(struct work *w, const struct source_include *include, const char *file,
                       bool is_users)
{
    if (!w->is_leading || is_of_library(include->name))
        return;
    w->is_leading = false;
    if (!include->is_first)
        return;
    w->result->starts_with_windows = str_is_equal_nocase(include->name, "windows.h") && !is_users;
    if (is_users) {
        free(w->next_leader);
        w->next_leader = mem_strdup(file);
    }
}

static void take_include(struct work *w, const char *path, const struct source_include *include)
{
    auto_free char *beside = search_folder_of(path);

    note_foreign_header(w, path, include);
    if (include->name[0] == '/' && access(include->name, R_OK) == 0)
        add_visit(w, include->name);
    if (include->name[0] == '/' || !include->name[0])
        return;
    struct search_result found = search_find(&w->search, include->name, include->is_quoted, beside);
    auto_free char *file = found.path;
    if (!file) {
        generate(w, include, beside);
        return;
    }
    bool is_users = !found.folder || found.folder->kind != SEARCH_OURS;
    note_first(w, include, file, is_users);
    if (!found.is_exact)
        forward_to(w, include->name, &found);
    if (is_users)
        add_visit(w, file);
}

static void read_visit(struct work *w, const char *path)
{
    struct source_text text;

    w->is_leading = w->next_leader && strcmp(w->next_leader, path) == 0;
    if (!source_text_read(&text, path))
        return;
    w->result->has_bare_variable_arguments |= text.has_bare_variable_arguments;
    w->result->has_uuids |= text.has_uuids;
    if (text.seh_line) {
        struct survey_foreign foreign = { "structured exception handling (__try, __except)",
                                          mem_strdup(path), text.seh_line };
        array_add(&w->result->foreign, foreign);
    }
    for (size_t i = 0; i < text.includes.count; i++)
        take_include(w, path, &text.includes.items[i]);
    source_text_free(&text);
}

/* A header of -include: beside the current folder first, then wherever a quoted one is. */
static void take_option(struct work *w, const char *name)
{
    struct search_result found = { 0 };

    if (name[0] != '/')
        found = search_find(&w->search, name, true, "");
    auto_free char *file = found.path;
    if (file && !found.is_exact)
        forward_to(w, name, &found);
    if (!file || !found.folder || found.folder->kind != SEARCH_OURS)
        add_visit(w, file ?: name);
}

void survey_make(struct survey *s, const struct driver_arguments *a, const char *source)
{
    struct work w = { .result = s };

    *s = (struct survey){ 0 };
    search_init(&w.search, a);
    if (strcmp(source, "-") != 0)
        add_visit(&w, source);
    w.next_leader = mem_strdup(source);
    for (size_t i = 0; i + 1 < a->compile.count; i++) {
        if (strcmp(a->compile.items[i], "-include") != 0 &&
            strcmp(a->compile.items[i], "-imacros") != 0)
            continue;
        take_option(&w, a->compile.items[i + 1]);
        w.next_leader[0] = 0; /* the source is not the first */
    }
    for (size_t i = 0; i < w.visits.count; i++)
        read_visit(&w, w.visits.items[i]->path);
    for (size_t i = 0; i < w.visits.count; i++) {
        free(w.visits.items[i]->path);
        free(w.visits.items[i]);
    }
    array_free(&w.visits);
    free(w.next_leader);
    hash_free(&w.seen);
    search_fini(&w.search);
}

void survey_free(struct survey *s)
{
    for (size_t i = 0; i < s->forwards.count; i++) {
        free(s->forwards.items[i].spelling);
        free(s->forwards.items[i].directive);
    }
    for (size_t i = 0; i < s->generated.count; i++) {
        free(s->generated.items[i].header);
        free(s->generated.items[i].origin);
    }
    for (size_t i = 0; i < s->foreign.count; i++)
        free(s->foreign.items[i].path);
    free(s->trouble);
    array_free(&s->forwards);
    array_free(&s->generated);
    array_free(&s->foreign);
}
