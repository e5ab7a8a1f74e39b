/* SPDX-License-Identifier: MIT */
#include "emu/setup/snapshot_labels.h"

#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/port/volume.h"
#include "emu/setup/world.h"
#include "emu/svc/snapshot_set.h"

#include <ctype.h>
#include <string.h>

#define DEVICE ".device"

/* What stands in braces. */
struct reference {
    const struct snapshot_label *label;
    char letter;    /* of the volume; 0: the set is meant */
    bool is_device; /* of the snapshot, not its id */
    size_t n;       /* how much of the text belongs to it */
};

static bool reference_read(struct reference *r, const struct snapshot_label *labels,
                           size_t n_labels, const char *text)
{
    for (size_t i = 0; i < n_labels; i++) {
        size_t n = strlen(labels[i].label);

        if (text[0] != '{' || strncmp(text + 1, labels[i].label, n) != 0)
            continue;
        const char *rest = text + 1 + n;
        bool has_letter = rest[0] == '.' && isalpha((unsigned char)rest[1]);
        *r = (struct reference){ .label = &labels[i] };
        if (has_letter) {
            r->letter = (char)toupper((unsigned char)rest[1]);
            rest += 2;
            r->is_device = str_starts_with(rest, DEVICE);
            rest += r->is_device ? strlen(DEVICE) : 0;
        }
        r->n = (size_t)(rest - text) + 1;
        if (*rest == '}')
            return true;
    }
    return false;
}

/* Adds what the braces stand for; false: the set has no snapshot of this volume. */
static bool add_snapshot(struct vssemu_world *world, const struct reference *r, struct str *out)
{
    bool has_found = false;

    sched_enter(world->ports.sched);
    list_each (struct snapshot, snapshot, &world->service.snapshots, link) {
        if (!guid_is_equal(&snapshot->set_id, &r->label->set) ||
            snapshot->volume->letter != r->letter)
            continue;
        if (r->is_device)
            str_add(out, snapshot->device);
        else
            str_addf(out, "{%s}", GUID_TEXT(&snapshot->id));
        has_found = true;
        break;
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
        struct reference r;

        if (!reference_read(&r, labels, n_labels, argument)) {
            str_add_char(&out, *argument++);
            continue;
        }
        if (!r.letter) {
            str_addf(&out, "{%s}", GUID_TEXT(&r.label->set));
        } else if (!add_snapshot(world, &r, &out)) {
            *ret_error = str_printf("%.*s: the set %s has no snapshot of %c:", (int)r.n, argument,
                                    r.label->label, r.letter);
            str_free(&out);
            return NULL;
        }
        argument += r.n;
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
