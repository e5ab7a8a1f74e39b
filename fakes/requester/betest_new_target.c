/* SPDX-License-Identifier: MIT */
/* New targets of a restore (betest_new_target.h). */
#include "fakes/requester/betest_new_target.h"

#include "emu/base/str.h"
#include "fakes/requester/betest_files.h"

#include <string.h>
#include <strings.h>

struct move {
    char *from, *to; /* directories without a separator at the end */
};

static struct move move_of(const char *option)
{
    const char *equals = strchr(option, '=');
    auto_free char *from = str_printf("%.*s", (int)(equals - option), option);

    return (struct move){ .from = files_directory(from), .to = files_directory(equals + 1) };
}

/* Where the directory of a set goes; NULL: it stays. The caller frees. */
static char *moved(const struct move *move, const char *set_path)
{
    auto_free char *directory = files_directory(set_path);
    size_t length = strlen(move->from);

    if (strncasecmp(directory, move->from, length) != 0 ||
        (directory[length] && directory[length] != '\\'))
        return NULL;
    return str_printf("%s%s", move->to, directory + length);
}

static void add_sets(const struct move *move, const struct wmd_component *component,
                     struct filespecs *ret)
{
    for (int list = 0; list < COMPONENT_FILE_LISTS; list++) {
        const struct filespecs *sets = component_files(component, list);

        for (size_t i = 0; i < sets->count; i++) {
            const struct filespec *set = &sets->items[i];
            auto_free char *to = moved(move, set->path);

            if (to)
                filespecs_add(ret, set->path, set->filespec, set->recursive, to, 0);
        }
    }
}

void new_targets_of(const struct session *s, size_t owner, struct filespecs *ret)
{
    const struct chosen_component *chosen = &s->selection.components.items[owner];
    const struct wmd *wmd = s->selection.writers.items[chosen->writer].wmd;

    *ret = (struct filespecs){ 0 };
    if (!s->options->new_target || !(wmd->backup_schema & VSS_BS_WRITER_SUPPORTS_NEW_TARGET))
        return;
    struct move move = move_of(s->options->new_target);
    for_each_member(&s->selection, i, owner)
        add_sets(&move, s->selection.components.items[i].component, ret);
    free(move.from);
    free(move.to);
}

bool new_targets_tell(struct session *s, size_t owner)
{
    const struct chosen_component *chosen = &s->selection.components.items[owner];
    const struct wmd *wmd = s->selection.writers.items[chosen->writer].wmd;
    auto_wide WCHAR *logical_path = wide(chosen->component->logical_path);
    auto_wide WCHAR *name = wide(chosen->component->name);
    struct filespecs targets;
    bool is_ok = true;

    if (s->options->new_target && !(wmd->backup_schema & VSS_BS_WRITER_SUPPORTS_NEW_TARGET)) {
        auto_free char *full_name = chosen_full_name(chosen->component);

        report_line(s->report, "\"%s\" is restored to its own place: '%s' supports no new target",
                    full_name, wmd->name);
    }
    new_targets_of(s, owner, &targets);
    for (size_t i = 0; is_ok && i < targets.count; i++) {
        const struct filespec *set = &targets.items[i];
        auto_wide WCHAR *path = wide(set->path), *filespec = wide(set->filespec);
        auto_wide WCHAR *to = wide(set->alternate_path);

        is_ok = session_did(
            s, "AddNewTarget",
            IVssBackupComponents_AddNewTarget(s->vss, wmd->writer_id, chosen->component->type,
                                              *logical_path ? logical_path : NULL, name, path,
                                              filespec, set->recursive, to));
    }
    filespecs_free(&targets);
    return is_ok;
}
