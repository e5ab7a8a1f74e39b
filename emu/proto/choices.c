/* SPDX-License-Identifier: MIT */
/* How the switches of choice_rows.c are set and read. */
#include "emu/proto/choices.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"

#include <string.h>

static const char *const version_names[N_WINDOWS_VERSIONS] = { "2003", "2008r2", "2012r2", "2016",
                                                               "2022" };

void choices_init(struct choices *choices)
{
    choices_set_version(choices, WINDOWS_2022);
}

void choices_set_version(struct choices *choices, enum windows_version version)
{
    choices->version = version;
    for (size_t i = 0; i < N_CHOICES; i++)
        choices->values[i] = choice_rows[i].by_version[version];
}

static size_t find_switch(const char *name)
{
    size_t i = 0;

    while (i < N_CHOICES && !str_is_equal(choice_rows[i].name, name))
        i++;
    return i;
}

#define MAX_VALUES (sizeof(((struct choice_row *)0)->values) / sizeof(char *))

bool choices_set(struct choices *choices, const char *name, const char *value)
{
    size_t i = find_switch(name);

    for (unsigned char v = 0; i < N_CHOICES && v < MAX_VALUES && choice_rows[i].values[v]; v++) {
        if (str_is_equal_nocase(choice_rows[i].values[v], value)) {
            choices->values[i] = v;
            return true;
        }
    }
    return false;
}

bool choices_set_pair(struct choices *choices, const char *pair)
{
    const char *sign = strchr(pair, '=');
    auto_free char *name = mem_strdup(pair);

    if (!sign)
        return false;
    name[sign - pair] = 0;
    return choices_set(choices, name, sign + 1);
}

char *choice_values_text(const char *name)
{
    size_t i = find_switch(name);
    struct str text = { 0 };

    for (size_t v = 0; i < N_CHOICES && v < MAX_VALUES && choice_rows[i].values[v]; v++)
        str_addf(&text, "%s%s", v ? ", " : "", choice_rows[i].values[v]);
    return text.text;
}

bool windows_version_named(const char *name, enum windows_version *ret)
{
    for (unsigned i = 0; i < N_WINDOWS_VERSIONS; i++) {
        if (str_is_equal_nocase(version_names[i], name)) {
            *ret = (enum windows_version)i;
            return true;
        }
    }
    return false;
}

const char *windows_version_name(enum windows_version version)
{
    return version_names[version];
}

const struct choice_row *choice_row(size_t i)
{
    return i < n_choice_rows ? &choice_rows[i] : NULL;
}
