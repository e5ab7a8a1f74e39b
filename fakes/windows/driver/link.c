/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/link.h"
#include "fakes/windows/driver/command.h"
#include "fakes/windows/driver/compiler.h"
#include "fakes/windows/driver/places.h"

#include "emu/base/cleanup.h"

#include <stdio.h>
#include <string.h>

#define MARK "vssemu_link_this_program_with_vssemu_cc_or_vssemu_cxx"

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

bool link_objects_have_marks(const struct driver_arguments *a)
{
    bool all = true;

    for (size_t i = 0; i < a->link.count; i++) {
        const char *word = a->link.items[i];
        size_t n = strlen(word);
        if (word[0] == '-' || n < 3 || strcmp(word + n - 2, ".o") != 0 || object_has_mark(word))
            continue;
        driver_say("%s was not compiled by vssemu-cc or vssemu-c++: its wchar_t has 32 bits and "
                   "its\nheaders are not Windows's. Compile it with the driver.",
                   word);
        all = false;
    }
    return all;
}

int link_program(const struct driver_arguments *a, enum driver_language language)
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
    if (!a->has_no_libraries && !a->is_relocatable) {
        command_add_owned(&c, str_printf("-L%s", places->libraries));
        command_add_owned(&c, str_printf("-Wl,-rpath,%s", places->libraries));
        command_add(&c, "-lvssemu_start");
        command_add(&c, "-lvssapi");
    }
    int status = command_run(&c);
    command_free(&c);
    return status;
}
