/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/link.h"
#include "fakes/windows/driver/command.h"
#include "fakes/windows/driver/compiler.h"
#include "fakes/windows/driver/places.h"
#include "fakes/windows/driver/stubs.h"

#include "emu/base/cleanup.h"

#include <stdio.h>
#include <string.h>

/* Runs the linker once; stub is an object more, or NULL. A shared library may miss symbols; it is
 * asked to tell them without failing. */
static int run_linker(const struct driver_arguments *a, enum driver_language language,
                      const char *stub, struct str *said)
{
    const struct driver_places *places = driver_places();
    struct command c = { 0 };

    compiler_add(&c, language);
    command_add_all(&c, a->link.items, a->link.count);
    command_add(&c, "-o");
    command_add(&c, a->output ? a->output : "a.out");
    if (!a->is_relocatable) {
        command_add(&c, "-pthread");
        command_add_owned(&c, str_printf("-Wl,--version-script=%s", places->version_script));
    }
    if (stub)
        command_add(&c, stub);
    if (!a->has_no_libraries && !a->is_relocatable) {
        command_add_owned(&c, str_printf("-L%s", places->libraries));
        command_add_owned(&c, str_printf("-Wl,-rpath,%s", places->libraries));
        command_add(&c, "-lvssemu_start");
        if (a->is_fine)
            command_add(&c, "-lvssemu_fine");
        command_add(&c, "-lvssapi");
    }
    if (a->is_shared && !stub)
        command_add(&c, "-Wl,-z,defs,--warn-unresolved-symbols");
    int status = a->is_dry ? command_run(&c) : command_run_captured(&c, NULL, said);
    command_free(&c);
    return status;
}

static bool compile_stubs(const struct stubs *s, const char *folder, const char *object)
{
    auto_str struct str source = { 0 };
    auto_free char *path = str_printf("%s/stubs.c", folder);
    struct command c = { 0 };

    stubs_write_source(s, &source);
    if (!driver_write_file(path, source.text))
        return false;
    compiler_add(&c, LANGUAGE_C);
    command_add_words(&c, "-w -O1 -fPIC -fno-optimize-sibling-calls -c -o");
    command_add(&c, object);
    command_add(&c, path);
    int status = command_run(&c);
    command_free(&c);
    unlink(path);
    return status == 0;
}

/* What the linker said, without warnings about symbols that a shared library may miss. */
static void print_said(const struct driver_arguments *a, const struct str *said)
{
    for (const char *line = said->text ?: ""; *line;) {
        size_t n = strcspn(line, "\n");
        n += line[n] == '\n';
        auto_free char *text = str_printf("%.*s", (int)n, line);
        bool is_expected = a->is_shared && (strstr(text, "warning: undefined reference to") ||
                                            strstr(text, ": in function `") ||
                                            strstr(text, "more undefined references to"));
        if (!is_expected)
            fputs(text, stderr);
        line += n;
    }
}

static int write_report(const struct driver_arguments *a, const struct stubs *s)
{
    auto_str struct str report = { 0 };

    if (a->report_file) {
        stubs_write_report(s, false, &report);
        if (driver_write_file(a->report_file, report.text))
            return 0;
        driver_say("%s cannot be written", a->report_file);
        return 1;
    }
    printf("%s: %zu names of Windows are not there yet\n", a->output ?: "a.out", stubs_count(s));
    if (stubs_count(s))
        stubs_write_report(s, true, &report);
    fputs(report.text ?: "", stdout);
    return 0;
}

static void say_stubs(const struct driver_arguments *a, const struct stubs *s)
{
    auto_str struct str names = { 0 };

    if (a->has_report)
        return;
    for (size_t i = 0; i < s->missing.count; i++)
        if (s->declarations[i].kind == DECLARED_FUNCTION)
            str_addf(&names, "%s%s", names.length ? ", " : "", s->declarations[i].name);
    if (names.length)
        driver_say("not there yet, and linked as stubs that fail when they are called: %s "
                   "(--report says more)",
                   names.text);
}

int link_program(const struct driver_arguments *a, enum driver_language language,
                 const char *folder)
{
    auto_str struct str said = { 0 };
    auto_free char *stub = str_printf("%s/stubs.o", folder);
    struct stubs stubs;

    int status = run_linker(a, language, NULL, &said);
    stubs_read(&stubs, (status || a->is_shared) && said.text ? said.text : "");
    if (stubs_count(&stubs) && compile_stubs(&stubs, folder, stub)) {
        str_free(&said);
        status = run_linker(a, language, stub, &said);
        if (!status)
            say_stubs(a, &stubs);
        unlink(stub);
    }
    print_said(a, &said);
    if (!status && a->has_report)
        status = write_report(a, &stubs);
    stubs_free(&stubs);
    return status;
}
