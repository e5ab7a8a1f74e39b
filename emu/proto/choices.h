/* SPDX-License-Identifier: MIT */
/* Choices that the documentation leaves open: one row each, with its switch where versions of
 * Windows or documents differ. docs/deviations.md explains them. No other file decides such a thing
 * by itself: it asks choices_value(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum choice {
    CHOICE_WRITER_VETO,
    CHOICE_PREPARE_WITHOUT_COMPONENTS,
    CHOICE_PREPARE_FAILURE_ABORTS,
    N_CHOICES
};

/* The values of each choice, in the order of its row. */
enum { WRITER_VETO_STATUS_ONLY, WRITER_VETO_FAILS_SET };
enum { PREPARE_WITHOUT_COMPONENTS_NONE, PREPARE_WITHOUT_COMPONENTS_ALL };
enum { PREPARE_FAILURE_ABORTS_NO, PREPARE_FAILURE_ABORTS_YES };

enum windows_version {
    WINDOWS_2003,
    WINDOWS_2008R2,
    WINDOWS_2012R2,
    WINDOWS_2016,
    WINDOWS_2022,
    N_WINDOWS_VERSIONS
};

struct choice_row {
    const char *name;      /* of the switch: "writer_veto" */
    const char *values[4]; /* NULL behind the last */
    unsigned char by_version[N_WINDOWS_VERSIONS];
    const char *question; /* what is open */
    const char *evidence;
};

struct choices {
    enum windows_version version;
    unsigned char values[N_CHOICES];
};

void choices_init(struct choices *choices); /* as the newest version */
/* Sets all choices to what that version does. */
void choices_set_version(struct choices *choices, enum windows_version version);
/* False: no such switch, or no such value. */
bool choices_set(struct choices *choices, const char *name, const char *value);
bool windows_version_named(const char *name, enum windows_version *ret); /* "2008r2" */
const struct choice_row *choice_row(enum choice choice);

static inline unsigned choices_value(const struct choices *choices, enum choice choice)
{
    return choices->values[choice];
}
