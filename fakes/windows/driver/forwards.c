/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/forwards.h"
#include "fakes/windows/driver/command.h"
#include "fakes/windows/driver/places.h"

#include "emu/base/cleanup.h"
#include "emu/base/hash.h"
#include "emu/base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* So deep that a spelling which begins with ../ stays inside. */
#define DEPTH   "/1/2/3/4/5/6"
#define DEEPEST 6

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct survey_forward *)a)->spelling,
                  ((const struct survey_forward *)b)->spelling);
}

static unsigned n_steps_up(const char *name)
{
    unsigned n = 0;

    while ((name = strstr(name, "..")))
        n++, name += 2;
    return n;
}

static bool write_all(const struct survey *s, const char *folder)
{
    for (size_t i = 0; i < s->forwards.count; i++) {
        const struct survey_forward *f = &s->forwards.items[i];
        if (n_steps_up(f->spelling) > DEEPEST)
            continue;
        auto_free char *path = str_printf("%s/%s", folder, f->spelling);
        char *slash = strrchr(path, '/');
        *slash = 0;
        /* "Sub/../Other.h" wants the folder Sub, too; and it is there only while it is walked. */
        bool is_made = driver_make_folder(path);
        *slash = '/';
        if (!is_made || !driver_write_file(path, f->directive))
            return false;
    }
    return true;
}

char *forwards_folder(const struct survey *s)
{
    auto_str struct str all = { 0 };

    if (!s->forwards.count || !driver_cache())
        return NULL;
    qsort(s->forwards.items, s->forwards.count, sizeof(s->forwards.items[0]), compare);
    for (size_t i = 0; i < s->forwards.count; i++)
        str_addf(&all, "%s:%s", s->forwards.items[i].spelling, s->forwards.items[i].directive);
    auto_free char *top =
        str_printf("%s/headers/%016" PRIx64 DEPTH, driver_cache(), hash_text(all.text));
    /* Complete when this file is there; until then everybody writes the same. */
    auto_free char *complete = str_printf("%s.complete", top);
    if (access(complete, R_OK) == 0)
        return take_ptr(&top);
    if (driver_make_folder(top) && write_all(s, top) && driver_write_file(complete, ""))
        return take_ptr(&top);
    driver_say("%s cannot be written: header names keep their case", top);
    return NULL;
}
