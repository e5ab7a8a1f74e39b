/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/arguments.h"

#include "emu/base/str.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Options whose argument is the next word, and who gets both. */
enum taker { NOBODY_TAKES = 0, COMPILE_TAKES = 1, LINK_TAKES = 2, BOTH_TAKE = 3 };
static const struct {
    const char *name;
    enum taker taker;
} with_argument[] = {
    { "-I", COMPILE_TAKES },
    { "-D", COMPILE_TAKES },
    { "-U", COMPILE_TAKES },
    { "-A", COMPILE_TAKES },
    { "-include", COMPILE_TAKES },
    { "-imacros", COMPILE_TAKES },
    { "-isystem", COMPILE_TAKES },
    { "-iquote", COMPILE_TAKES },
    { "-idirafter", COMPILE_TAKES },
    { "-iprefix", COMPILE_TAKES },
    { "-iwithprefix", COMPILE_TAKES },
    { "-iwithprefixbefore", COMPILE_TAKES },
    { "-imultilib", COMPILE_TAKES },
    { "-isysroot", BOTH_TAKE },
    { "-MF", COMPILE_TAKES },
    { "-MT", COMPILE_TAKES },
    { "-MQ", COMPILE_TAKES },
    { "-dumpdir", COMPILE_TAKES },
    { "-dumpbase", COMPILE_TAKES },
    { "-dumpbase-ext", COMPILE_TAKES },
    { "-Xpreprocessor", COMPILE_TAKES },
    { "-Xassembler", COMPILE_TAKES },
    { "-Xclang", COMPILE_TAKES },
    { "--param", BOTH_TAKE },
    { "-target", BOTH_TAKE },
    { "-wrapper", BOTH_TAKE },
    { "-specs", BOTH_TAKE },
    { "-B", BOTH_TAKE },
    { "-L", LINK_TAKES },
    { "-Xlinker", LINK_TAKES },
    { "-T", LINK_TAKES },
    { "-u", LINK_TAKES },
    { "-z", LINK_TAKES },
    { "-e", LINK_TAKES },
    { "-framework", LINK_TAKES },
};

/* Beginnings of options of one word that only one side gets; the first that fits decides. Those of
 * mingw-w64's gcc that say which kind of program it is mean nothing here. */
static const struct {
    const char *beginning;
    enum taker taker;
} beginnings[] = {
    { "-ansi", NOBODY_TAKES },     { "-municode", NOBODY_TAKES }, { "-mconsole", NOBODY_TAKES },
    { "-mwindows", NOBODY_TAKES }, { "-mdll", NOBODY_TAKES },     { "-mthreads", NOBODY_TAKES },
    { "-l", LINK_TAKES },          { "-L", LINK_TAKES },          { "-Wl,", LINK_TAKES },
    { "-shared", LINK_TAKES },     { "-static", LINK_TAKES },     { "-rdynamic", LINK_TAKES },
    { "-nostart", LINK_TAKES },    { "-nostdlib", LINK_TAKES },   { "-nodefault", LINK_TAKES },
    { "-fuse-ld=", LINK_TAKES },   { "-iwith", COMPILE_TAKES },   { "-I", COMPILE_TAKES },
    { "-D", COMPILE_TAKES },       { "-U", COMPILE_TAKES },       { "-M", COMPILE_TAKES },
    { "-std", COMPILE_TAKES },     { "-Wp,", COMPILE_TAKES },     { "-iquote", COMPILE_TAKES },
    { "-isystem", COMPILE_TAKES }, { "-include", COMPILE_TAKES }, { "-idirafter", COMPILE_TAKES },
};

/* Import libraries of Windows: here all of them are libvssapi. */
static const char *const windows_libraries[] = {
    "advapi32", "atls",     "bcrypt",   "clusapi",  "comsupp",  "comsuppw", "comsuppwd", "crypt32",
    "kernel32", "mpr",      "netapi32", "ntdll",    "ole32",    "oleaut32", "pathcch",   "propsys",
    "psapi",    "resutils", "rpcrt4",   "secur32",  "setupapi", "shell32",  "shlwapi",   "strsafe",
    "user32",   "uuid",     "version",  "virtdisk", "vss_uuid", "vssapi",   "wbemuuid",  "wevtapi",
    "winmm",    "ws2_32",   "wsock32",  "wtsapi32", "gdi32",    "userenv",  "ktmw32",    "mincore",
    "onecore",  "msvcrt",   "mingw32",  "mingwex",  "dbghelp",
};

bool driver_has_suffix(const char *text, const char *suffix)
{
    size_t n = strlen(text), m = strlen(suffix);
    return n > m && str_is_equal_nocase(text + n - m, suffix);
}

static bool has_suffix_of(const char *path, const char *const *suffixes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (driver_has_suffix(path, suffixes[i]))
            return true;
    return false;
}

static bool is_windows_library(const char *name)
{
    for (size_t i = 0; i < COUNT(windows_libraries); i++)
        if (str_is_equal_nocase(windows_libraries[i], name))
            return true;
    return false;
}

static void take_language(struct driver_source *s, enum driver_language standard_input)
{
    const char *name = s->forced;

    if (!name) {
        s->language = standard_input;
        return;
    }
    s->language = strstr(name, "c++")         ? LANGUAGE_CXX
                  : strstr(name, "assembler") ? LANGUAGE_ASSEMBLER
                                              : LANGUAGE_C;
    s->is_header = strstr(name, "-header") != NULL;
    s->is_preprocessed = strstr(name, "cpp-output") != NULL;
}

/* Whether a file is source, by its name or by -x. The capital .C is C++ for gcc; .CPP and other
 * spellings are Windows's. */
static bool is_source(struct driver_source *s, enum driver_language standard_input)
{
    static const char *const cxx[] = { ".cpp", ".cc", ".cxx", ".cp", ".c++", ".ii" };
    static const char *const headers[] = { ".h", ".hh", ".hpp", ".hxx", ".h++" };
    size_t n = strlen(s->path);

    if (s->forced || strcmp(s->path, "-") == 0) {
        take_language(s, standard_input);
        return true;
    }
    if (has_suffix_of(s->path, headers, COUNT(headers))) {
        s->is_header = true;
        s->language = driver_has_suffix(s->path, ".h") ? standard_input : LANGUAGE_CXX;
        return true;
    }
    s->is_preprocessed = driver_has_suffix(s->path, ".i") || driver_has_suffix(s->path, ".ii");
    s->language = LANGUAGE_CXX;
    if (has_suffix_of(s->path, cxx, COUNT(cxx)) || (n > 2 && !strcmp(s->path + n - 2, ".C")))
        return true;
    s->language = LANGUAGE_ASSEMBLER;
    if (driver_has_suffix(s->path, ".s") || driver_has_suffix(s->path, ".sx"))
        return true;
    s->language = LANGUAGE_C;
    return driver_has_suffix(s->path, ".c") || s->is_preprocessed;
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
    if (strcmp(option, "-s") == 0)
        return LINK_TAKES;
    for (size_t i = 0; i < COUNT(beginnings); i++)
        if (str_starts_with(option, beginnings[i].beginning))
            return beginnings[i].taker;
    return BOTH_TAKE;
}

/* Visual Studio has no strict dialects: what -std=c99 would hide, Windows source uses. */
static char *gnu_dialect(struct driver_arguments *a, char *option)
{
    if (!str_starts_with(option, "-std=c"))
        return option;
    char *other = str_printf("-std=gnu%s", option + 6);
    array_add(&a->owned, other);
    return other;
}

static void note_stop(struct driver_arguments *a, const char *option)
{
    static const struct {
        const char *name;
        enum driver_stop stop;
    } stops[] = {
        { "-c", STOP_COMPILED },     { "-S", STOP_ASSEMBLER },    { "-fsyntax-only", STOP_SYNTAX },
        { "-E", STOP_PREPROCESSED }, { "-M", STOP_DEPENDENCIES }, { "-MM", STOP_DEPENDENCIES },
    };

    for (size_t i = 0; i < COUNT(stops); i++)
        if (strcmp(option, stops[i].name) == 0 && a->stop < stops[i].stop)
            a->stop = stops[i].stop;
}

static void note_meaning(struct driver_arguments *a, const char *option)
{
    note_stop(a, option);
    if (strncmp(option, "-g", 2) == 0 && strcmp(option, "-g0") != 0) {
        a->has_debug = true;
        a->has_macros_in_debug |= strchr(option, '3') != NULL;
    }
    if (str_starts_with(option, "-fsanitize=")) {
        a->has_sanitizer = true;
        a->has_ubsan |= strstr(option, "undefined") != NULL;
    }
    a->is_shared |= !strcmp(option, "-shared");
    a->is_static |= !strcmp(option, "-static") || !strcmp(option, "-static-pie");
    a->is_relocatable |= !strcmp(option, "-r");
    a->is_dry |= !strcmp(option, "-###");
    a->is_verbose |= !strcmp(option, "-v") || !strcmp(option, "--verbose");
    a->has_no_libraries |= !strcmp(option, "-nostdlib") || !strcmp(option, "-nodefaultlibs");
    a->makes_dependencies |= !strcmp(option, "-MD") || !strcmp(option, "-MMD");
    a->leaves_out_system_headers |=
        !strcmp(option, "-MMD") || !strcmp(option, "-MM") || str_starts_with(option, "-Wp,-MMD,");
    a->has_dependency_target |= str_starts_with(option, "-MT") || str_starts_with(option, "-MQ");
    if (str_starts_with(option, "-Wp,-MD,") || str_starts_with(option, "-Wp,-MMD,")) {
        a->makes_dependencies = true;
        a->dependency_file = strchr(option + 4, ',') + 1;
    }
    if (str_starts_with(option, "-MF") && option[3])
        a->dependency_file = option + 3;
}

/* Whether the generic names (TCHAR, CreateFile) are to be the narrow ones: they are the wide ones
 * unless somebody says that UNICODE is not defined. The last word counts. */
static void note_unicode(struct driver_arguments *a, const char *option, const char *next)
{
    if (strcmp(option, "-municode") == 0)
        a->is_narrow = false;
    if (!str_starts_with(option, "-U"))
        return;
    const char *name = option[2] ? option + 2 : next ?: "";
    a->is_narrow |= strcmp(name, "UNICODE") == 0 || strcmp(name, "_UNICODE") == 0;
}

/* The driver's own options; true if it is one. */
static bool take_own(struct driver_arguments *a, const char *option)
{
    if (strcmp(option, "-mno-unicode") == 0)
        return a->is_narrow = true;
    if (strcmp(option, "--foreign-objects") == 0)
        return a->takes_foreign = true;
    if (strcmp(option, "-fvssemu-fine") == 0)
        return a->is_fine = true;
    if (strcmp(option, "--report") == 0)
        return a->has_report = true;
    if (!str_starts_with(option, "--report="))
        return false;
    a->report_file = option + 9;
    return a->has_report = true;
}

/* Takes the option at argv[i], with its argument if it has one; answers how many words. */
static size_t take_option(struct driver_arguments *a, size_t i, size_t argc, char **argv)
{
    char *option = argv[i], *next = i + 1 < argc ? argv[i + 1] : NULL;

    note_unicode(a, option, next);
    if (strcmp(option, "-o") == 0 && next) {
        a->output = next;
        return 2;
    }
    if (strncmp(option, "-o", 2) == 0 && option[2]) {
        a->output = option + 2;
        return 1;
    }
    if (strcmp(option, "-l") == 0 && next && is_windows_library(next))
        return 2;
    if ((strncmp(option, "-l", 2) == 0 && is_windows_library(option + 2)) || take_own(a, option))
        return 1;
    for (size_t k = 0; k < COUNT(with_argument); k++) {
        if (strcmp(option, with_argument[k].name) == 0 && next) {
            if (strcmp(option, "-MF") == 0)
                a->dependency_file = next;
            note_meaning(a, option);
            add_option(a, option, with_argument[k].taker);
            add_option(a, next, with_argument[k].taker);
            return 2;
        }
    }
    note_meaning(a, option);
    add_option(a, gnu_dialect(a, option), taker_of(option));
    return 1;
}

static void take_file(struct driver_arguments *a, char *path, const char *forced,
                      enum driver_language default_language)
{
    static const char *const ignored[] = { ".rc", ".def", ".manifest", ".res", ".rgs", ".ico" };
    struct driver_source source = { .path = path, .forced = forced };

    if (driver_has_suffix(path, ".lib"))
        return;
    if (!forced && has_suffix_of(path, ignored, COUNT(ignored))) {
        array_add(&a->ignored, path);
        return;
    }
    if (!forced && (driver_has_suffix(path, ".idl") || driver_has_suffix(path, ".mc"))) {
        array_add(&a->interfaces, path);
        return;
    }
    if (is_source(&source, default_language)) {
        source.link_index = a->link.count;
        array_add(&a->sources, source);
        if (source.is_header && a->stop == STOP_NOWHERE)
            a->stop = STOP_COMPILED;
    }
    array_add(&a->link, path);
}

void driver_arguments_parse(struct driver_arguments *a, size_t argc, char **argv,
                            enum driver_language default_language)
{
    const char *forced = NULL;
    bool has_files = false;

    *a = (struct driver_arguments){ 0 };
    for (size_t i = 0; i < argc;) {
        if (strncmp(argv[i], "-x", 2) == 0 && (argv[i][2] || i + 1 < argc)) {
            const char *language = argv[i][2] ? argv[i] + 2 : argv[i + 1];
            i += argv[i][2] ? 1 : 2;
            forced = strcmp(language, "none") == 0 ? NULL : language;
        } else if (argv[i][0] == '-' && argv[i][1]) {
            i += take_option(a, i, argc, argv);
        } else {
            take_file(a, argv[i++], forced, default_language);
            has_files = true;
        }
    }
    a->is_question = !has_files;
}

void driver_arguments_free(struct driver_arguments *a)
{
    for (size_t i = 0; i < a->owned.count; i++)
        free(a->owned.items[i]);
    array_free(&a->owned);
    array_free(&a->compile);
    array_free(&a->link);
    array_free(&a->sources);
    array_free(&a->interfaces);
    array_free(&a->ignored);
}
