/* SPDX-License-Identifier: MIT */
/* vssemu-cc and vssemu-c++: gcc and g++ (or what VSSEMU_CC and VSSEMU_CXX name, clang included) for
 * unmodified Windows source. They add the flags, the forced header and the include path to every
 * compilation, and libvssapi, the startup code and the version script to every link; all else is
 * passed on. A file is compiled in the language of its name, as Visual Studio does it, whichever
 * driver is called. Why each flag: docs, "Compiling Windows source". */
#include "fakes/windows/driver/arguments.h"
#include "fakes/windows/driver/paths.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"

#include <errno.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MARK "vssemu_link_this_program_with_vssemu_cc_or_vssemu_cxx"

struct command {
    ARRAY(const char *) words;
    char *compiler; /* owned; the first words point into it */
};

static const char *driver_name;
extern char **environ;

static void command_add(struct command *c, const char *word)
{
    array_add(&c->words, word);
}

static void command_add_all(struct command *c, char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        command_add(c, words[i]);
}

static void command_fini(struct command *c)
{
    array_free(&c->words);
    free(c->compiler);
}

/* The compiler of a language, which may be several words ("ccache g++"). Answers whether it is a
 * clang. */
static bool command_add_compiler(struct command *c, enum driver_language language)
{
    const char *chosen = getenv(language == LANGUAGE_CXX ? "VSSEMU_CXX" : "VSSEMU_CC");

    if (!chosen || !*chosen)
        chosen = language == LANGUAGE_CXX ? "g++" : "gcc";
    c->compiler = mem_strdup(chosen);
    for (char *word = strtok(c->compiler, " "); word; word = strtok(NULL, " "))
        command_add(c, word);
    return strstr(chosen, "clang") != NULL;
}

static int command_run(struct command *c)
{
    pid_t pid;
    int status;

    command_add(c, NULL);
    char *const *words = (char *const *)(uintptr_t)c->words.items;
    int error = posix_spawnp(&pid, words[0], NULL, NULL, words, environ);
    if (error) {
        fprintf(stderr, "%s: cannot start %s: %s\n", driver_name, c->words.items[0],
                strerror(error));
        return 1;
    }
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* What comes before the user's options, so that the user's can change it. */
static void command_add_dialect(struct command *c, enum driver_language language, bool is_clang)
{
    static const char *const both[] = {
        "-fshort-wchar",
        "-fno-strict-aliasing",
        "-pthread",
        "-Wno-format",
        "-Wno-unknown-pragmas",
        "-Dms_abi=",
        "-D__ms_va_list=va_list",
    };

    for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++)
        command_add(c, both[i]);
    if (language == LANGUAGE_CXX) {
        command_add(c, "-std=gnu++17");
        if (!is_clang)
            command_add(c, "-fpermissive");
    }
    /* clang++ would take Wine's inline functions for its own Microsoft builtins. */
    if (!is_clang || language == LANGUAGE_C)
        command_add(c, "-fms-extensions");
    if (is_clang)
        command_add(c, "-Wno-microsoft");
}

/* What comes after the user's options. */
static void command_add_environment(struct command *c, const struct driver_arguments *a,
                                    bool is_clang)
{
    static const char *const folders[] = {
        DRIVER_HEADERS,
        DRIVER_BUILD_HEADERS,
        DRIVER_VSS_HEADERS,
        DRIVER_WINE_HEADERS,
    };

    /* The checked versions of printf and friends are glibc's own. */
    command_add(c, "-U_FORTIFY_SOURCE");
    if (a->has_ubsan) {
        command_add(c, "-fno-sanitize=vptr");
        if (is_clang)
            command_add(c, "-fno-sanitize=function");
    }
    if (is_clang && a->has_debug)
        command_add(c, "-gdwarf-4");
    command_add(c, "-include");
    command_add(c, DRIVER_HEADERS "/vssemu/forced.h");
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        command_add(c, "-isystem");
        command_add(c, folders[i]);
    }
}

static int compile(const struct driver_arguments *a, const struct driver_source *source,
                   const char *object)
{
    struct command c = { 0 };
    bool is_clang = command_add_compiler(&c, source->language);

    command_add_dialect(&c, source->language, is_clang);
    command_add_all(&c, a->compile.items, a->compile.count);
    command_add_environment(&c, a, is_clang);
    if (!a->is_compile_only)
        command_add(&c, "-c");
    if (object) {
        command_add(&c, "-o");
        command_add(&c, object);
    }
    if (source->forced || strcmp(source->path, "-") == 0) {
        command_add(&c, "-x");
        command_add(&c, source->forced                     ? source->forced
                        : source->language == LANGUAGE_CXX ? "c++"
                                                           : "c");
    }
    command_add(&c, source->path);
    int status = command_run(&c);
    command_fini(&c);
    return status;
}

/* Whether an object file was made by a driver: forced.h leaves the mark's name in its symbol
 * table. */
static bool object_has_mark(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct str text = { 0 };
    char buffer[65536];
    size_t n;

    if (!file)
        return true; /* the linker says it better */
    while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0)
        str_add_bytes(&text, buffer, n);
    fclose(file);
    bool found = memmem(text.text, text.length, MARK, strlen(MARK)) != NULL;
    str_free(&text);
    return found;
}

static bool objects_have_marks(const struct driver_arguments *a)
{
    bool all = true;

    for (size_t i = 0; i < a->link.count; i++) {
        const char *word = a->link.items[i];
        size_t n = strlen(word);
        if (word[0] == '-' || n < 3 || strcmp(word + n - 2, ".o") != 0 || object_has_mark(word))
            continue;
        fprintf(stderr,
                "%s: %s was not compiled by vssemu-cc or vssemu-c++: its wchar_t has 32 "
                "bits and its\nheaders are not Windows's. Compile it with the driver.\n",
                driver_name, word);
        all = false;
    }
    return all;
}

static int link_program(const struct driver_arguments *a, enum driver_language language)
{
    struct command c = { 0 };

    command_add_compiler(&c, language);
    command_add_all(&c, a->link.items, a->link.count);
    command_add(&c, "-o");
    command_add(&c, a->output ? a->output : "a.out");
    command_add(&c, "-pthread");
    command_add(&c, "-Wl,--version-script=" DRIVER_VERSION_SCRIPT);
    command_add(&c, "-L" DRIVER_LIBRARIES);
    command_add(&c, "-Wl,-rpath," DRIVER_LIBRARIES);
    command_add(&c, "-lvssemu_start");
    command_add(&c, "-lvssapi");
    int status = command_run(&c);
    command_fini(&c);
    return status;
}

/* Compiles every source into a folder of its own that is gone afterwards, then links. */
static int build_program(struct driver_arguments *a, enum driver_language language)
{
    auto_free char *folder = str_printf("%s/vssemu-XXXXXX", getenv("TMPDIR") ?: "/tmp");
    ARRAY(char *) objects = { 0 };
    int status = 0;

    if (!objects_have_marks(a))
        return 1;
    if (!mkdtemp(folder)) {
        fprintf(stderr, "%s: %s: %s\n", driver_name, folder, strerror(errno));
        return 1;
    }
    for (size_t i = 0; i < a->sources.count && !status; i++) {
        struct driver_source *source = &a->sources.items[i];
        char *object = str_printf("%s/%zu.o", folder, i);
        array_add(&objects, object);
        status = compile(a, source, object);
        a->link.items[source->link_index] = object;
        if (source->language == LANGUAGE_CXX)
            language = LANGUAGE_CXX;
    }
    if (!status)
        status = link_program(a, language);
    for (size_t i = 0; i < objects.count; i++) {
        unlink(objects.items[i]);
        free(objects.items[i]);
    }
    array_free(&objects);
    rmdir(folder);
    return status;
}

static int compile_all(const struct driver_arguments *a)
{
    int status = 0;

    if (a->output && a->sources.count > 1) {
        fprintf(stderr, "%s: cannot specify -o with -c, -S or -E and several files\n", driver_name);
        return 1;
    }
    for (size_t i = 0; i < a->sources.count; i++)
        status |= compile(a, &a->sources.items[i], a->output);
    return status;
}

int main(int argc, char **argv)
{
    const enum driver_language language = DRIVER_IS_CXX ? LANGUAGE_CXX : LANGUAGE_C;
    struct driver_arguments a;
    int status;

    driver_name = DRIVER_IS_CXX ? "vssemu-c++" : "vssemu-cc";
    driver_arguments_parse(&a, argc, argv, language);
    if (a.is_question) {
        struct command c = { 0 };
        command_add_compiler(&c, language);
        command_add_all(&c, argv + 1, (size_t)argc - 1);
        status = command_run(&c);
        command_fini(&c);
    } else if (a.is_compile_only) {
        status = compile_all(&a);
    } else {
        status = build_program(&a, language);
    }
    driver_arguments_fini(&a);
    return status;
}
