/* SPDX-License-Identifier: MIT */
#include "emu/search/plan_steps.h"

#include "emu/base/cleanup.h"
#include "emu/base/duration.h"
#include "emu/base/str.h"
#include "emu/scenario/cast.h"
#include "emu/scenario/words.h"

#include <string.h>

static const char *const contexts[] = { "BACKUP",       "FILE_SHARE_BACKUP", "NAS_ROLLBACK",
                                        "APP_ROLLBACK", "CLIENT_ACCESSIBLE", NULL };
static const char *const types[] = { "full", "incremental", "differential", "copy", "log", NULL };
static const char *const truths[] = { "true", "false", NULL };
static const char *const volumes[] = { "C:", "D:", "E:", NULL };
static const char *const pauses[] = { "1ms", "100ms", "2s", "11s", "61s", "20m", NULL };
static const char *const waits[] = { "1ms", "100ms", "2s", "61s", NULL };

/* clang-format off */
static const struct step_row {
    const char *name; /* as emu/scenario/step.h has it */
    bool takes_component;
    const char *const *values; /* NULL: it takes none */
} step_rows[] = {
    { "CreateVssBackupComponents", false, NULL },
    { "InitializeForBackup",  false, NULL },
    { "SetContext",           false, contexts },
    { "SetBackupState",       false, types },
    { "GatherWriterMetadata", false, NULL },
    { "FreeWriterMetadata",   false, NULL },
    { "AddComponent",         true,  NULL },
    { "AddComponent all",     false, NULL },
    { "StartSnapshotSet",     false, NULL },
    { "AddToSnapshotSet",     false, volumes },
    { "PrepareForBackup",     false, NULL },
    { "GatherWriterStatus",   false, NULL },
    { "FreeWriterStatus",     false, NULL },
    { "DoSnapshotSet",        false, NULL },
    { "start DoSnapshotSet",  false, NULL },
    { "Cancel",               false, NULL },
    { "Wait",                 false, NULL },
    { "Wait for a time",      false, waits }, /* written as Wait */
    { "QueryStatus",          false, NULL },
    { "Copy",                 false, NULL },
    { "SetBackupSucceeded",   true,  truths },
    { "SetBackupSucceeded all", false, truths },
    { "BackupComplete",       false, NULL },
    { "SaveAsXML",            false, NULL },
    { "AbortBackup",          false, NULL },
    { "DeleteSnapshots",      false, NULL },
    { "Query",                false, NULL },
    { "Pause",                false, pauses },
    { "Release",              false, NULL },
    { "Die",                  false, NULL },
    { "restore",              false, NULL },
};
/* clang-format on */
#define N_ROWS (sizeof(step_rows) / sizeof(step_rows[0]))

unsigned plan_step_count(void)
{
    return N_ROWS;
}

unsigned plan_step_named(const char *name)
{
    unsigned row = 0;

    while (row < N_ROWS && !str_is_equal(step_rows[row].name, name))
        row++;
    return row;
}

bool plan_step_takes_writer(unsigned row)
{
    return step_rows[row].takes_component;
}

bool plan_step_takes_component(unsigned row)
{
    return step_rows[row].takes_component;
}

static const struct catalog_writer *writer_of(const struct plan *plan, const struct plan_step *step)
{
    return step->writer < plan->n_writers ? &cast_get(plan->writers[step->writer])->writer : NULL;
}

unsigned plan_step_n_components(const struct plan *plan, const struct plan_step *step)
{
    const struct catalog_writer *writer = writer_of(plan, step);
    unsigned n = 0;

    while (writer && writer->components && writer->components[n].name)
        n++;
    return n ? n : 1;
}

unsigned plan_step_n_values(const struct plan *plan, unsigned row)
{
    unsigned n = 0;

    if (step_rows[row].values == volumes)
        return plan->n_volumes;
    while (step_rows[row].values && step_rows[row].values[n])
        n++;
    return n ? n : 1;
}

/* ---- text ---- */

static const char *word_of(const struct step_row *row)
{
    return row->values == waits ? "Wait" : row->name;
}

static void add_word(struct str *out, const char *text)
{
    auto_free char *word = word_quoted(text);

    str_add_char(out, ' ');
    str_add(out, word);
}

static void add_component(struct str *out, const struct plan *plan, const struct plan_step *step)
{
    const struct catalog_writer *writer = writer_of(plan, step);
    const struct catalog_component *component =
        writer && writer->components ? &writer->components[step->component] : NULL;
    auto_free char *path = NULL;

    if (component && component->name)
        path = *component->logical_path
                   ? str_printf("%s\\%s", component->logical_path, component->name)
                   : mem_strdup(component->name);
    add_word(out, writer ? writer->name : "nobody");
    add_word(out, path ? path : "nothing");
}

char *plan_step_text(const struct plan *plan, const struct plan_step *step)
{
    const struct step_row *row = &step_rows[step->row];
    struct str out = { 0 };

    str_add(&out, step->session ? "B: " : "");
    str_add(&out, word_of(row));
    if (row->takes_component)
        add_component(&out, plan, step);
    if (row->values)
        str_addf(&out, " %s", row->values[step->value]);
    if (!str_is_equal(row->name, "restore"))
        str_add(&out, " -> any");
    return str_take(&out);
}

static bool is_same(const struct plan *plan, const char *text, const struct plan_step *step)
{
    auto_free char *ours = plan_step_text(plan, step);

    return strcmp(ours, text) == 0;
}

/* Files are read seldom: all steps that there are, one after the other. */
static bool find_values(const struct plan *plan, const char *text, struct plan_step *step)
{
    for (unsigned v = 0; v < plan_step_n_values(plan, step->row); v++) {
        step->value = (uint8_t)v;
        if (is_same(plan, text, step))
            return true;
    }
    return false;
}

static bool find_components(const struct plan *plan, const char *text, struct plan_step *step)
{
    unsigned n_writers = plan_step_takes_writer(step->row) && plan->n_writers ? plan->n_writers : 1;

    for (unsigned w = 0; w < n_writers; w++) {
        step->writer = (uint8_t)w;
        unsigned n = plan_step_takes_component(step->row) ? plan_step_n_components(plan, step) : 1;

        for (unsigned c = 0; c < n; c++) {
            step->component = (uint8_t)c;
            if (find_values(plan, text, step))
                return true;
        }
    }
    return false;
}

bool plan_step_parse(const struct plan *plan, const char *text, struct plan_step *ret_step)
{
    for (unsigned row = 0; row < N_ROWS; row++) {
        for (unsigned session = 0; session < PLAN_MAX_SESSIONS; session++) {
            *ret_step = (struct plan_step){ .row = (uint8_t)row, .session = (uint8_t)session };
            if (find_components(plan, text, ret_step))
                return true;
        }
    }
    return false;
}
