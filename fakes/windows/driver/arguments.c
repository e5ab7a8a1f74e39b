/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/arguments.h"

#include <string.h>

/* Options whose argument is the next word, and who gets both. */
enum taker { COMPILE_TAKES = 1, LINK_TAKES = 2, BOTH_TAKE = 3 };
static const struct {
    const char *name;
    enum taker taker;
} with_argument[] = {
    { "-I", COMPILE_TAKES },
    { "-D", COMPILE_TAKES },
    { "-U", COMPILE_TAKES },
    { "-include", COMPILE_TAKES },
    { "-imacros", COMPILE_TAKES },
    { "-isystem", COMPILE_TAKES },
    { "-iquote", COMPILE_TAKES },
    { "-idirafter", COMPILE_TAKES },
    { "-MF", COMPILE_TAKES },
    { "-MT", COMPILE_TAKES },
    { "-MQ", COMPILE_TAKES },
    { "-Xpreprocessor", COMPILE_TAKES },
    { "-Xassembler", COMPILE_TAKES },
    { "-Xclang", COMPILE_TAKES },
    { "--param", BOTH_TAKE },
    { "-target", BOTH_TAKE },
    { "-B", BOTH_TAKE },
    { "-L", LINK_TAKES },
    { "-Xlinker", LINK_TAKES },
    { "-T", LINK_TAKES },
    { "-u", LINK_TAKES },
    { "-z", LINK_TAKES },
    { "-e", LINK_TAKES },
};

/* Import libraries of Windows: here all of them are libvssapi. */
static const char *const windows_libraries[] = {
    "advapi32", "atls",     "clusapi", "comsuppw", "kernel32", "netapi32", "ole32",
    "oleaut32", "resutils", "rpcrt4",  "shell32",  "shlwapi",  "user32",   "uuid",
    "version",  "vss_uuid", "vssapi",  "wbemuuid", "ws2_32",
};

static bool is_windows_library(const char *name)
{
    for (size_t i = 0; i < sizeof(windows_libraries) / sizeof(windows_libraries[0]); i++)
        if (strcmp(windows_libraries[i], name) == 0)
            return true;
    return false;
}

static bool has_suffix(const char *text, const char *suffix)
{
    size_t n = strlen(text), m = strlen(suffix);
    return n > m && strcmp(text + n - m, suffix) == 0;
}

/* Whether a file is source, by its name or by -x. */
static bool is_source(const char *path, const char *forced, enum driver_language standard_input,
                      enum driver_language *ret_language)
{
    static const char *const cxx_suffixes[] = {
        ".cpp", ".cc", ".cxx", ".c++", ".C", ".CPP", ".ii"
    };

    if (forced) {
        *ret_language = strstr(forced, "c++") ? LANGUAGE_CXX : LANGUAGE_C;
        return true;
    }
    if (strcmp(path, "-") == 0) {
        *ret_language = standard_input;
        return true;
    }
    for (size_t i = 0; i < sizeof(cxx_suffixes) / sizeof(cxx_suffixes[0]); i++) {
        if (has_suffix(path, cxx_suffixes[i])) {
            *ret_language = LANGUAGE_CXX;
            return true;
        }
    }
    *ret_language = LANGUAGE_C;
    return has_suffix(path, ".c") || has_suffix(path, ".i") || has_suffix(path, ".S") ||
           has_suffix(path, ".s");
}

static void add_option(struct driver_arguments *a, char *option, enum taker taker)
{
    if (taker & COMPILE_TAKES)
        array_add(&a->compile, option);
    if (taker & LINK_TAKES)
        array_add(&a->link, option);
}

static enum taker taker_of(const char *option)
{
    if (strncmp(option, "-l", 2) == 0 || strncmp(option, "-L", 2) == 0 ||
        strncmp(option, "-Wl,", 4) == 0 || strcmp(option, "-shared") == 0 ||
        strcmp(option, "-static") == 0 || strcmp(option, "-s") == 0 ||
        strcmp(option, "-rdynamic") == 0 || strncmp(option, "-nostart", 8) == 0)
        return LINK_TAKES;
    if (strncmp(option, "-I", 2) == 0 || strncmp(option, "-D", 2) == 0 ||
        strncmp(option, "-U", 2) == 0 || strncmp(option, "-M", 2) == 0 ||
        strncmp(option, "-std", 4) == 0 || strncmp(option, "-Wp,", 4) == 0)
        return COMPILE_TAKES;
    return BOTH_TAKE;
}

static void note_meaning(struct driver_arguments *a, const char *option)
{
    static const char *const stops[] = { "-c", "-S", "-E", "-M", "-MM", "-fsyntax-only" };

    for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
        if (strcmp(option, stops[i]) == 0)
            a->is_compile_only = true;
    if (strncmp(option, "-g", 2) == 0 && strcmp(option, "-g0") != 0)
        a->has_debug = true;
    if (strncmp(option, "-fsanitize=", 11) == 0 && strstr(option, "undefined"))
        a->has_ubsan = true;
    if (strcmp(option, "-shared") == 0)
        a->is_shared = true;
}

/* Takes the option at argv[i], with its argument if it has one; answers how many words. */
static int take_option(struct driver_arguments *a, int i, int argc, char **argv)
{
    char *option = argv[i];
    bool has_next = i + 1 < argc;

    if (strcmp(option, "-o") == 0 && has_next) {
        a->output = argv[i + 1];
        return 2;
    }
    if (strncmp(option, "-o", 2) == 0 && option[2]) {
        a->output = option + 2;
        return 1;
    }
    if (strcmp(option, "-l") == 0 && has_next && is_windows_library(argv[i + 1]))
        return 2;
    if (strncmp(option, "-l", 2) == 0 && is_windows_library(option + 2))
        return 1;
    for (size_t k = 0; k < sizeof(with_argument) / sizeof(with_argument[0]); k++) {
        if (strcmp(option, with_argument[k].name) == 0 && has_next) {
            add_option(a, option, with_argument[k].taker);
            add_option(a, argv[i + 1], with_argument[k].taker);
            return 2;
        }
    }
    note_meaning(a, option);
    add_option(a, option, taker_of(option));
    return 1;
}

static void take_file(struct driver_arguments *a, char *path, const char *forced,
                      enum driver_language default_language)
{
    struct driver_source source = { .path = path, .forced = forced };

    if (has_suffix(path, ".lib") || has_suffix(path, ".LIB"))
        return;
    if (is_source(path, forced, default_language, &source.language)) {
        source.link_index = a->link.count;
        array_add(&a->sources, source);
    }
    array_add(&a->link, path);
}

void driver_arguments_parse(struct driver_arguments *a, int argc, char **argv,
                            enum driver_language default_language)
{
    const char *forced = NULL;
    bool has_files = false;

    *a = (struct driver_arguments){ 0 };
    for (int i = 1; i < argc;) {
        if (strcmp(argv[i], "-x") == 0 && i + 1 < argc) {
            forced = strcmp(argv[i + 1], "none") == 0 ? NULL : argv[i + 1];
            i += 2;
        } else if (argv[i][0] == '-' && argv[i][1]) {
            i += take_option(a, i, argc, argv);
        } else {
            take_file(a, argv[i++], forced, default_language);
            has_files = true;
        }
    }
    a->is_question = !has_files;
}

void driver_arguments_fini(struct driver_arguments *a)
{
    array_free(&a->compile);
    array_free(&a->link);
    array_free(&a->sources);
}
