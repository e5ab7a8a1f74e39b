/* SPDX-License-Identifier: MIT */
#include "emu/setup/snapshot_labels.h"

#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/port/volume.h"
#include "emu/setup/world.h"
#include "emu/svc/snapshot_set.h"

#include <ctype.h>
#include <string.h>

/* The label that stands behind an opening brace, and how much of the text belongs to it. */
static const struct snapshot_label *label_at(const struct snapshot_label *labels, size_t n_labels,
                                             const char *text, char *ret_letter, size_t *ret_n)
{
    for (size_t i = 0; i < n_labels; i++) {
        size_t n = strlen(labels[i].label);

        if (text[0] != '{' || strncmp(text + 1, labels[i].label, n) != 0)
            continue;
        bool has_letter = text[n + 1] == '.' && isalpha((unsigned char)text[n + 2]);
        *ret_letter = has_letter ? (char)toupper((unsigned char)text[n + 2]) : 0;
        *ret_n = n + 2 + (has_letter ? 2 : 0);
        if (text[*ret_n - 1] == '}')
            return &labels[i];
    }
    return NULL;
}

static bool find_snapshot(struct vssemu_world *world, const VSS_ID *set, char letter, VSS_ID *ret)
{
    bool has_found = false;

    sched_enter(world->ports.sched);
    list_each (struct snapshot, snapshot, &world->service.snapshots, link) {
        if (guid_is_equal(&snapshot->set_id, set) && snapshot->volume->letter == letter) {
            *ret = snapshot->id;
            has_found = true;
        }
    }
    sched_leave(world->ports.sched);
    return has_found;
}

/* The argument with what it means; NULL: *ret_error. */
static char *fill(struct vssemu_world *world, const struct snapshot_label *labels, size_t n_labels,
                  const char *argument, char **ret_error)
{
    struct str out = { 0 };

    while (*argument) {
        char letter;
        size_t n;
        const struct snapshot_label *label = label_at(labels, n_labels, argument, &letter, &n);

        if (!label) {
            str_add_char(&out, *argument++);
            continue;
        }
        VSS_ID id = label->set;
        if (letter && !find_snapshot(world, &label->set, letter, &id)) {
            *ret_error = str_printf("%.*s: the set %s has no snapshot of %c:", (int)n, argument,
                                    label->label, letter);
            str_free(&out);
            return NULL;
        }
        str_addf(&out, "{%s}", GUID_TEXT(&id));
        argument += n;
    }
    return str_take(&out);
}

bool snapshot_labels_fill(struct vssemu_world *world, const struct snapshot_label *labels,
                          size_t n_labels, char **argv, char **ret_error)
{
    for (size_t i = 1; n_labels && argv[0] && argv[i]; i++) {
        if (!strchr(argv[i], '{'))
            continue;
        char *filled = fill(world, labels, n_labels, argv[i], ret_error);

        if (!filled)
            return false;
        if (strcmp(filled, argv[i]) == 0)
            free(filled);
        else
            argv[i] = filled;
    }
    return true;
}
