/* SPDX-License-Identifier: MIT */
/* See lint_files.h. Only threads that have driven a backup are asked for what they read: a writer
 * in the same process works with its own live files, and rightly. */
#include "emu/lint/lint_files.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/lint/lint_selection.h"
#include "emu/port/sched.h"
#include "emu/port/world.h"

#include <string.h>

uint32_t lint_files_snapshot_bit(VSS_BACKUP_TYPE type)
{
    switch (type) {
    case VSS_BT_INCREMENTAL:
        return VSS_FSBT_INCREMENTAL_SNAPSHOT_REQUIRED;
    case VSS_BT_DIFFERENTIAL:
        return VSS_FSBT_DIFFERENTIAL_SNAPSHOT_REQUIRED;
    case VSS_BT_LOG:
        return VSS_FSBT_LOG_SNAPSHOT_REQUIRED;
    default:
        return VSS_FSBT_FULL_SNAPSHOT_REQUIRED;
    }
}

void lint_files_forget(struct lint_session *session)
{
    if (!list_is_linked(&session->watched))
        return;
    list_remove(&session->watched);
    atomic_fetch_sub(&session->lint->n_readable, 1);
    for (size_t i = 0; i < session->watched_metadata.count; i++)
        wmd_free(session->watched_metadata.items[i]);
    array_free(&session->watched_metadata);
    session->watched_document = NULL;
}

void lint_files_follow(struct lint_session *session, const struct lint_scene *scene)
{
    bool is_watched = scene->phase == PHASE_SNAPSHOT_DONE && scene->document &&
                      scene->document->select_components && !session->is_muted;

    lint_files_forget(session);
    if (!is_watched)
        return;
    list_append(&session->lint->watched, &session->watched);
    atomic_fetch_add(&session->lint->n_readable, 1);
    session->watched_document = scene->document;
    for (size_t i = 0; i < scene->n_metadata; i++)
        array_add(&session->watched_metadata, wmd_ref(scene->metadata[i]));
}

/* Whether the set names the file: by directory, or below it, and by pattern. */
static bool names(const struct filespec *spec, const char *path)
{
    const char *directory = spec->alternate_path ? spec->alternate_path : spec->path;
    size_t n = strlen(directory);
    const char *name = strrchr(path, '\\');

    while (n && directory[n - 1] == '\\')
        n--;
    auto_free char *begin = str_printf("%.*s", (int)n, path);
    auto_free char *wanted = str_printf("%.*s", (int)n, directory);

    if (strlen(path) <= n || path[n] != '\\' || !name || !str_is_equal_nocase(begin, wanted))
        return false;
    return (spec->recursive || name == path + n) && str_matches(name + 1, spec->filespec);
}

static bool any_names(const struct filespecs *specs, uint32_t bit, const char *path)
{
    for (size_t i = 0; i < specs->count; i++) {
        if (specs->items[i].backup_type_mask & bit && names(&specs->items[i], path))
            return true;
    }
    return false;
}

static bool must_come_from_copy(const struct lint_session *session, const char *path)
{
    uint32_t bit = lint_files_snapshot_bit(session->watched_document->backup_type);

    if (!strchr(session->letters, path[0] >= 'a' ? path[0] - 'a' + 'A' : path[0]))
        return false;
    for (size_t i = 0; i < session->watched_metadata.count; i++) {
        const struct wmd *wmd = session->watched_metadata.items[i];
        const struct bcd_writer *writer =
            bcd_find_writer(session->watched_document, &wmd->writer_id, &wmd->instance_id);

        for (size_t k = 0; writer && k < wmd->components.count; k++) {
            const struct wmd_component *known = &wmd->components.items[k];

            if ((any_names(&known->files, bit, path) ||
                 any_names(&known->database_files, bit, path) ||
                 any_names(&known->log_files, bit, path)) &&
                lint_selection_is_in(writer, known->logical_path, known->name))
                return true;
        }
    }
    return false;
}

static bool is_wrong(struct lint *lint, const char *path)
{
    bool is_wrong = false;

    sched_enter(lint->ports->sched);
    list_each (struct lint_session, session, &lint->watched, watched) {
        if (must_come_from_copy(session, path))
            is_wrong = true;
    }
    sched_leave(lint->ports->sched);
    return is_wrong;
}

void lint_files_opened(struct lint *lint, char letter, unsigned view, const char *path,
                       uint32_t access)
{
    bool for_writing = access & (FILE_WRITE_DATA | FILE_APPEND_DATA);

    if (for_writing && lint_thread.is_freezing)
        lint_thread.n_opened_for_writing++;
    if (view || for_writing || !(access & FILE_READ_DATA) || !lint_thread.is_requester ||
        lint_thread.handler || !atomic_load_explicit(&lint->n_readable, memory_order_relaxed))
        return;
    auto_free char *text = str_printf("%c:\\%s", letter, path);

    for (char *c = text; *c; c++) {
        if (*c == '/')
            *c = '\\';
    }
    if (is_wrong(lint, text))
        lint_break(lint, FINDING_LIVE_READ, LINT_REQUESTER, "CreateFile", text);
}
