/* SPDX-License-Identifier: MIT */
/* vssemu-cc and vssemu-c++: gcc and g++ (or what VSSEMU_CC and VSSEMU_CXX name, clang included) for
 * unmodified Windows source. They add the flags, the forced header and the include path to every
 * compilation, and libvssapi, the startup code and the version script to every link; all else is
 * passed on. A file is compiled in the language of its name, as Visual Studio does it, whichever
 * driver is called. For users: docs/windows-source.md. */
#include "fakes/windows/driver/arguments.h"
#include "fakes/windows/driver/command.h"
#include "fakes/windows/driver/compile.h"
#include "fakes/windows/driver/compiler.h"
#include "fakes/windows/driver/interface.h"
#include "fakes/windows/driver/link.h"
#include "fakes/windows/driver/marks.h"
#include "fakes/windows/driver/response.h"

#include "emu/base/cleanup.h"

#include <stdio.h>
#include <string.h>

const char *driver_name;

/* Compiles every source into a folder of its own that is gone afterwards, then links. */
static int build_program(struct driver_arguments *a, enum driver_language language)
{
    ARRAY(char *) objects = { 0 };
    int status = 0;

    if (a->is_static) {
        driver_say("-static: libvssapi is a shared library, as vssapi.dll is");
        return 1;
    }
    if (!marks_are_there(a))
        return 1;
    auto_free char *folder = compile_make_temporary();
    if (!folder)
        return 1;
    for (size_t i = 0; i < a->sources.count && !status; i++) {
        struct driver_source *source = &a->sources.items[i];
        char *object = str_printf("%s/%zu.o", folder, i);
        array_add(&objects, object);
        status = compile_source(a, source, object);
        a->link.items[source->link_index] = object;
        if (source->language == LANGUAGE_CXX)
            language = LANGUAGE_CXX;
    }
    if (!status)
        status = link_program(a, language, folder);
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
        driver_say("cannot specify -o with -c, -S or -E and several files");
        return 1;
    }
    for (size_t i = 0; i < a->sources.count; i++)
        status |= compile_source(a, &a->sources.items[i], a->output);
    return status;
}

/* --version, -print-file-name=..., -v alone: the compiler answers. */
static int ask_compiler(const struct word_list *words, enum driver_language language)
{
    struct command c = { 0 };

    compiler_add(&c, language);
    command_add_all(&c, words->words.items, words->words.count);
    int status = command_run(&c);
    command_free(&c);
    return status;
}

static int work(struct driver_arguments *a, const struct word_list *words,
                enum driver_language language)
{
    int status = 0;

    if (a->is_question && a->has_report) {
        driver_say("--report goes with a link, and lists what the program needs and is not there "
                   "yet: %s SOURCES -o PROGRAM --report",
                   driver_name);
        return 1;
    }
    if (a->is_question)
        return ask_compiler(words, language);
    for (size_t i = 0; i < a->ignored.count; i++)
        driver_say("%s is left out: a native program has no resources or definition file",
                   a->ignored.items[i]);
    for (size_t i = 0; i < a->interfaces.count && !status; i++)
        status = interface_make_here(a, a->interfaces.items[i]);
    if (status || (!a->sources.count && !a->link.count))
        return status;
    if (a->stop != STOP_NOWHERE)
        return compile_all(a);
    return build_program(a, language);
}

int main(int argc, char **argv)
{
    const enum driver_language language = DRIVER_IS_CXX ? LANGUAGE_CXX : LANGUAGE_C;
    struct driver_arguments a = { 0 };
    struct word_list words = { 0 };
    int status = 1;

    driver_name = DRIVER_IS_CXX ? "vssemu-c++" : "vssemu-cc";
    if (response_expand(&words, argc, argv)) {
        driver_arguments_parse(&a, words.words.count, words.words.items, language);
        status = work(&a, &words, language);
    }
    driver_arguments_free(&a);
    word_list_free(&words);
    return status;
}
