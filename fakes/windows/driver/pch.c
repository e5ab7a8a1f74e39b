/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/pch.h"
#include "fakes/windows/driver/command.h"
#include "fakes/windows/driver/compiler.h"
#include "fakes/windows/driver/depfile.h"
#include "fakes/windows/driver/places.h"
#include "fakes/windows/driver/search.h"

#include "emu/base/cleanup.h"
#include "emu/base/hash.h"
#include "emu/base/str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

/* A precompiled header of C++ has 100 MB. */
#define MOST_KEPT 10

static void add_time(struct str *s, const char *path)
{
    struct stat status;

    if (stat(path, &status))
        str_addf(s, "- %s\n", path);
    else
        str_addf(s, "%lld.%09ld %lld %s\n", (long long)status.st_mtim.tv_sec,
                 status.st_mtim.tv_nsec, (long long)status.st_size, path);
}

/* Whether an option decides what a precompiled header looks like. gcc checks macros by itself, but
 * those that the headers ask for are worth a precompiled header of their own. */
static bool matters(const char *option)
{
    static const char *const beginnings[] = {
        "-f",       "-m",        "-O",         "-g",           "-std",       "-pthread",
        "--param",  "-D_",       "-U_",        "-DNDEBUG",     "-DUNICODE",  "-UUNICODE",
        "-DWIN",    "-DNTDDI",   "-DNOMINMAX", "-DCOBJMACROS", "-DINITGUID", "-DSTRICT",
        "-DVSSEMU", "-isysroot", "-nostd",     "-pg",
    };

    for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
        if (str_starts_with(option, beginnings[i]))
            return true;
    return false;
}

/* The compiler and all options under which the header is compiled. */
static void add_options(struct command *c, const struct driver_arguments *a,
                        enum driver_language language)
{
    bool is_clang = compiler_add(c, language);

    compiler_add_dialect(c, language, is_clang);
    for (size_t i = 0; i < a->compile.count; i++) {
        char *word = a->compile.items[i];
        bool takes_next = !strcmp(word, "-D") || !strcmp(word, "-U") || !strcmp(word, "--param");
        if (takes_next && i + 1 < a->compile.count) {
            auto_free char *whole = str_printf("%s%s", word, a->compile.items[i + 1]);
            if (matters(whole))
                command_add_all(c, &a->compile.items[i], 2);
            i++;
        } else if (matters(word)) {
            command_add(c, word);
        }
    }
    compiler_add_environment(c, a, is_clang, NULL);
}

static char *find_program(const char *name)
{
    const char *path = getenv("PATH") ?: "/usr/bin:/bin";

    if (strchr(name, '/'))
        return mem_strdup(name);
    for (; *path; path += strspn(path, ":")) {
        size_t n = strcspn(path, ":");
        auto_free char *file = str_printf("%.*s/%s", (int)n, path, name);
        if (access(file, X_OK) == 0)
            return take_ptr(&file);
        path += n;
    }
    return mem_strdup(name);
}

/* The folder of one precompiled header, by all that it depends on but the times of headers. */
static char *folder_for(struct command *options, bool with_windows)
{
    auto_str struct str key = { 0 };
    auto_free char *program = find_program(options->words.items[0]);

    add_time(&key, program);
    str_addf(&key, "%d\n", with_windows);
    for (size_t i = 0; i < options->words.count; i++)
        str_addf(&key, "%s\n", options->words.items[i]);
    return str_printf("%s/pch/%016" PRIx64, driver_cache(), hash_text(key.text));
}

/* The user's folders must not have a file of a name that our headers include: it would be found
 * first without the precompiled header. */
static bool is_hidden(const struct search *s, const char *dependency)
{
    const char *base = strrchr(dependency, '/') ? strrchr(dependency, '/') + 1 : dependency;
    struct stat status;

    for (size_t i = 0; i < s->folders.count && s->folders.items[i].kind != SEARCH_OURS; i++) {
        auto_free char *path = str_printf("%s/%s", s->folders.items[i].path, base);
        if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && strcmp(path, dependency) != 0)
            return true;
    }
    return false;
}

/* Whether every header is as it was, and the one the compiler would take. Each line of the list:
 * time, size, path. */
static bool is_fresh(const char *list, const struct search *s)
{
    FILE *file = fopen(list, "r");
    char line[8192];
    bool is_fine = file != NULL;

    while (is_fine && fgets(line, sizeof(line), file)) {
        auto_str struct str now = { 0 };
        char *size = strchr(line, ' '), *path = size ? strchr(size + 1, ' ') : NULL;
        line[strcspn(line, "\n")] = 0;
        if (!path) {
            is_fine = false;
            break;
        }
        add_time(&now, path + 1);
        now.text[--now.length] = 0;
        is_fine = strcmp(now.text, line) == 0 && !is_hidden(s, path + 1);
    }
    if (file)
        fclose(file);
    return is_fine;
}

/* Turns the compiler's dependency file into the list of is_fresh. */
static bool write_list(const char *dependencies, const char *list, const char *header)
{
    auto_str struct str times = { 0 };
    struct name_list names = { 0 };

    if (!depfile_names(dependencies, &names))
        return false;
    for (size_t i = 0; i < names.names.count; i++)
        if (strcmp(names.names.items[i], header) != 0)
            add_time(&times, names.names.items[i]);
    name_list_free(&names);
    return times.length && driver_write_file(list, times.text);
}

static bool make(struct command *options, const char *folder, enum driver_language language,
                 bool with_windows)
{
    auto_free char *header = str_printf("%s/first.h", folder), *made = str_printf("%s.gch", header);
    auto_free char *temporary = str_printf("%s.%ld", made, (long)getpid());
    auto_free char *dependencies = str_printf("%s/first.d", folder);
    auto_free char *list = str_printf("%s/times", folder);
    auto_str struct str said = { 0 };

    unlink(list);
    if (!driver_write_file(header, with_windows ? "#include <vssemu/forced.h>\n"
                                                  "#include <windows.h>\n"
                                                : "#include <vssemu/forced.h>\n"))
        return false;
    command_add(options, "-w");
    command_add(options, "-x");
    command_add(options, language == LANGUAGE_CXX ? "c++-header" : "c-header");
    command_add(options, "-MD");
    command_add(options, "-MF");
    command_add(options, dependencies);
    command_add(options, "-o");
    command_add(options, temporary);
    command_add(options, header);
    bool is_made = command_run_captured(options, &said, &said) == 0 &&
                   write_list(dependencies, list, header) && rename(temporary, made) == 0;
    unlink(temporary);
    unlink(dependencies);
    return is_made;
}

/* Removes a folder of plain files. */
static void remove_folder(const char *folder)
{
    DIR *listing = opendir(folder);

    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        auto_free char *path = str_printf("%s/%s", folder, entry->d_name);
        unlink(path);
    }
    if (listing)
        closedir(listing);
    rmdir(folder);
}

/* Keeps those used last. */
static void forget_old(void)
{
    auto_free char *top = str_printf("%s/pch", driver_cache());

    for (;;) {
        DIR *listing = opendir(top);
        auto_free char *oldest = NULL;
        struct stat status, oldest_status = { 0 };
        size_t n = 0;
        for (struct dirent *entry; listing && (entry = readdir(listing));) {
            auto_free char *made = str_printf("%s/%s/first.h.gch", top, entry->d_name);
            if (entry->d_name[0] == '.' || stat(made, &status))
                continue;
            n++;
            if (!oldest || status.st_mtim.tv_sec < oldest_status.st_mtim.tv_sec) {
                free(oldest);
                oldest = str_printf("%s/%s", top, entry->d_name);
                oldest_status = status;
            }
        }
        if (listing)
            closedir(listing);
        if (n <= MOST_KEPT)
            return;
        remove_folder(oldest);
    }
}

/* Makes it if it is wanted a third time and nobody else is at it. */
static bool make_if_worth_it(struct command *options, const char *folder,
                             enum driver_language language, bool with_windows)
{
    auto_free char *lock = str_printf("%s/lock", folder), *again = str_printf("%s/again", folder);

    if (access(folder, F_OK)) {
        driver_make_folder(folder); /* wanted once */
        return false;
    }
    if (access(again, F_OK)) {
        driver_write_file(again, ""); /* twice */
        return false;
    }
    auto_close int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB))
        return false;
    bool is_made = make(options, folder, language, with_windows);
    if (is_made)
        forget_old();
    return is_made;
}

char *pch_find(const struct driver_arguments *a, enum driver_language language, bool with_windows)
{
    const char *wish = getenv("VSSEMU_PCH");
    struct command options = { 0 };
    struct search search;
    bool is_there = false;

    if ((wish && strcmp(wish, "0") == 0) || !driver_cache() || a->is_dry)
        return NULL;
    add_options(&options, a, language);
    const char *first = options.words.items[0];
    const char *base = strrchr(first, '/') ? strrchr(first, '/') + 1 : first;
    if (strstr(base, "clang") || strstr(base, "ccache")) {
        command_free(&options);
        return NULL;
    }
    auto_free char *folder = folder_for(&options, with_windows);
    auto_free char *list = str_printf("%s/times", folder);
    auto_free char *header = str_printf("%s/first.h", folder), *made = str_printf("%s.gch", header);
    search_init(&search, a);
    if (access(made, R_OK) == 0 && is_fresh(list, &search))
        is_there = utimensat(AT_FDCWD, made, NULL, 0) == 0 || errno == EACCES;
    else
        is_there =
            make_if_worth_it(&options, folder, language, with_windows) && is_fresh(list, &search);
    search_fini(&search);
    command_free(&options);
    return is_there ? take_ptr(&header) : NULL;
}
