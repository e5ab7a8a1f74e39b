/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/compiler.h"
#include "fakes/windows/driver/places.h"

#include <stdlib.h>
#include <string.h>

bool compiler_add(struct command *c, enum driver_language language)
{
    const char *chosen = getenv(language == LANGUAGE_CXX ? "VSSEMU_CXX" : "VSSEMU_CC");

    if (!chosen || !*chosen)
        chosen = language == LANGUAGE_CXX ? "g++" : "gcc";
    command_add_words(c, chosen);
    return strstr(chosen, "clang") != NULL;
}

void compiler_add_dialect(struct command *c, enum driver_language language, bool is_clang)
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
        if (!is_clang) {
            command_add(c, "-fpermissive");
            /* g++ reads structures among the arguments of a call after it has made all of them, so
             * that f(Guid(a), Guid(b)) passes b twice where Guid answers a reference to a static;
             * this makes it copy each in its turn, as the standard says. */
            command_add(c, "-fno-elide-constructors");
            /* A static of an inline function or template would be one in all of the process, and
             * the loader never unload the DLL that brought it. */
            command_add(c, "-fno-gnu-unique");
            /* An object among `...` arguments is passed by its address here, by its bytes there:
             * a CString prints garbage, and g++ alone would say nothing. */
            command_add(c, "-Wconditionally-supported");
            command_add(c, "-Wno-error=conditionally-supported");
        }
    }
    /* clang++ would take Wine's inline functions for its own Microsoft builtins. */
    if (!is_clang || language == LANGUAGE_C)
        command_add(c, "-fms-extensions");
    if (is_clang)
        command_add(c, "-Wno-microsoft");
}

void compiler_add_forced(struct command *c, const char *precompiled)
{
    /* Found through -isystem, so that it is a system header: no warnings, no place in -MMD. */
    command_add(c, "-include");
    command_add(c, precompiled ?: "vssemu/forced.h");
}

void compiler_add_environment(struct command *c, const struct driver_arguments *a, bool is_clang,
                              const char *forwards)
{
    const struct driver_places *places = driver_places();
    const char *const folders[] = {
        places->headers,
        places->public_headers,
        places->vss_headers,
        places->wine_headers,
    };

    /* The checked versions of printf and friends are glibc's own. */
    command_add(c, "-U_FORTIFY_SOURCE");
    if (a->is_narrow)
        command_add(c, "-DVSSEMU_NARROW");
    if (a->has_ubsan) {
        command_add(c, "-fno-sanitize=vptr");
        if (is_clang)
            command_add(c, "-fno-sanitize=function");
    }
    if (a->is_fine) /* each access to memory becomes a call, of driver/fine.c */
        command_add_words(c, is_clang ? "-fsanitize=thread -mllvm "
                                        "-tsan-instrument-func-entry-exit=0"
                                      : "-fsanitize=thread "
                                        "--param=tsan-instrument-func-entry-exit=0");
    if (is_clang && a->has_debug)
        command_add(c, "-gdwarf-4");
    if (forwards) {
        command_add(c, "-I");
        command_add(c, forwards);
    }
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        command_add(c, "-isystem");
        command_add(c, folders[i]);
    }
}
