/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/interface.h"
#include "fakes/windows/driver/command.h"
#include "fakes/windows/driver/imports.h"
#include "fakes/windows/driver/places.h"

#include "emu/base/cleanup.h"
#include "emu/base/hash.h"
#include "emu/base/str.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The tools under the names that Debian gives them, the better one first. */
static const char *const idl_tools[] = { "widl", "/usr/lib/wine/widl", "x86_64-w64-mingw32-widl" };
static const char *const message_tools[] = { "x86_64-w64-mingw32-windmc", "windmc" };

static const char *first_there(const char *const *tools, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (command_is_there(tools[i]))
            return tools[i];
    return NULL;
}

static const char *idl_tool(void)
{
    return first_there(idl_tools, sizeof(idl_tools) / sizeof(idl_tools[0]));
}

static const char *message_tool(void)
{
    return first_there(message_tools, sizeof(message_tools) / sizeof(message_tools[0]));
}

static char *missing_tool(const char *path)
{
    if (driver_has_suffix(path, ".mc"))
        return str_printf("%s: windmc makes a header of it and is not installed "
                          "(Debian: binutils-mingw-w64-x86-64)",
                          path);
    return str_printf("%s: widl makes a header of it and is not installed "
                      "(Debian: wine64-tools, or mingw-w64-tools)",
                      path);
}

/* widl's command line: reads path, writes header and identifiers; imports lie in the folder of
 * links, in those of the search path, and among Wine's. */
static void add_widl(struct command *c, const char *path, const char *header, const char *ids,
                     const char *links, const struct search *s)
{
    command_add(c, idl_tool());
    command_add(c, "-h");
    command_add(c, "-u");
    command_add(c, "-H");
    command_add(c, header);
    command_add(c, "-U");
    command_add(c, ids);
    if (links) {
        command_add(c, "-I");
        command_add(c, links);
    }
    auto_free char *beside = search_folder_of(path);
    command_add(c, "-I");
    command_add_owned(c, mem_strdup(*beside ? beside : "."));
    for (size_t i = 0; i < s->folders.count; i++) {
        if (s->folders.items[i].kind == SEARCH_OURS)
            continue;
        command_add(c, "-I");
        command_add_owned(c, mem_strdup(s->folders.items[i].path));
    }
    command_add(c, "-I");
    command_add(c, driver_places()->wine_headers);
    command_add(c, path);
}

static void add_windmc(struct command *c, const char *path, const char *folder)
{
    command_add(c, message_tool());
    command_add(c, "-h");
    command_add(c, folder);
    command_add(c, "-r");
    command_add(c, folder);
    command_add(c, path);
}

/* Runs a tool that speaks only when something is wrong; its words go into *trouble. */
static bool run_quietly(struct command *c, const char *path, char **trouble)
{
    auto_str struct str said = { 0 };
    int status = command_run_captured(c, &said, &said);

    if (!status)
        return true;
    free(*trouble);
    *trouble = str_printf("%s: %s fails:\n%s", path, c->words.items[0], said.text ?: "");
    return false;
}

/* "foo" of foo.h, Sub/foo.h and foo_i.c; NULL for names that no interface file makes. The caller
 * frees. */
static char *stem_of(const char *name, bool *ret_is_header)
{
    size_t n = strlen(name);

    *ret_is_header = driver_has_suffix(name, ".h");
    if (*ret_is_header)
        return str_printf("%.*s", (int)(n - 2), name);
    if (driver_has_suffix(name, "_i.c"))
        return str_printf("%.*s", (int)(n - 4), name);
    return NULL;
}

static char *find_origin(struct search *s, const char *stem, const char *suffix, const char *beside)
{
    auto_free char *name = str_printf("%s%s", stem, suffix);

    char *path = search_find(s, name, true, beside).path, *real = NULL;
    /* Beside a generated header lie links to what its origin imports. */
    if (path && driver_cache() && str_starts_with(path, driver_cache()))
        real = realpath(path, NULL);
    if (real) {
        free(path);
        path = real;
    }
    return path;
}

/* What is made of an origin: folder/foo.h, folder/foo_i.c. widl makes the include guard of the
 * name. The caller frees. */
static char *output_in(const char *folder, const char *origin, bool is_header)
{
    const char *base = strrchr(origin, '/') ? strrchr(origin, '/') + 1 : origin;
    int n = (int)(strrchr(base, '.') - base);

    return str_printf("%s/%.*s%s", folder, n, base, is_header ? ".h" : "_i.c");
}

/* Makes everything of one file into a folder that is complete when it has its final name. */
static bool make_into(struct search *s, const char *origin, const char *folder, char **trouble)
{
    auto_free char *temporary = str_printf("%s.%ld", folder, (long)getpid());
    bool is_message = driver_has_suffix(origin, ".mc");
    auto_free char *header = output_in(temporary, origin, true),
                   *ids = output_in(temporary, origin, false);
    struct command c = { 0 };

    if (!driver_make_folder(temporary))
        return false;
    if (is_message) {
        add_windmc(&c, origin, temporary);
    } else {
        imports_link(s, origin, temporary);
        add_widl(&c, origin, header, ids, temporary, s);
    }
    bool is_made = run_quietly(&c, origin, trouble);
    command_free(&c);
    /* Somebody else may have been faster, with the same result. */
    if (is_made && rename(temporary, folder) && access(folder, X_OK))
        is_made = false;
    if (!is_made || access(temporary, X_OK) == 0)
        imports_remove_folder(temporary);
    return is_made;
}

/* Where the output of one file lies: named by all that it is made of. */
static char *folder_for(struct search *s, const char *origin)
{
    auto_str struct str all = { 0 };
    char real[PATH_MAX];

    str_addf(&all, "%s\n%s\n", realpath(origin, real) ? real : origin,
             (driver_has_suffix(origin, ".mc") ? message_tool() : idl_tool()) ?: "");
    imports_add_content(s, origin, &all);
    return str_printf("%s/interfaces/%016" PRIx64, driver_cache(), hash_text(all.text));
}

bool interface_for_header(struct search *s, const char *name, const char *beside,
                          struct interface_output *ret, char **trouble)
{
    bool is_header;
    auto_free char *stem = stem_of(name, &is_header);

    if (!stem)
        return false;
    auto_free char *origin = find_origin(s, stem, ".idl", beside);
    if (!origin && is_header)
        origin = find_origin(s, stem, ".mc", beside);
    if (!origin || !driver_cache())
        return false;
    if (driver_has_suffix(origin, ".mc") ? !message_tool() : !idl_tool()) {
        free(*trouble);
        *trouble = missing_tool(origin);
        return false;
    }
    auto_free char *folder = folder_for(s, origin);
    auto_free char *made = output_in(folder, origin, is_header);
    if (access(made, R_OK) && (!make_into(s, origin, folder, trouble) || access(made, R_OK)))
        return false;
    ret->header = take_ptr(&made);
    ret->origin = take_ptr(&origin);
    return true;
}

int interface_make_here(const struct driver_arguments *a, const char *path)
{
    auto_free char *header = output_in(".", path, true), *ids = output_in(".", path, false);
    struct command c = { 0 };
    struct search s;

    if (driver_has_suffix(path, ".mc") ? !message_tool() : !idl_tool()) {
        auto_free char *why = missing_tool(path);
        driver_say("%s", why);
        return 1;
    }
    search_init(&s, a);
    if (driver_has_suffix(path, ".mc"))
        add_windmc(&c, path, ".");
    else
        add_widl(&c, path, header, ids, NULL, &s);
    int status = command_run(&c);
    command_free(&c);
    search_fini(&s);
    return status;
}
