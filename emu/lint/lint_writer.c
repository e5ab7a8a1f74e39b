/* SPDX-License-Identifier: MIT */
/* See lint_writer.h. */
#include "emu/lint/lint_writer.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"

#include <stdlib.h>
#include <string.h>

#define MANY_FILES 8 /* opened for writing in OnFreeze: our choice */

static char *component_text(const struct wmd_component *component)
{
    return str_printf("%s%s%s", component->logical_path, *component->logical_path ? "\\" : "",
                      component->name);
}

/* ---- file sets ---- */

struct file_set {
    char *directory; /* lower case, without a backslash at its end */
    const struct filespec *spec;
    const struct wmd_component *component;
};

struct file_sets {
    struct file_set *items;
    size_t count, capacity;
};

static void add_sets(struct file_sets *sets, const struct wmd_component *component,
                     const struct filespecs *specs)
{
    for (size_t i = 0; i < specs->count; i++) {
        char *directory = mem_strdup(specs->items[i].path);
        size_t n = strlen(directory);

        for (size_t k = 0; k < n; k++) {
            if (directory[k] >= 'A' && directory[k] <= 'Z')
                directory[k] = (char)(directory[k] - 'A' + 'a');
        }
        while (n && directory[n - 1] == '\\')
            directory[--n] = 0;
        array_add(sets, ((struct file_set){ directory, &specs->items[i], component }));
    }
}

static int compare_sets(const void *a, const void *b)
{
    const struct file_set *x = a, *y = b;
    int order = strcmp(x->directory, y->directory);

    return order ? order : (int)x->spec->recursive - (int)y->spec->recursive;
}

static bool is_everything(const char *pattern)
{
    return strcmp(pattern, "*") == 0 || strcmp(pattern, "*.*") == 0;
}

/* Two sets of one directory share a file for certain: one takes all, or they are the same. */
static bool share_pattern(const struct filespec *a, const struct filespec *b)
{
    return is_everything(a->filespec) || is_everything(b->filespec) ||
           str_is_equal_nocase(a->filespec, b->filespec);
}

static bool is_below(const char *directory, const char *above)
{
    size_t n = strlen(above);

    return strncmp(directory, above, n) == 0 && directory[n] == '\\';
}

/* Sets are in order, so what lies below a directory follows it: one look at the last set that goes
 * below itself and one at the neighbour find an overlap, if not every one. */
static void check_overlap(struct lint *lint, const char *who, const struct file_sets *sets)
{
    const struct file_set *deep = NULL;

    for (size_t i = 0; i < sets->count; i++) {
        const struct file_set *set = &sets->items[i];
        const struct file_set *before = i ? &sets->items[i - 1] : NULL;
        bool overlaps = (before && strcmp(before->directory, set->directory) == 0 &&
                         share_pattern(before->spec, set->spec)) ||
                        (deep && is_below(set->directory, deep->directory) &&
                         share_pattern(deep->spec, set->spec));

        if (overlaps) {
            auto_free char *object = str_printf("%s\\%s", set->spec->path, set->spec->filespec);

            lint_break(lint, FINDING_FILES_OVERLAP, who, "AddFilesToFileGroup", object);
            return;
        }
        if (set->spec->recursive && !(deep && is_below(set->directory, deep->directory)))
            deep = set;
    }
}

static bool has_set(const struct file_sets *sets, const struct filespec *mapping)
{
    for (size_t i = 0; i < sets->count; i++) {
        if (filespec_is_same(mapping, sets->items[i].spec->path, sets->items[i].spec->filespec,
                             sets->items[i].spec->recursive))
            return true;
    }
    return false;
}

/* ---- the document ---- */

static void check_method(struct lint *lint, const char *who, const struct wmd *wmd,
                         const struct file_sets *sets)
{
    if (!wmd->has_restore_method || wmd->restore_method == VSS_RME_UNDEFINED) {
        lint_break(lint, FINDING_NO_RESTORE_METHOD, who, "OnIdentify", NULL);
        return;
    }
    if (wmd->restore_method == VSS_RME_RESTORE_TO_ALTERNATE_LOCATION &&
        !wmd->alternate_mappings.count)
        lint_break(lint, FINDING_MAPPING_NEEDED, who, "SetRestoreMethod", NULL);
    for (size_t i = 0; i < wmd->alternate_mappings.count; i++) {
        const struct filespec *mapping = &wmd->alternate_mappings.items[i];
        auto_free char *object = NULL;

        if (has_set(sets, mapping))
            continue;
        object = str_printf("%s\\%s", mapping->path, mapping->filespec);
        lint_break(lint, FINDING_MAPPING_UNKNOWN, who, "AddAlternateLocationMapping", object);
    }
}

static void check_component(struct lint *lint, const char *who, const struct wmd_component *c)
{
    if (c->notify_on_backup_complete) {
        auto_free char *object = component_text(c);

        lint_break(lint, FINDING_RESERVED_FLAG, who, "AddComponent", object);
    }
    for (size_t i = 0; i < c->dependencies.count; i++) {
        if (str_starts_with(c->dependencies.items[i].name, "\\\\"))
            lint_break(lint, FINDING_DEPENDENCY_FORM, who, "AddComponentDependency",
                       c->dependencies.items[i].name);
    }
}

void lint_writer_identified(struct lint *lint, const char *who, const struct wmd *wmd)
{
    struct file_sets sets = { 0 };
    size_t n_logs = 0;

    for (size_t i = 0; i < wmd->components.count; i++) {
        const struct wmd_component *c = &wmd->components.items[i];

        add_sets(&sets, c, &c->files);
        add_sets(&sets, c, &c->database_files);
        add_sets(&sets, c, &c->log_files);
        n_logs += c->log_files.count;
        check_component(lint, who, c);
    }
    if (!wmd->components.count)
        lint_break(lint, FINDING_NO_COMPONENT, who, "OnIdentify", NULL);
    if (wmd->backup_schema & VSS_BS_LOG && !n_logs)
        lint_break(lint, FINDING_LOG_SCHEMA, who, "SetBackupSchema", NULL);
    check_method(lint, who, wmd, &sets);
    if (sets.count > 1) {
        qsort(sets.items, sets.count, sizeof(*sets.items), compare_sets);
        check_overlap(lint, who, &sets);
    }
    for (size_t i = 0; i < sets.count; i++)
        free(sets.items[i].directory);
    array_free(&sets);
}

/* ---- instances ---- */

static unsigned *count_of_instance(struct lint *lint, const GUID *class_id, const char *name)
{
    auto_free char *key = str_printf("%s\x1f%s", GUID_TEXT(class_id), name ? name : "");
    size_t i = lint->n_instances.count;

    if (text_index_add(&lint->instances, key, i))
        array_add(&lint->n_instances, 0);
    else
        text_index_find(&lint->instances, key, &i);
    return &lint->n_instances.items[i];
}

void lint_writer_subscribes(struct lint *lint, const char *who, const GUID *class_id,
                            const char *instance_name)
{
    unsigned *n = count_of_instance(lint, class_id, instance_name);

    if (++*n > 1)
        lint_break(lint, FINDING_INSTANCE_NAME, who, "Initialize", instance_name);
}

void lint_writer_unsubscribes(struct lint *lint, const GUID *class_id, const char *instance_name)
{
    --*count_of_instance(lint, class_id, instance_name);
}

/* ---- what a handler wrote into the document ---- */

static void written(struct lint *lint, const char *who, enum finding_rule rule, const char *call,
                    const struct bcd_component *component)
{
    auto_free char *object = str_printf("%s%s%s", component->logical_path,
                                        *component->logical_path ? "\\" : "", component->name);

    lint_break(lint, rule, who, call, object);
}

static void check_backup_writes(struct lint *lint, const char *who,
                                const struct lint_answer *answer)
{
    for (size_t i = 0; answer->writer && i < answer->writer->components.count; i++) {
        const struct bcd_component *c = answer->writer->components.items[i];

        if (c->backup_stamp && !(answer->writer->backup_schema & VSS_BS_TIMESTAMPED))
            written(lint, who, FINDING_WRITER_SCHEMA, "SetBackupStamp", c);
        if (c->differenced_files.count && !(answer->writer->backup_schema & VSS_BS_LAST_MODIFY))
            written(lint, who, FINDING_WRITER_SCHEMA, "AddDifferencedFilesByLastModifyTime", c);
        if (c->partial_files.count && !answer->has_partial_files)
            written(lint, who, FINDING_PARTIAL_FILE, "AddPartialFile", c);
    }
}

static void check_restore_writes(struct lint *lint, const char *who,
                                 const struct lint_answer *answer)
{
    for (size_t i = 0; answer->writer && i < answer->writer->components.count; i++) {
        const struct bcd_component *c = answer->writer->components.items[i];

        if (c->directed_targets.count && c->restore_target != VSS_RT_DIRECTED)
            written(lint, who, FINDING_DIRECTED_TARGET, "AddDirectedTarget", c);
    }
}

/* ---- handlers ---- */

static const char *handler_name(enum writer_event event)
{
    static const char *const names[N_WRITER_EVENTS] = {
        [ON_IDENTIFY] = "OnIdentify",
        [ON_PREPARE_BACKUP] = "OnPrepareBackup",
        [ON_PREPARE_SNAPSHOT] = "OnPrepareSnapshot",
        [ON_FREEZE] = "OnFreeze",
        [ON_THAW] = "OnThaw",
        [ON_POST_SNAPSHOT] = "OnPostSnapshot",
        [ON_ABORT] = "OnAbort",
        [ON_BACKUP_COMPLETE] = "OnBackupComplete",
        [ON_BACKUP_SHUTDOWN] = "OnBackupShutdown",
        [ON_PRE_RESTORE] = "OnPreRestore",
        [ON_POST_RESTORE] = "OnPostRestore",
    };

    return event < N_WRITER_EVENTS ? names[event] : "";
}

void lint_writer_answered(struct lint *lint, const char *who, const struct lint_answer *answer)
{
    enum writer_event event = answer->event;

    if (!answer->agreed && answer->failure == S_OK && event != ON_IDENTIFY)
        lint_break(lint, FINDING_VETO_WITHOUT_FAILURE, who, handler_name(event), NULL);
    if (event == ON_FREEZE && answer->took_ns > (int64_t)answer->freeze_timeout_ms * 500000)
        lint_break(lint, FINDING_FREEZE_LONG, who, handler_name(event), NULL);
    if (answer->refused && answer->agreed && answer->failure == S_OK)
        lint_break(lint, event == ON_IDENTIFY ? FINDING_IDENTIFY_REFUSAL : FINDING_SETTER_REFUSAL,
                   who, answer->refused, handler_name(event));
    if (event == ON_PREPARE_BACKUP || event == ON_POST_SNAPSHOT)
        check_backup_writes(lint, who, answer);
    if (event == ON_PRE_RESTORE)
        check_restore_writes(lint, who, answer);
}

void lint_handler_begins(enum writer_event event)
{
    lint_thread.handler = handler_name(event);
    lint_thread.is_freezing = event == ON_FREEZE;
    lint_thread.n_opened_for_writing = 0;
}

void lint_handler_returned(struct lint *lint, const char *who)
{
    if (lint_thread.n_opened_for_writing > MANY_FILES)
        lint_break(lint, FINDING_FREEZE_WRITES, who, lint_thread.handler, NULL);
    lint_thread.handler = NULL;
    lint_thread.is_freezing = false;
    lint_thread.n_opened_for_writing = 0;
}

void lint_writer_asks(struct lint *lint, const char *who, enum writer_event event,
                      const char *method)
{
    lint_break(lint, FINDING_VALUE_UNPREDICTABLE, who, method,
               event < N_WRITER_EVENTS ? handler_name(event) : "outside every handler");
}
