/* SPDX-License-Identifier: MIT */
#include "emu/scenario/step.h"

#include "emu/base/cleanup.h"
#include "emu/base/duration.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/com/hresult.h"
#include "emu/scenario/brief.h"

#include <ctype.h>
#include <string.h>

static const struct step_row {
    const char *name;
    size_t least, most;
    enum step_how how;
    const char *usage;
} rows[] = {
#define X(name, least, most, how, usage) { #name, least, most, STEP_##how, usage },
    STEPS(X)
#undef X
        { NULL, 0, 0, STEP_OWN, NULL },
};

/* A whole correct backup and restore, as the documentation has them (Learn: "Overview of Processing
 * a Backup Under VSS", "Overview of Processing a Restore Under VSS"). */
static const char *const begin_steps[] = {
    "CreateVssBackupComponents", "InitializeForBackup", "SetBackupState {}",
    "GatherWriterMetadata",      "AddComponent all",    NULL,
};
static const char *const snapshot_steps[] = {
    "StartSnapshotSet",   "AddToSnapshotSet all", "PrepareForBackup",
    "GatherWriterStatus", "FreeWriterStatus",     "DoSnapshotSet",
    "GatherWriterStatus", "FreeWriterStatus",     NULL,
};
static const char *const complete_steps[] = {
    "SetBackupSucceeded all true",
    "BackupComplete",
    "GatherWriterStatus",
    "FreeWriterStatus",
    "SaveAsXML",
    NULL,
};
static const char *const backup_steps[] = {
    "begin {}", "snapshot", "Copy", "complete", "Release", NULL,
};
static const char *const restore_steps[] = {
    "CreateVssBackupComponents",
    "InitializeForRestore",
    "SetRestoreState",
    "GatherWriterMetadata",
    "SetSelectedForRestore all true",
    "PreRestore",
    "GatherWriterStatus",
    "FreeWriterStatus",
    "SetFileRestoreStatus all all",
    "PostRestore",
    "GatherWriterStatus",
    "FreeWriterStatus",
    "Release",
    NULL,
};

const char *const *step_macro(enum step_method method)
{
    switch (method) {
    case STEP_begin:
        return begin_steps;
    case STEP_snapshot:
        return snapshot_steps;
    case STEP_complete:
        return complete_steps;
    case STEP_backup:
        return backup_steps;
    default:
        return restore_steps;
    }
}

const char *step_name(enum step_method method)
{
    return rows[method].name;
}

enum step_how step_how(enum step_method method)
{
    return rows[method].how;
}

static const char *get_name(const void *arg, size_t i)
{
    (void)arg;
    return rows[i].name;
}

static bool fail(char **ret_error, char *take_text)
{
    *ret_error = take_text;
    return false;
}

/* "A:" in front. */
static const char *take_session(const char *text, struct step *step)
{
    size_t n = 0;

    while (isupper((unsigned char)text[n]) || isdigit((unsigned char)text[n]))
        n++;
    if (!n || n >= sizeof(step->session) || text[n] != ':' || !isspace((unsigned char)text[n + 1]))
        return text;
    memcpy(step->session, text, n);
    step->session[n] = 0;
    return text + n + 2;
}

static bool take_expected(const char *word, struct step *step, char **ret_error)
{
    HRESULT code = hresult_from_name(word);
    char *end;

    step->has_expected = true;
    step->is_any = strcmp(word, "any") == 0;
    if (code == 2 && strncmp(word, "0x", 2) == 0) {
        code = (HRESULT)strtoul(word, &end, 16);
        if (*end || strlen(word) > 10)
            code = 2;
    }
    step->expected = code;
    if (code != 2 || step->is_any)
        return true;
    return fail(
        ret_error,
        str_printf("%s is no code: behind -> stands VSS_E_BAD_STATE, S_OK, 0x80042301 or any",
                   word));
}

/* "-> CODE" at the end leaves the words. */
static bool take_end(struct step *step, char **ret_error)
{
    struct words *w = &step->words;

    for (size_t i = 0; i < w->count; i++) {
        if (strcmp(w->items[i], "->") != 0)
            continue;
        if (i + 2 != w->count)
            return fail(ret_error, str_printf("behind -> stands one code, at the end of the line"));
        bool is_good = take_expected(w->items[i + 1], step, ret_error);

        free(w->items[i]);
        free(w->items[i + 1]);
        w->count -= 2;
        return is_good;
    }
    return true;
}

static bool take_method(struct step *step, char **ret_error)
{
    struct words *w = &step->words;
    const struct step_row *row = rows;

    if (w->count && strcmp(w->items[0], "start") == 0) {
        step->is_started = true;
        free(w->items[0]);
        array_remove(w, 0);
    }
    if (!w->count)
        return fail(ret_error, str_printf("a step is missing here"));
    while (row->name && !str_is_equal_nocase(row->name, w->items[0]))
        row++;
    if (!row->name) {
        const char *nearest = word_nearest(w->items[0], get_name, NULL);

        return fail(ret_error, nearest ? str_printf("there is no step %s; did you mean %s?",
                                                    w->items[0], nearest)
                                       : str_printf("there is no step %s; docs/world-file.md "
                                                    "lists them",
                                                    w->items[0]));
    }
    step->method = (enum step_method)(row - rows);
    return true;
}

static bool check(const struct step *step, char **ret_error)
{
    const struct step_row *row = &rows[step->method];
    size_t n = step->words.count - 1;
    int64_t time;

    if (n < row->least || n > row->most)
        return fail(ret_error, *row->usage ? str_printf("%s takes %s", row->name, row->usage)
                                           : str_printf("%s takes nothing", row->name));
    if (step->is_started && row->how != STEP_ASYNC)
        return fail(ret_error,
                    str_printf("%s is no asynchronous method: nothing to start", row->name));
    if (step->has_expected && row->how == STEP_MACRO)
        return fail(ret_error, str_printf("%s is several steps: write the one that fails by itself",
                                          row->name));
    if ((step->method == STEP_Wait || step->method == STEP_Pause) && n &&
        (!duration_parse(step->words.items[1], &time) || time < 0))
        return fail(ret_error, str_printf("%s takes a time such as 250ms, 5s or 2m, not %s",
                                          row->name, step->words.items[1]));
    return true;
}

bool step_parse(const char *text, struct step *ret_step, char **ret_error)
{
    struct step step = { 0 };

    text += strspn(text, " \t");
    if (!words_split(take_session(text, &step), &step.words))
        return fail(ret_error, str_printf("a quote is open"));
    if (!take_end(&step, ret_error) || !take_method(&step, ret_error) || !check(&step, ret_error)) {
        step_fini(&step);
        return false;
    }
    *ret_step = step;
    return true;
}

void step_fini(struct step *step)
{
    words_free(&step->words);
}

const char *step_code(HRESULT code, char buffer[STEP_CODE_SIZE])
{
    _Static_assert(STEP_CODE_SIZE == HRESULT_NAME_SIZE, "one size");
    return hresult_name(code, buffer);
}

const char *step_state(VSS_WRITER_STATE state)
{
    return writer_state_name(state) + strlen("VSS_WS_");
}

bool step_guid(const char *text, GUID *ret_guid)
{
    return guid_from_text(text, ret_guid);
}

GUID step_writer_class(const char *name)
{
    return brief_writer_id(name);
}
