/* SPDX-License-Identifier: MIT */
#include "emu/proto/choices.h"

#include "emu/base/str.h"

#include <string.h>

#define EVERY(value)                      \
    {                                     \
        value, value, value, value, value \
    }

/* clang-format off */
static const struct choice_row choice_rows[N_CHOICES] = {
[CHOICE_WRITER_VETO] = {
    "writer_veto", { "status-only", "fails-set" }, EVERY(WRITER_VETO_STATUS_ONLY),
    "A writer vetoes Freeze or Thaw, or misses its window: does DoSnapshotSet fail?",
    "two logs of backup programs show success; the writers' status tells" },
[CHOICE_PREPARE_WITHOUT_COMPONENTS] = {
    "prepare_without_components", { "none", "all" }, EVERY(PREPARE_WITHOUT_COMPONENTS_NONE),
    "Does PrepareForBackup reach a writer none of whose components was added?",
    "pages disagree" },
[CHOICE_PREPARE_FAILURE_ABORTS] = {
    "prepare_failure_aborts", { "no", "yes" }, EVERY(PREPARE_FAILURE_ABORTS_NO),
    "Does a veto in PrepareForSnapshot raise Abort for that writer?",
    "the page says no; one log of a SQL server shows an Abort in the same second" },
};
/* clang-format on */

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

bool choices_set(struct choices *choices, const char *name, const char *value)
{
    for (size_t i = 0; i < N_CHOICES; i++) {
        const struct choice_row *row = &choice_rows[i];

        if (!str_is_equal(row->name, name))
            continue;
        for (unsigned char v = 0; v < 4 && row->values[v]; v++) {
            if (strcmp(row->values[v], value) == 0) {
                choices->values[i] = v;
                return true;
            }
        }
    }
    return false;
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

const struct choice_row *choice_row(enum choice choice)
{
    return &choice_rows[choice];
}
